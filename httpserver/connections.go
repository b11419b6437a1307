package main

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
)

// connections bounds how many connections a server has open, so that none of the open files that the database and new
// callers need is held by connections on which nothing happens. Beyond the bound, the one is closed that has waited longest
// without a request that has arrived in full: idle ones and those that send their headers slowly alike.
type connections struct {
	most int

	mutex   sync.Mutex
	all     map[net.Conn]*connection
	waiting *list.List // of connections without a request, those that have waited longest first
}

type connection struct {
	conn    net.Conn
	waiting *list.Element // nil while requests are answered
}

type connectionKey struct{}

func newConnections(most int) *connections {
	return &connections{most: most, all: map[net.Conn]*connection{}, waiting: list.New()}
}

// watch has the server tell what becomes of its connections. The handler must be set.
func (c *connections) watch(s *http.Server) {
	next := s.Handler
	s.ConnState = c.note
	s.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, c.open(conn)) // is called first of all
	}
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if known, _ := r.Context().Value(connectionKey{}).(*connection); known != nil {
			c.stopWaiting(known)
		}
		next.ServeHTTP(w, r)
	})
}

func (c *connections) open(conn net.Conn) *connection {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	known := &connection{conn: conn}
	known.waiting = c.waiting.PushBack(known)
	c.all[conn] = known
	if len(c.all) > c.most {
		c.drop()
	}
	return known
}

func (c *connections) note(conn net.Conn, state http.ConnState) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	known := c.all[conn]
	switch state {
	case http.StateIdle:
		if known != nil && known.waiting == nil {
			known.waiting = c.waiting.PushBack(known)
		}
	case http.StateClosed, http.StateHijacked:
		if known != nil {
			c.forget(known)
		}
	case http.StateNew, http.StateActive: // the first byte of a request says little; the last one of its header has the handler called
	}
}

// drop closes the connection that has waited longest. When none waits all are at work, and the bound is passed for the moment.
func (c *connections) drop() {
	oldest := c.waiting.Front()
	if oldest == nil {
		return
	}
	doomed, _ := oldest.Value.(*connection)
	c.forget(doomed)
	conn := doomed.conn
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn() // TLS would say good-bye first, to somebody who perhaps does not read
	}
	_ = conn.Close() // it may be closed already
}

func (c *connections) forget(known *connection) {
	delete(c.all, known.conn)
	if known.waiting != nil {
		c.waiting.Remove(known.waiting)
		known.waiting = nil
	}
}

func (c *connections) stopWaiting(known *connection) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if known.waiting != nil {
		c.waiting.Remove(known.waiting)
		known.waiting = nil
	}
}
