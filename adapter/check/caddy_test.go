package check_test

import (
	"context"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// behindCaddy starts Caddy in front of a provider, or skips the test where there is none.
func behindCaddy(t *testing.T, provider http.HandlerFunc) *proxied {
	t.Helper()
	binary := programOf(t, "caddy", "caddy")
	return behind(t, "caddy", "1", provider, func(folder, site string) *exec.Cmd {
		file := filepath.Join(folder, "Caddyfile")
		write(t, file, "{\n  admin off\n  auto_https off\n  log {\n    output file "+filepath.Join(folder, "log")+"\n  }\n}\n"+site)
		command := exec.CommandContext(context.WithoutCancel(t.Context()), binary, "run", "--config", file, "--adapter", "caddyfile")
		command.Env = []string{"HOME=" + folder, "XDG_DATA_HOME=" + folder, "XDG_CONFIG_HOME=" + folder}
		return command
	})
}

// Behind Caddy a call passes with a reservation, whatever its caller says that it is, and a denial is told as the caller's SDK understands it.
func TestCaddy(t *testing.T) {
	t.Parallel()
	told := make(chan string, 10)
	p := behindCaddy(t, func(w http.ResponseWriter, r *http.Request) {
		told <- r.Header.Get("X-Bursar-Reservation")
		_, _ = io.WriteString(w, "answer")
	})
	spoofed := []string{"X-Bursar-Reservation: res_x", "X-Forwarded-Method: GET", "X-Forwarded-Uri: /v1/models", "X-Bursar-Held-Cost: 0"}
	for range 2 {
		if got := p.ask(spoofed...).must(200); got.body != "answer" {
			t.Fatal(got.body)
		}
		if reservation := <-told; !strings.HasPrefix(reservation, "res_") || reservation == "res_x" {
			t.Fatalf("the provider was told the reservation %q", reservation)
		}
	}
	stands(p.API, "0", "0.9")
	denied := p.ask().must(412, "Content-Type: application/json", "X-Should-Retry: false")
	if failed, _ := denied.object["error"].(object); failed["type"] != "BUDGET_EXHAUSTED" {
		t.Fatal(denied.body)
	}
	p.ask("Authorization: Bearer nobody").must(401)
	if arrived := p.arrived.Load(); arrived != 2 {
		t.Fatalf("%d requests arrived", arrived)
	}
}

// While Bursar is gone or slow, nothing reaches the provider.
func TestCaddyWithoutBursar(t *testing.T) {
	t.Parallel()
	p := behindCaddy(t, func(http.ResponseWriter, *http.Request) {})
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for status, other := range map[int]relay{
		http.StatusGatewayTimeout: func(http.ResponseWriter, *http.Request) { <-hang },
		http.StatusBadGateway:     func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		http.StatusTeapot:         func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) },
	} {
		p.between.Store(&other)
		p.ask().must(status)
	}
	if arrived := p.arrived.Load(); arrived != 0 {
		t.Fatalf("%d requests arrived", arrived)
	}
}
