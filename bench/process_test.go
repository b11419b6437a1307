package bench

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"strings"
	"testing"

	"bursar/db/dbtest"
)

func interrupts() <-chan os.Signal {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	return interrupted
}

func serverOfKind(kind string) Program {
	return Program{Path: os.Args[0], Environment: []string{asServer + "=" + kind}}
}

// Guarantee: a server is started when its URL is known, and gone when Stop returns.
func TestServerStartsAndStops(t *testing.T) {
	t.Parallel()
	p, err := Start(t.Context(), serverOfKind("good"))
	if err != nil {
		t.Fatal(err)
	}
	if p.URL != "http://127.0.0.1:1" {
		t.Errorf("URL %q", p.URL)
	}
	for range 2 {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}
	if p.command.ProcessState == nil {
		t.Error("the process is still there")
	}
}

// Guarantee: a server that cannot start, or ends badly, says why with the last line that it logged.
func TestServerFailureIsTold(t *testing.T) {
	t.Parallel()
	if _, err := Start(t.Context(), serverOfKind("broken")); err == nil || !strings.Contains(err.Error(), "no such database") {
		t.Errorf("a server that does not start: %v", err)
	}
	p, err := Start(t.Context(), serverOfKind("bad end"))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err == nil || !strings.Contains(err.Error(), "could not drain") {
		t.Errorf("a server that ends badly: %v", err)
	}
}

// Guarantee: the end of the context ends a start, and leaves no server.
func TestStartIsInterrupted(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "waits as long as a start may take")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, serverOfKind("slow")); !errors.Is(err, context.Canceled) {
		t.Errorf("want the end of the context, got %v", err)
	}
}
