package pg

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// program is another program, run from the test binary.
type program struct {
	child  *exec.Cmd
	input  io.Closer // closing it asks a holding program to stop
	lines  *bufio.Scanner
	errors *strings.Builder // valid after wait
}

// startProgram starts the test binary in a role, with further environment. It is killed when the test ends. Under -short it skips
// the test.
func startProgram(t *testing.T, role string, environment ...string) *program {
	t.Helper()
	executable, err := os.Executable()
	must(t, err)
	if !slices.ContainsFunc(environment, func(v string) bool { return strings.HasPrefix(v, binVariable) }) { // whose initdb the test is about
		environment = append(environment, templateVariable+"="+template)
	}
	return startExecutable(t, exec.Command(executable), role, environment...)
}

func startExecutable(t *testing.T, child *exec.Cmd, role string, environment ...string) *program {
	t.Helper()
	long(t)
	child.Env = append(append(os.Environ(), roleVariable+"="+role), environment...)
	p := &program{child: child, errors: &strings.Builder{}}
	child.Stderr = p.errors
	input, err := child.StdinPipe()
	must(t, err)
	output, err := child.StdoutPipe()
	must(t, err)
	p.input, p.lines = input, bufio.NewScanner(output)
	must(t, child.Start())
	t.Cleanup(func() {
		if child.ProcessState == nil {
			p.kill(t)
		}
	})
	return p
}

// line waits for the line by which the program says that it has begun.
func (p *program) line(t *testing.T) []byte {
	t.Helper()
	if !p.lines.Scan() {
		t.Fatalf("the program ended: %v\n%s", p.child.Wait(), p.errors)
	}
	return p.lines.Bytes()
}

// held waits until the program's server is up.
func (p *program) held(t *testing.T) held {
	t.Helper()
	var said held
	must(t, json.Unmarshal(p.line(t), &said))
	return said
}

// kill kills the program with no chance to tidy up, and waits until it is dead.
func (p *program) kill(t *testing.T) {
	t.Helper()
	must(t, p.child.Process.Kill())
	if err := p.child.Wait(); err == nil {
		t.Error("the program ended in order and was to be killed")
	}
}

// stop asks the program to end in order and waits until it has.
func (p *program) stop(t *testing.T) {
	t.Helper()
	must(t, p.input.Close())
	if err := p.child.Wait(); err != nil {
		t.Fatalf("the program failed: %v\n%s", err, p.errors)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
