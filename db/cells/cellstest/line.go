package cellstest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// Line is what is between a server and a database: it can be cut.
type Line struct {
	listener net.Listener
	network  string
	address  string // of the database

	mutex  sync.Mutex
	cut    bool
	silent chan struct{} // is closed when nothing is passed on any more
	ends   map[net.Conn]bool
}

func newLine(t testing.TB, to pgconn.Config) *Line {
	t.Helper()
	l := &Line{silent: make(chan struct{}), ends: map[net.Conn]bool{}}
	l.network, l.address = pgconn.NetworkAddress(to.Host, to.Port)
	var err error
	if l.listener, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	go l.serve()
	return l
}

// through returns a database's URL with the line's address in place of the database's.
func (l *Line) through(databaseURL string) string {
	parsed, err := url.Parse(databaseURL)
	if err != nil || parsed.Scheme == "" { // key=value form: what comes later wins
		_, port, _ := net.SplitHostPort(l.listener.Addr().String())
		return fmt.Sprintf("%s host=127.0.0.1 port=%s", databaseURL, port)
	}
	parsed.Host = l.listener.Addr().String()
	return parsed.String()
}

func (l *Line) serve() {
	for {
		client, err := l.listener.Accept()
		if err != nil {
			return
		}
		database, err := (&net.Dialer{}).DialContext(context.Background(), l.network, l.address) // Cut closes it
		if err != nil || !l.add(client, database) {
			_ = client.Close()
			continue
		}
		go l.pass(client, database)
		go l.pass(database, client)
	}
}

// add notes both ends of a connection. It reports false, and closes the database's, when the line is cut.
func (l *Line) add(client, database net.Conn) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.cut {
		_ = database.Close()
		return false
	}
	l.ends[client], l.ends[database] = true, true
	return true
}

// pass passes on what one end says to the other, until the line is cut or silent.
func (l *Line) pass(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		select {
		case <-l.silent:
			continueReading(from)
			return
		default:
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	_, _ = from.Close(), to.Close()
}

// continueReading takes what is sent, without an answer, until the connection is closed.
func continueReading(from net.Conn) { _, _ = io.Copy(io.Discard, from) }

// Cut closes all connections, and refuses new ones, as when the database is stopped.
func (l *Line) Cut() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.cut {
		return
	}
	l.cut = true
	_ = l.listener.Close()
	for end := range l.ends {
		_ = end.Close()
	}
}

// Silence passes nothing on any more and closes nothing, as when the database hangs.
func (l *Line) Silence() { close(l.silent) }
