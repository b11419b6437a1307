package pg

import (
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A port that another program takes between being found free and being used costs another try, not the start.
func TestPortTakenInBetween(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	starter := newStarter()
	asked := 0
	starter.freePort = func() (int, error) {
		if asked++; asked == 1 {
			return taken.Addr().(*net.TCPAddr).Port, nil
		}
		return freePort()
	}
	server, err := starter.start(t.Context(), Config{Temporary: true})
	must(t, err)
	defer func() { must(t, server.Stop()) }()
	if asked != 2 {
		t.Errorf("asked for %d ports", asked)
	}
	query(t, server.URL(), "SELECT 'alive'")
}

// A machine on which no port can be used makes the start fail, not try forever.
func TestPortAlwaysTaken(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	starter := newStarter()
	starter.freePort = func() (int, error) { return taken.Addr().(*net.TCPAddr).Port, nil }
	_, err = starter.start(t.Context(), Config{Temporary: true})
	wantError(t, err, "could not bind")
}

// A server with a given port has the same port after it was killed and started again.
func TestPortStays(t *testing.T) {
	t.Parallel()
	port, err := freePort()
	must(t, err)
	config := Config{DataDir: t.TempDir(), Port: port}
	killed := startServer(t, config)
	must(t, killed.process.child.Process.Kill())
	<-killed.Done()
	must(t, killed.Stop())
	if again := startServer(t, config); again.URL() != killed.URL() || !strings.Contains(again.URL(), strconv.Itoa(port)) {
		t.Errorf("the server moved from %s to %s", killed.URL(), again.URL())
	}
}

// The server's processes see neither this program's secrets nor variables that would change what they do.
func TestEnvironmentIsBare(t *testing.T) {
	t.Parallel()
	for _, variable := range environment() {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "PG") || strings.HasPrefix(name, "BURSAR") || name == "HOME" {
			t.Errorf("%s is passed on", name)
		}
	}
	if path, set := os.LookupEnv("PATH"); set && !slices.Contains(environment(), "PATH="+path) {
		t.Error("PATH is not passed on")
	}
}
