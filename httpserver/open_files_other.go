//go:build !unix

package main

// openFiles returns how many files this process may have open: as many as there is memory for.
func openFiles() int { return 1 << 30 }
