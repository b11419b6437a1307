package pg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// command is one of PostgreSQL's programs with how to run it.
type command struct {
	path      string
	arguments []string
	account   account
	route     route     // where its folder is, already part of the arguments
	input     string    // standard input
	output    io.Writer // standard output and error; nil discards them
}

// process is a child that has been started and does not outlive this program.
type process struct {
	pid    int
	child  *exec.Cmd
	exited chan struct{} // closed when the process has ended and been reaped
	err    error         // how it ended; valid once exited is closed
}

// start starts the command. A program that was just unpacked may be open for writing for a moment more, in a child
// that another goroutine is about to start: the kernel then refuses to run it.
func (c command) start() (*process, error) {
	const tries, pause = 10, 20 * time.Millisecond
	for try := 1; ; try++ {
		p, err := c.startOnce()
		if err == nil {
			return p, nil
		}
		if try == tries || !errors.Is(err, syscall.ETXTBSY) {
			return nil, explainStart(c, err)
		}
		<-time.After(pause)
	}
}

// startOnce starts the command in its own process group, so that a Ctrl-C in the terminal reaches this program
// alone, which then stops the server in order.
func (c command) startOnce() (*process, error) {
	child := exec.Command(c.path, c.arguments...)
	child.Dir = "/" // this program's own may be closed to the account
	child.Env = environment()
	child.Stdin = strings.NewReader(c.input)
	if c.input == "" {
		child.Stdin = nil
	}
	child.Stdout, child.Stderr = c.output, c.output
	child.ExtraFiles = c.route.inherited()
	child.SysProcAttr = systemAttributes(c.account.credential())
	child.WaitDelay = 2 * time.Second // for grandchildren that keep the output open
	p := &process{child: child, exited: make(chan struct{})}
	started := make(chan error, 1)
	go p.run(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// run starts the child and waits for it on one operating system thread. Linux ends the child when the thread that
// started it ends, so that thread must live as long as the child.
func (p *process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := p.child.Start(); err != nil {
		started <- err
		return
	}
	p.pid = p.child.Process.Pid
	release, err := tieToProgram(p.pid)
	if err != nil {
		started <- errors.Join(err, p.child.Process.Kill(), p.child.Wait())
		return
	}
	started <- nil
	p.err = errors.Join(p.child.Wait(), release())
	close(p.exited)
}

// outcome says how the process ended.
func (p *process) outcome() string {
	if p.err != nil {
		return p.err.Error()
	}
	return "exit status 0"
}

// explainStart says what an error of the kernel means here.
func explainStart(c command, err error) error {
	name := filepath.Base(c.path)
	if c.account.switched && (errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL)) {
		return fmt.Errorf("run %s as %s, as PostgreSQL refuses to run as root: %w; run as an ordinary user", name, c.account.name, err)
	}
	return fmt.Errorf("run %s: %w", name, err)
}

// run runs the command to its end and returns what it printed. When the context ends it is killed with the programs
// it runs.
func (c command) run(ctx context.Context) (string, error) {
	var output strings.Builder
	c.output = &output
	p, err := c.start()
	if err != nil {
		return "", err
	}
	select {
	case <-p.exited:
	case <-ctx.Done():
		killed := syscall.Kill(-p.pid, syscall.SIGKILL)
		if errors.Is(killed, syscall.ESRCH) {
			killed = nil
		}
		<-p.exited
		return "", errors.Join(context.Cause(ctx), killed)
	}
	if p.err != nil {
		return output.String(), fmt.Errorf("%s: %w; it said:\n%s", filepath.Base(c.path), p.err, strings.TrimSpace(output.String()))
	}
	return output.String(), nil
}

// environment is what PostgreSQL's programs see: where to find libraries and locales, and neither the PG variables,
// which would change what they do, nor the secrets of this program.
func environment() []string {
	variables := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{
		"PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "LOCALE_ARCHIVE", "TZDIR",
	} {
		if value, set := os.LookupEnv(name); set {
			variables = append(variables, name+"="+value)
		}
	}
	return variables
}
