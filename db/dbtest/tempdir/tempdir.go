// Package tempdir puts the temporary files of a test binary, its PostgreSQL's among them, into memory where there is room: a
// database of a test is some hundred files, and on a disk to make and delete them takes longer than most tests.
package tempdir

import "os"

// room is how many bytes must be free. Two packages at a time have been seen to take 0.5 GB.
const room = 2 << 30

// variable names the folder for temporary files, of this process and of those that it starts.
const variable = "TMPDIR"

// InMemory makes a file system in memory the folder for temporary files and reports whether they are in one. Where the
// variable TMPDIR is set already, whoever set it has decided; without enough memory they stay where they are.
func InMemory() bool {
	if chosen := os.Getenv(variable); chosen != "" {
		return isMemory(chosen)
	}
	return isMemory(folder) && hasRoom(folder) && os.Setenv(variable, folder) == nil
}
