package pg

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

const (
	logLimit  = 10 << 20 // bytes; a longer log is set aside at the next start, replacing the one set aside before
	tailLimit = 4 << 10  // bytes of a log that an error shows
)

// logFile is the server's log, open for the server to append to.
type logFile struct {
	file   *os.File
	offset int64 // what earlier runs wrote, in bytes
}

// openLog opens the log. The file goes to the server directly, not through this program, so that the server never
// waits for it and its last lines are kept when it is killed.
func openLog(path string) (logFile, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		if err := os.Rename(path, path+".1"); err != nil {
			return logFile{}, fmt.Errorf("set the long log aside: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return logFile{}, fmt.Errorf("open the server's log: %w", err)
	}
	info, err := file.Stat()
	if err != nil {
		return logFile{}, errors.Join(fmt.Errorf("look at the server's log: %w", err), file.Close())
	}
	return logFile{file: file, offset: info.Size()}, nil
}

// readTail returns the end of what the log says from the offset on. A log that was never written is empty.
func readTail(path string, offset int64) (string, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the server's log: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", fmt.Errorf("read the server's log: %w", err)
	}
	content, err := io.ReadAll(io.NewSectionReader(file, max(offset, info.Size()-tailLimit), tailLimit))
	if err != nil {
		return "", fmt.Errorf("read the server's log: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
}
