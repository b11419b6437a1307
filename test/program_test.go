package test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"bursar/db/dbtest"
)

// waitTimeout is how long a test waits for what must happen. It is long because the machine may be busy.
const waitTimeout = 2 * time.Minute

const rootToken = "root-token-of-the-tests-8Jq2vX7mRw4tZk9cLd6ybN3hFs5gPu1e"

var (
	postgres *dbtest.Server
	binary   string // the program, built once
)

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "bursar-program-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(folder, "bursar")
	build := exec.Command("go", "run", "-exec=cp", "bursar/cmd/bursar", binary) // go build links anew each time; go run keeps what it has linked
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, output)
		os.Exit(1)
	}
	code := dbtest.Run(m, func(s *dbtest.Server) { postgres = s })
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// process is a running program.
type process struct {
	t       *testing.T
	command *exec.Cmd
	lines   chan string // what it prints, the first 10,000 lines that nobody took
	ended   chan struct{}
}

// run starts the program. One that still runs when the test ends is killed.
func run(t *testing.T, environment []string, arguments ...string) *process {
	t.Helper()
	return start(t, binary, environment, arguments...)
}

// start is run for a build of the program.
func start(t *testing.T, binary string, environment []string, arguments ...string) *process {
	t.Helper()
	p := &process{t: t, lines: make(chan string, 10_000), ended: make(chan struct{})}
	p.command = exec.CommandContext(context.WithoutCancel(t.Context()), binary, arguments...)
	p.command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "BURSAR_POSTGRES_BIN=" + os.Getenv("BURSAR_POSTGRES_BIN")}, environment...)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.command.Stdout, p.command.Stderr = writer, writer
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Close() // the program has its own
	go func() {
		for scanner := bufio.NewScanner(reader); scanner.Scan(); {
			line := scanner.Text()
			unknown := strings.Contains(line, `"INTERNAL"`) && !strings.Contains(line, "SQLSTATE UB004") // which release 1 does not know
			if unknown || strings.Contains(line, "panic") {
				t.Errorf("the program did not know an error: %s", line)
			}
			select {
			case p.lines <- line:
			default: // whoever logs a line for each failed request must not wait for a test that does not read
			}
		}
		close(p.lines)
		_ = p.command.Wait() // ProcessState says how it ended
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill() // it may have ended
		<-p.ended
	})
	return p
}

// serve starts a server of a build and returns its URL. The environment is set beside the usual one.
func serve(t *testing.T, binary, databaseURL string, environment ...string) (*process, string) {
	t.Helper()
	p := start(t, binary, append(serverEnvironment(databaseURL), environment...), "serve")
	return p, p.await(`"url":"(http://[^"]+)"`)
}

func serverEnvironment(databaseURL string) []string {
	return []string{"DATABASE_URL=" + databaseURL, "BURSAR_ALLOW_SUPERUSER=true", "BURSAR_ADDR=127.0.0.1:0", "BURSAR_ROOT_TOKEN=" + rootToken}
}

// await returns the first submatch of a pattern as soon as it is printed.
func (p *process) await(pattern string) string {
	p.t.Helper()
	compiled, deadline, printed := regexp.MustCompile(pattern), time.After(waitTimeout), ""
	for {
		select {
		case line, more := <-p.lines:
			if !more {
				p.t.Fatalf("the program ended before it printed %s:\n%s", pattern, printed)
			}
			if match := compiled.FindStringSubmatch(line); match != nil {
				return match[len(match)-1]
			}
			printed += line + "\n"
		case <-deadline:
			p.t.Fatalf("the program does not print %s:\n%s", pattern, printed)
		}
	}
}

// finish waits for the program's end and returns its exit code and what it printed since the last await.
func (p *process) finish() (int, string) {
	p.t.Helper()
	deadline, printed := time.After(2*waitTimeout), ""
	for {
		select {
		case line, more := <-p.lines:
			if more {
				printed += line + "\n"
				continue
			}
			<-p.ended
			return p.command.ProcessState.ExitCode(), printed
		case <-deadline:
			p.t.Fatalf("the program does not end:\n%s", printed)
		}
	}
}

// kill is kill -9: the program has no chance to do anything.
func (p *process) kill() {
	p.t.Helper()
	if err := p.command.Process.Signal(syscall.SIGKILL); err != nil {
		p.t.Fatal(err)
	}
	p.finish()
}

// terminate tells the program to end, which it does once it has answered what it was asked.
func (p *process) terminate() {
	p.t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
}

// verify runs `bursar verify`, which must find no difference, and returns what it printed.
func verify(t *testing.T, environment []string, arguments ...string) string {
	t.Helper()
	code, printed := run(t, environment, append([]string{"verify"}, arguments...)...).finish()
	if code != 0 {
		t.Fatalf("verify exits with %d:\n%s", code, printed)
	}
	return printed
}
