package pg

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const lockName = "bursar.lock"

// InUseError says that another Start, of this program or of another, holds the data folder.
type InUseError struct {
	Folder  string
	PID     int       // of the program that holds the folder; 0 if it had not said yet
	Since   time.Time // when it took the folder
	Command string    // its name and subcommand, without arguments, which may be secret
}

// Error names the holder.
func (e *InUseError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("the data folder %s is in use by another program that is just starting", e.Folder)
	}
	return fmt.Sprintf("the data folder %s is in use by process %d (%s) since %s; stop that first or name another folder",
		e.Folder, e.PID, e.Command, e.Since.Format(time.RFC3339))
}

// lock is a held lock on a folder. The kernel releases it when this program ends, however it ends; the file stays.
// It is not inherited by the server.
type lock struct{ file *os.File }

// holder is what the lock file says to those who come second.
type holder struct {
	PID     int       `json:"pid"`
	Since   time.Time `json:"since"`
	Command string    `json:"command"`
}

// acquireLock locks the folder or fails at once with an *InUseError.
func acquireLock(folder string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(folder, lockName), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	held := &lock{file: file}
	if err := flock(file); errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(inUse(folder, file), file.Close())
	} else if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", file.Name(), err), file.Close())
	}
	if err := held.describe(); err != nil {
		return nil, errors.Join(fmt.Errorf("write %s: %w", file.Name(), err), file.Close())
	}
	return held, nil
}

// release gives the folder up. It unlocks before it closes: a child that this program is starting at the moment has a copy of
// the descriptor until it runs its own program, and closing alone would leave the folder locked until then.
func (l *lock) release() error {
	if err := errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close()); err != nil {
		return fmt.Errorf("unlock the data folder: %w", err)
	}
	return nil
}

// describe writes who holds the lock.
func (l *lock) describe() error {
	content, err := json.Marshal(holder{PID: os.Getpid(), Since: time.Now().UTC().Truncate(time.Second), Command: commandName()})
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err = l.file.WriteAt(append(content, '\n'), 0)
	return err
}

// inUse reads who holds the lock. Its file is empty for the moment between locking and describing.
func inUse(folder string, file *os.File) error {
	held := &InUseError{Folder: folder}
	content, err := io.ReadAll(file)
	if err != nil {
		return errors.Join(held, err)
	}
	var said holder
	if json.Unmarshal(content, &said) == nil {
		held.PID, held.Since, held.Command = said.PID, said.Since, said.Command
	}
	return held
}

// flock takes the exclusive lock without waiting.
func flock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// commandName returns the program's name and, if there is one, its subcommand.
func commandName() string {
	name := filepath.Base(os.Args[0])
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-") {
		name += " " + os.Args[1]
	}
	return name
}
