package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"bursar/auth"
	"bursar/db/dbtest"
)

// process is the program in a process of its own.
type process struct {
	*exec.Cmd
	output *output
	ended  chan error
}

// startProcess starts the program as a process whose environment is no more than what is given and PATH.
func startProcess(t *testing.T, environment []string, arguments ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], arguments...), output: newOutput(), ended: make(chan error, 1)}
	p.Env = slices.Concat(environment, []string{asProgram + "=yes", "PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "GORACE=" + os.Getenv("GORACE")})
	p.Stdout, p.Stderr = p.output, p.output
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.ended <- p.Wait() }()
	t.Cleanup(func() {
		_ = p.Process.Kill() // has ended already unless the test failed
		if t.Failed() {
			t.Logf("bursar %s\n%s", strings.Join(arguments, " "), p.output)
		}
	})
	return p
}

// await waits until the process prints a pattern.
func (p *process) await(t *testing.T, pattern string) {
	t.Helper()
	compiled, deadline := regexp.MustCompile(pattern), time.After(timeout)
	for {
		next := p.output.next()
		if compiled.MatchString(p.output.String()) {
			return
		}
		select {
		case <-next:
		case err := <-p.ended:
			t.Fatalf("the process ended before it printed %s: %v", pattern, err)
		case <-deadline:
			t.Fatalf("the process does not print %s", pattern)
		}
	}
}

// wantEnd sends a signal and checks that the process ends in time with an exit code.
func (p *process) wantEnd(t *testing.T, signal os.Signal, code int, limit time.Duration) {
	t.Helper()
	began := time.Now()
	if err := p.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-p.ended:
		t.Logf("after %s: %v", signal, err)
	case <-time.After(timeout):
		t.Fatalf("the process does not end on %s", signal)
	}
	if took := time.Since(began); p.ProcessState.ExitCode() != code || took > limit {
		t.Errorf("after %s: exit code %d after %s, want %d within %s", signal, p.ProcessState.ExitCode(), took, code, limit)
	}
}

// Guarantee: SIGTERM and SIGINT end each server within ten seconds, with 0, and PostgreSQL with dev.
func TestSignals(t *testing.T) {
	t.Parallel()
	const limit = 10 * time.Second
	url := "DATABASE_URL=" + database.NewURL(t)

	t.Run("serve", func(t *testing.T) {
		t.Parallel()
		p := startProcess(t, []string{url, "BURSAR_ADDR=127.0.0.1:0", "BURSAR_ALLOW_SUPERUSER=true"}, "serve")
		p.await(t, `"msg":"serving"`)
		p.wantEnd(t, syscall.SIGTERM, exitDone, limit)
	})
	t.Run("work", func(t *testing.T) {
		t.Parallel()
		p := startProcess(t, []string{url, "RESEND_API_KEY=re_test", "RESEND_BASE_URL=http://127.0.0.1:1"}, "work")
		p.await(t, `"msg":"working"`)
		p.wantEnd(t, os.Interrupt, exitDone, limit)
	})
	t.Run("dev", func(t *testing.T) {
		t.Parallel()
		dataDir := t.TempDir()
		p := startProcess(t, nil, "dev", "--addr", "127.0.0.1:0", "--data-dir", dataDir)
		p.await(t, `(?m)^ready at `)
		p.wantEnd(t, syscall.SIGTERM, exitDone, limit)
		for _, name := range []string{"postgres.url", filepath.Join("postgres", "cluster", "postmaster.pid")} {
			if _, err := os.Stat(filepath.Join(dataDir, name)); err == nil {
				t.Errorf("%s is still there", name)
			}
		}
	})
	t.Run("dev that is starting", func(t *testing.T) {
		t.Parallel()
		p := startProcess(t, nil, "dev", "--addr", "127.0.0.1:0", "--data-dir", t.TempDir())
		p.await(t, `PostgreSQL started`)
		p.wantEnd(t, syscall.SIGTERM, exitDone, limit)
	})
}

// Guarantee: a second signal ends the program at once, with 1, whatever it is waiting for.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	pool := database.New(t)
	hold, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hold.Rollback(t.Context()) }()
	if _, err := hold.Exec(t.Context(), "lock table access_tokens"); err != nil {
		t.Fatal(err)
	}
	p := startProcess(t, []string{"DATABASE_URL=" + pool.Config().ConnString(), "BURSAR_ADDR=127.0.0.1:0", "BURSAR_ALLOW_SUPERUSER=true"}, "serve")
	p.await(t, `"msg":"serving"`)
	url := regexp.MustCompile(`"url":"([^"]+)"`).FindStringSubmatch(p.output.String())[1]
	go func() {
		// Waits for the lock until the server is gone, which is its answer.
		r, err := http.NewRequest(http.MethodPost, url+"/graphql", strings.NewReader(`{"query":"{ viewer { role } }"}`))
		if err != nil {
			t.Error(err)
			return
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+auth.NewSecret(auth.AccessTokenPrefix).Text)
		response, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
	}()
	dbtest.AwaitLocked(t, pool, 1, "")
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.await(t, "draining")
	p.wantEnd(t, syscall.SIGTERM, exitFailed, 2*time.Second)
}

// awaitURL waits until a server says where it serves.
func (p *process) awaitURL(t *testing.T) string {
	t.Helper()
	const pattern = `"url":"([^"]+)"`
	p.await(t, pattern)
	return regexp.MustCompile(pattern).FindStringSubmatch(p.output.String())[1]
}
