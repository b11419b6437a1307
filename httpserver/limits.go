package httpserver

import "time"

// Limits bound what clients may take of a Server. The API has shorter ones for each operation.
type Limits struct {
	ReadHeader  time.Duration // for a request's header to arrive; also for the TLS handshake
	Read        time.Duration // for a request with its body to arrive
	Write       time.Duration // for the client to take the answer, from the end of the request's header on
	Idle        time.Duration // between two requests on a connection
	HeaderBytes int           // of a request's header
	Connections int           // open at the same time, on all listeners together
}

// spareFiles is the number of open files that are left for the database, logs and pages.
const spareFiles = 256

// defaultConnections is the bound on open connections, unless one is given.
const defaultConnections = 16_384

// DefaultLimits returns the limits of a server with the given bound on open connections; 0 means 16,384. The bound is lower
// where the process may not open as many files.
func DefaultLimits(connections int) Limits {
	if connections == 0 {
		connections = defaultConnections
	}
	return Limits{
		ReadHeader: 5 * time.Second, Read: 30 * time.Second, Write: 60 * time.Second, Idle: 120 * time.Second,
		HeaderBytes: 16 << 10, Connections: min(connections, max(spareFiles, maxOpenFiles()-spareFiles)),
	}
}
