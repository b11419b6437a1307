package bench

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
	"slices"
	"strings"
	"time"
)

// stopTimeout is how long a server may take to end after an interrupt, before it is killed.
const stopTimeout = 12 * time.Second

// Program is a command that is run as a process.
type Program struct {
	Path        string
	Arguments   []string
	Environment []string // all of it, as NAME=value
}

// Run runs the program to its end and returns what it printed on standard output. The error has its standard error.
func (p Program) Run(ctx context.Context) (string, error) {
	command := exec.CommandContext(ctx, p.Path, p.Arguments...) //nolint:gosec // the caller names the program
	var output, failure bytes.Buffer
	command.Env, command.Stdout, command.Stderr = p.Environment, &output, &failure
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(p.Path), strings.Join(p.Arguments, " "), err, bytes.TrimSpace(failure.Bytes()))
	}
	return output.String(), nil
}

// EndsWithInput is the environment variable that Start sets for a server. A server that has it ends when its standard input
// does: when the process that started it has ended, also by being killed.
const EndsWithInput = "BURSAR_ENDS_WITH_INPUT"

// Process is a running server.
type Process struct {
	URL     string
	PID     int
	command *exec.Cmd
	ended   chan struct{} // closed when the process is gone and its log is read
	err     error         // how it ended; valid after ended is closed
}

// Start starts a server and waits until it logs its URL: a JSON line on standard error with the field "url". When the server
// or ctx ends before that, Start fails with the last line that it logged, and no process is left.
func Start(ctx context.Context, program Program) (*Process, error) {
	command := exec.CommandContext(context.WithoutCancel(ctx), program.Path, program.Arguments...) //nolint:gosec // the caller names the program
	command.Env = append(slices.Clone(program.Environment), EndsWithInput+"=yes")
	// nothing is written to it; its other end, which this process alone holds, is closed by Wait
	if _, err := command.StdinPipe(); err != nil {
		return nil, err
	}
	log, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	p := &Process{PID: command.Process.Pid, command: command, ended: make(chan struct{})}
	urls := make(chan string, 1)
	go p.follow(log, urls)
	select {
	case p.URL = <-urls:
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("the server ended before it served: %w", p.err)
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), p.Stop())
	}
}

// follow reads the log until the process ends.
func (p *Process) follow(log io.Reader, urls chan<- string) {
	defer close(p.ended)
	last, said := "", false
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		last = lines.Text()
		var line struct{ URL string }
		if !said && json.Unmarshal(lines.Bytes(), &line) == nil && line.URL != "" {
			said = true
			urls <- line.URL
		}
	}
	_, drained := io.Copy(io.Discard, log) // after a line that is too long for the scanner, so that the server does not block
	if err := p.command.Wait(); err != nil {
		p.err = fmt.Errorf("%w: %s", err, last)
	}
	p.err = errors.Join(p.err, lines.Err(), drained)
}

// Stop interrupts the server, and kills it after stopTimeout. It fails when the server exited with an error, also when it did
// so before the call. Further calls return the same.
func (p *Process) Stop() error {
	if err := p.command.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the server: %w", err)
	}
	timer := time.NewTimer(stopTimeout)
	defer timer.Stop()
	select {
	case <-p.ended:
	case <-timer.C:
		killed := p.command.Process.Kill()
		<-p.ended
		return errors.Join(fmt.Errorf("the server did not end within %s and was killed", stopTimeout), killed)
	}
	if p.err != nil {
		return fmt.Errorf("the server ended badly: %w", p.err)
	}
	return nil
}
