package httpserver

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
)

// connections bounds the number of open connections, so that idle ones do not take the file descriptors that the database
// and new clients need. Beyond the bound, the connection is closed that has waited longest for a complete request header:
// idle ones and those that send a header slowly alike.
type connections struct {
	most int

	mutex   sync.Mutex
	all     map[net.Conn]*connection
	waiting *list.List // of *connection without a request, the longest waiting first
}

type connection struct {
	conn    net.Conn
	waiting *list.Element // nil while a request is answered
}

type connectionKey struct{}

func newConnections(most int) *connections {
	return &connections{most: most, all: map[net.Conn]*connection{}, waiting: list.New()}
}

// watch registers for the state changes of a server's connections. The server's Handler must be set before.
func (c *connections) watch(s *http.Server) {
	next := s.Handler
	s.ConnState = c.note
	s.ConnContext = func(ctx context.Context, conn net.Conn) context.Context { // called once, before any ConnState
		return context.WithValue(ctx, connectionKey{}, c.open(conn))
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
		c.closeOldest()
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
	case http.StateNew, http.StateActive: // active since a request's first byte; the handler is called after its header's last one
	}
}

// closeOldest closes the connection that has waited longest. When none waits, all are at work and the bound is exceeded
// until one of them ends.
func (c *connections) closeOldest() {
	oldest := c.waiting.Front()
	if oldest == nil {
		return
	}
	known, _ := oldest.Value.(*connection)
	c.forget(known)
	conn := known.conn
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn() // closing the TLS connection would write an alert, and wait for a client that does not read
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
