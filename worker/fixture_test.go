package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"bursar/db/dbtest"
	"bursar/delivery"
	"bursar/delivery/deliverytest"
	"bursar/mail"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// testTimeout is how long a test waits for something that will happen unless it fails.
const testTimeout = 2 * time.Minute

// fixture is a tenant in a database of its own.
type fixture struct{ *deliverytest.Fixture }

func newFixture(t *testing.T) *fixture {
	t.Helper()
	return &fixture{deliverytest.NewFixture(t, server.New(t))}
}

func (f *fixture) config(sender mail.Sender) Config {
	f.T.Helper()
	return Config{Pool: f.Pool, Dispatcher: f.dispatcher(delivery.Config{Sender: sender}), Logger: slog.New(slog.DiscardHandler)}
}

// dispatcher returns one that sends what the configuration says, and logs nothing.
func (f *fixture) dispatcher(config delivery.Config) *delivery.Dispatcher {
	f.T.Helper()
	config.Pool, config.From, config.Logger = f.Pool, "Bursar <bursar@acme.test>", slog.New(slog.DiscardHandler)
	dispatcher, err := delivery.New(config)
	must(f.T, err)
	return dispatcher
}

// work runs a job once, as River would.
func work[T river.JobArgs](ctx context.Context, worker river.Worker[T]) error {
	ctx, cancel := context.WithTimeout(ctx, testTimeout)
	defer cancel()
	return worker.Work(ctx, &river.Job[T]{JobRow: &rivertype.JobRow{}})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
