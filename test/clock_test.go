package test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// clockVariable names the environment variable with the seconds by which the wall clock of a program of shifted is wrong.
const clockVariable = "BURSAR_TEST_CLOCK"

// A server whose clock is wrong decides like any other, for the database's clock decides: three servers, one of them an hour
// ahead and one an hour behind, admit together exactly what fits, see every change at once, expire keys and reservations at
// the same instant, and book usage in the same window. They are the program itself, except for the clock that its Go code reads.
func TestWrongClockDecidesNothing(t *testing.T) {
	if !atLength() {
		t.Skip("builds the program and the standard library with another clock: set BURSAR_TEST_FAULTS")
	}
	awayFromMidnight(t)
	program := shifted(t)
	url := postgres.NewURL(t)
	f, pool := newFleet(t, url, 3), postgres.Pool(t, url)
	for i, seconds := range []int{3600, -3600} {
		f.servers[i].kill()
		p := start(t, program, append(serverEnvironment(url), fmt.Sprint(clockVariable, "=", seconds)), "serve")
		f.servers[i] = p
		logged, listening := p.awaitServing()
		f.urls[i].Store(&listening)
		if off := time.Until(logged) - time.Duration(seconds)*time.Second; off.Abs() > time.Minute {
			t.Fatalf("server %d logs %v: its clock is not %d s off", i, logged, seconds)
		}
	}
	n, others := newTenant(f, "clocks"), newTenant(f, "changes")
	n.widen()
	watched := n.run("gateway", 6)
	f.attempts.watch()
	for i := range f.servers {
		others.changes(i, fmt.Sprint("key ", i)) // an expiry among them
		others.holdsAsLongAsAsked(pool, i)
		secret, key := n.key(nil)
		newRound(n, fmt.Sprint("round-", i), key, secret, tightRate("REQUESTS")).run(9, 0, nil)
	}
	watched.stop()
	n.audit(pool)
	verify(t, []string{"DATABASE_URL=" + url})
	saw := f.attempts.since(time.Now())
	if saw.unavailable+saw.broken > 0 {
		t.Errorf("gateways saw %+v of a wrong clock", saw)
	}
	t.Logf("| the clocks of two of three servers are 1 h ahead and 1 h behind | %s | no difference |", saw)
}

// holdsAsLongAsAsked wants a reservation to expire its time after the database's instant, whichever server made it.
func (n *tenant) holdsAsLongAsAsked(pool *pgxpool.Pool, server int) {
	n.t.Helper()
	request := fmt.Sprint("clock-", server)
	n.once(server, n.gateway, "ReserveUsage", object{"key": n.wide, "requestId": request, "ttlSeconds": 2})
	var held time.Duration
	if err := pool.QueryRow(n.t.Context(), `select expires_at - admitted_at from reservations where request_id = $1
		and admitted_at between clock_timestamp() - interval '1 minute' and clock_timestamp()`, request).Scan(&held); err != nil || held != 2*time.Second {
		n.t.Errorf("server %d holds for %v, want 2 s from now: %v", server, held, err)
	}
}

// awaitServing returns the time of the log line with which a server begins to serve, and its URL.
func (p *process) awaitServing() (logged time.Time, url string) {
	p.t.Helper()
	var line struct {
		Time time.Time
		URL  string
	}
	if err := json.Unmarshal([]byte(p.await(`(.*"url":"http://[^"]+".*)`)), &line); err != nil {
		p.t.Fatal(err)
	}
	return line.Time, line.URL
}

// shifted builds the program with a standard library whose wall clock is wrong by the seconds in clockVariable. The monotonic
// clock is right. Neither libfaketime nor a time namespace can do that: Go reads the clock without libc, and a namespace does not
// change the wall clock.
func shifted(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	source := filepath.Join(runtime.GOROOT(), "src", "time", "time.go") //nolint:staticcheck // the sources of the Go that runs the tests
	text, err := os.ReadFile(source)
	if err != nil {
		t.Skipf("needs the sources of Go: %v", err)
	}
	const reading = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	if strings.Count(string(text), reading) != 1 {
		t.Fatalf("%s does not read the clock where it did", source)
	}
	replaced := filepath.Join(folder, "time.go")
	write := func(path, content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(replaced, strings.Replace(string(text), reading, reading+"\tsec += shift\n", 1))
	write(filepath.Join(folder, "shift.go"), `package time

import "syscall"

var shift = func() (seconds int64) {
	text, _ := syscall.Getenv("`+clockVariable+`")
	number, _ := atoi(text)
	return int64(number)
}()
`)
	overlay, err := json.Marshal(object{"Replace": object{
		source: replaced, filepath.Join(filepath.Dir(source), "shift.go"): filepath.Join(folder, "shift.go")}})
	if err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(folder, "overlay.json"), string(overlay))
	program := filepath.Join(folder, "bursar")
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(folder, "overlay.json"), "-o", program, "bursar/cmd/bursar")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return program
}
