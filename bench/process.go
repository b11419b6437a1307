package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"
)

// stopLimit is how long a server may take to end once it is asked to.
const stopLimit = 12 * time.Second

// Program says how a server is started that logs JSON lines to its standard error, one of which has its "url".
type Program struct {
	Path        string
	Arguments   []string
	Environment []string // all of it, as NAME=value
}

// EndsWithInput is the environment variable that Start sets for a server. One that sees it ends when its standard input
// does: when whoever started it has ended, were it by being killed.
const EndsWithInput = "BURSAR_ENDS_WITH_INPUT"

// Process is a running server.
type Process struct {
	URL     string
	PID     int
	command *exec.Cmd
	ended   chan struct{} // closed when the process is gone and its log is read
	err     error         // how it ended; read it after ended
}

// Start starts a server and waits until it says its URL. When it ends before that, or ctx does, Start fails with the last
// line that it logged, and nothing is left running.
func Start(ctx context.Context, program Program) (*Process, error) {
	command := exec.CommandContext(context.WithoutCancel(ctx), program.Path, program.Arguments...) //nolint:gosec // it is this program
	command.Env = append(slices.Clone(program.Environment), EndsWithInput+"=yes")
	// nothing is ever written to it, and nobody but this process has its other end, which Wait closes
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
	_, drained := io.Copy(io.Discard, log) // after a line that is too long to read, so that it never waits for us
	if err := p.command.Wait(); err != nil {
		p.err = fmt.Errorf("%w: %s", err, last)
	}
	p.err = errors.Join(p.err, lines.Err(), drained)
}

// Stop asks the server to end, and kills it when it does not. It fails when the server did not end well, also when that
// was before. Further calls return the same.
func (p *Process) Stop() error {
	if err := p.command.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the server: %w", err)
	}
	timer := time.NewTimer(stopLimit)
	defer timer.Stop()
	select {
	case <-p.ended:
	case <-timer.C:
		killed := p.command.Process.Kill()
		<-p.ended
		return errors.Join(fmt.Errorf("the server did not end within %s and was killed", stopLimit), killed)
	}
	if p.err != nil {
		return fmt.Errorf("the server ended badly: %w", p.err)
	}
	return nil
}
