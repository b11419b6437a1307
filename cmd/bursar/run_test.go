package main

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// timeout is how long a test waits for what must happen. It is long because the machine may be busy.
const timeout = 2 * time.Minute

// run is one run of the program inside the test's process.
type run struct {
	t              *testing.T
	stop           context.CancelFunc // what a signal does
	stdout, stderr *output
	code           chan int
}

// variables are a run's environment: it sees no other.
type variables map[string]string

func (v variables) lookup(name string) (string, bool) {
	value, set := v[name]
	return value, set
}

// start starts the program. One that the test did not end is stopped with it.
func start(t *testing.T, environment variables, arguments ...string) *run {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{t: t, stop: cancel, stdout: newOutput(), stderr: newOutput(), code: make(chan int, 1)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.code <- Run(ctx, arguments, environment.lookup, r.stdout, r.stderr)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
		if t.Failed() {
			t.Logf("bursar %s\nstdout:\n%s\nstderr:\n%s", strings.Join(arguments, " "), r.stdout, r.stderr)
		}
	})
	return r
}

// finish waits for the end of the run and returns the exit code.
func (r *run) finish() int {
	r.t.Helper()
	select {
	case code := <-r.code:
		r.code <- code // so that it can be asked for again
		return code
	case <-time.After(timeout):
		r.t.Fatal("the program does not end")
		return -1
	}
}

// await returns the first submatch of a pattern as soon as it is printed on either output.
func (r *run) await(pattern string) string {
	r.t.Helper()
	compiled, deadline := regexp.MustCompile(pattern), time.After(timeout)
	for {
		printed, erred := r.stdout.next(), r.stderr.next()
		for _, output := range []*output{r.stdout, r.stderr} {
			if match := compiled.FindStringSubmatch(output.String()); match != nil {
				return match[len(match)-1]
			}
		}
		select {
		case <-printed:
		case <-erred:
		case code := <-r.code:
			r.code <- code
			r.t.Fatalf("the program ended with %d before it printed %s", code, pattern)
		case <-deadline:
			r.t.Fatalf("the program does not print %s", pattern)
		}
	}
}

// output keeps what is written and tells who waits for more.
type output struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{} // closed with the next write
}

func newOutput() *output { return &output{changed: make(chan struct{})} }

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
	return o.text.Write(text)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (o *output) next() <-chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.changed
}
