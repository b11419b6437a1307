package delivery

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// testTimeout is how long a test waits for something that will happen unless it fails.
const testTimeout = 2 * time.Minute

// fixture is a tenant in a database of its own.
type fixture struct{ *deliverytest.Fixture }

func newFixture(t *testing.T) *fixture {
	t.Helper()
	return &fixture{deliverytest.NewFixture(t, server.New(t))}
}

func (f *fixture) config(sender mail.Sender) Config {
	return Config{Pool: f.Pool, Sender: sender, From: "Bursar <bursar@acme.test>", Logger: slog.New(slog.DiscardHandler)}
}

func (f *fixture) dispatcher(sender mail.Sender) *Dispatcher {
	return dispatcherOf(f.T, f.config(sender))
}

func dispatcherOf(t testing.TB, config Config) *Dispatcher {
	t.Helper()
	dispatcher, err := New(config)
	must(t, err)
	return dispatcher
}

// run has a dispatcher work once, as a job does.
func run(ctx context.Context, dispatcher *Dispatcher) error {
	ctx, cancel := context.WithTimeout(ctx, testTimeout)
	defer cancel()
	return dispatcher.Run(ctx, nil)
}

func await(t *testing.T, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(testTimeout):
		t.Fatal("the signal did not come")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
