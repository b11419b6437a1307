package pg

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// newPassword chooses a password of at least 128 random bits, in letters and digits: it needs no escaping anywhere.
func newPassword() string { return rand.Text() }

// readPassword returns the kept password, or "" if there is none.
func readPassword(path string) (string, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the server's password: %w", err)
	}
	return strings.TrimSpace(string(content)), nil
}

// keepPassword writes the file with the password, durably and as a whole, for this program's account alone.
func keepPassword(path, password string) error {
	file, err := os.CreateTemp(filepath.Dir(path), initializingPrefix+"password-") // mode 0600
	if err != nil {
		return fmt.Errorf("keep the server's password: %w", err)
	}
	_, err = file.WriteString(password + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("keep the server's password: %w", err)
	}
	return nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
