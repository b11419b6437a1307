//go:build !unix

package httpserver

// maxOpenFiles returns how many files this process may open: no limit is known on this system.
func maxOpenFiles() int { return 1 << 30 }
