package delivery

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// Guarantee: dispatchers of several cells share the throttle of home: however many cells have mail, calls to the provider keep their distance, and each mail
// is sent once. While home cannot be asked no mail goes out, and afterwards it does.
func TestCellsShareTheThrottleOfHome(t *testing.T) {
	t.Parallel()
	home, cells := newFixture(t), []*fixture{newFixture(t), newFixture(t)}
	var mutex sync.Mutex
	var at []time.Time
	sender := &deliverytest.Sender{Answer: func(context.Context, []mail.Message) ([]mail.Result, error) {
		mutex.Lock()
		defer mutex.Unlock()
		at = append(at, time.Now())
		return nil, nil
	}}
	silent, err := pgxpool.New(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
	must(t, err)
	t.Cleanup(silent.Close)
	for _, cell := range cells {
		cell.Alert("a@acme.test", "b@acme.test") // and to the owner
		config := cell.config(sender)
		config.Pace = silent
		if err := run(t.Context(), dispatcherOf(t, config)); err == nil || len(at) != 0 {
			t.Errorf("%d calls without home, error %v", len(at), err)
		}
	}
	failures := make(chan error)
	for _, cell := range cells {
		config := cell.config(sender)
		config.Pace, config.MailsPerCall, config.CallsPerSecond = home.Pool, 1, 20
		for range 2 {
			go func() { failures <- run(t.Context(), dispatcherOf(t, config)) }()
		}
	}
	for range 4 {
		must(t, <-failures)
	}
	slices.SortFunc(at, time.Time.Compare)
	if len(at) != 6 {
		t.Fatalf("%d calls, want 6", len(at))
	}
	if took := at[5].Sub(at[0]); took < 4*50*time.Millisecond {
		t.Errorf("six calls within %s, want 250 ms between the first and the last", took)
	}
}
