package main

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// gate stands between the program and PostgreSQL, so that a test can take the database away and give it back.
type gate struct {
	listener net.Listener
	target   string

	mu     sync.Mutex
	open   bool
	conns  map[net.Conn]bool
	served sync.WaitGroup
}

// newGate returns a closed gate and the URL of the database behind it.
func newGate(t *testing.T, databaseURL string) (*gate, string) {
	t.Helper()
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: listener, target: parsed.Host, conns: map[net.Conn]bool{}}
	g.served.Go(g.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		g.set(false)
		g.served.Wait()
	})
	parsed.Host = listener.Addr().String()
	return g, parsed.String()
}

// set opens or closes the gate; closing breaks the connections that go through it.
func (g *gate) set(open bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = open
	if !open {
		for conn := range g.conns {
			_ = conn.Close()
		}
		clear(g.conns)
	}
}

func (g *gate) accept() {
	for {
		client, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.served.Go(func() { g.serve(client) })
	}
}

func (g *gate) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", g.target)
	if err != nil {
		return
	}
	defer server.Close()
	g.mu.Lock()
	if !g.open {
		g.mu.Unlock()
		return
	}
	g.conns[client], g.conns[server] = true, true
	g.mu.Unlock()
	g.served.Go(func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	})
	_, _ = io.Copy(client, server)
}
