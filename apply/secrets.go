package apply

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// Secret is what a sink gets of a new API key: a line of JSON.
type Secret struct {
	Organization string `json:"organization"`
	Workspace    string `json:"workspace,omitempty"`
	ExternalID   string `json:"externalId,omitempty"`
	Name         string `json:"name"`
	ID           string `json:"id"`
	Prefix       string `json:"prefix"`
	Secret       string `json:"secret"`
}

// Sink is where secrets go.
type Sink interface {
	// Open says whether secrets can be delivered, before any is made.
	Open() error
	// Deliver delivers a secret. It is lost for the caller when it returns without an error.
	Deliver(context.Context, Secret) error
	// Has says whether the secret with this prefix of an API key was delivered; false also where nobody knows.
	Has(id, prefix string) bool
}

// File appends secrets to a file that its owner alone may read. A line is on the disk when Deliver returns.
type File struct {
	Path string

	mutex sync.Mutex
	file  *os.File
	lines map[[2]string]bool // by id and prefix
}

// Open opens the file, which is made if there is none. One that others may read is refused.
func (f *File) Open() error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.file != nil {
		return nil
	}
	file, err := os.OpenFile(filepath.Clean(f.Path), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("the file of secrets: %w", err)
	}
	if err := f.take(file); err != nil {
		return errors.Join(fmt.Errorf("the file of secrets %s: %w", f.Path, err), file.Close())
	}
	f.file = file
	return nil
}

// take looks at what is in the file, and ends a line that was cut off.
func (f *File) take(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("its mode is %s, want a file that its owner alone may read: chmod 600", info.Mode())
	}
	f.lines = map[[2]string]bool{}
	content, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	for scanner := bufio.NewScanner(bytes.NewReader(content)); scanner.Scan(); {
		var line Secret
		if json.Unmarshal(scanner.Bytes(), &line) == nil && line.Secret != "" { // another line is one that was cut off, or somebody's note
			f.lines[[2]string{line.ID, line.Prefix}] = true
		}
	}
	if len(content) > 0 && content[len(content)-1] != '\n' {
		_, err = file.WriteString("\n")
	}
	return err
}

// Deliver appends a line.
func (f *File) Deliver(_ context.Context, secret Secret) error {
	line, err := json.Marshal(secret)
	if err != nil {
		return err
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.file == nil {
		return errors.New("the file of secrets is not open")
	}
	if _, err := f.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("the file of secrets: %w", err)
	}
	if err := f.file.Sync(); err != nil {
		return fmt.Errorf("the file of secrets: %w", err)
	}
	f.lines[[2]string{secret.ID, secret.Prefix}] = true
	return nil
}

// Has says whether there is a line of the secret.
func (f *File) Has(id, prefix string) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return f.lines[[2]string{id, prefix}]
}

// Close closes the file.
func (f *File) Close() error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.file == nil {
		return nil
	}
	return f.file.Close()
}

// Command runs a command of the shell for each secret, one at a time, with the line on its standard input. What it prints is dropped, for it may repeat the secret.
type Command struct {
	Line    string
	Timeout time.Duration // of each run; 0: a minute

	mutex sync.Mutex
}

// Open says that it can be run; whether it works is seen with the first secret.
func (*Command) Open() error { return nil }

// Has knows nothing: a secret is delivered again.
func (*Command) Has(string, string) bool { return false }

// Deliver runs the command, which must end with exit code 0.
func (c *Command) Deliver(ctx context.Context, secret Secret) error {
	line, err := json.Marshal(secret)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	timeout := c.Timeout
	if timeout == 0 {
		timeout = time.Minute
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	command := exec.CommandContext(ctx, "/bin/sh", "-c", c.Line) // #nosec G204 -- whoever runs bursar apply gives it, on the command line
	command.Stdin, command.WaitDelay = bytes.NewReader(append(line, '\n')), time.Second
	if err := command.Run(); err != nil {
		return fmt.Errorf("the command for secrets did not take that of the API key %s: %w", secret.ID, err)
	}
	return nil
}
