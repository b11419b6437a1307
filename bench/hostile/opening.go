package hostile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"
)

// Opening says how streams were opened, before gateways were measured beside them.
type Opening struct {
	Streams int     `json:"streams"` // that were opened
	Of      int     `json:"of"`
	Seconds float64 `json:"seconds"` // until the last of them was, or the attacker gave up
}

// opening counts the streams that have been opened once.
type opening struct {
	of    int
	began time.Time
	done  chan struct{} // closed when all have been

	mutex  sync.Mutex
	opened map[int]struct{} // by the number of the connection
}

func newOpening(of int) *opening {
	return &opening{of: of, began: time.Now(), done: make(chan struct{}), opened: map[int]struct{}{}}
}

// add counts the stream of a connection, the first time.
func (o *opening) add(number int) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if _, before := o.opened[number]; before {
		return
	}
	if o.opened[number] = struct{}{}; len(o.opened) == o.of {
		close(o.done)
	}
}

// await waits until all streams have been opened, for some time at most, and returns how they were.
func (o *opening) await(ctx context.Context, atMost time.Duration) *Opening {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-o.done:
	case <-timer.C:
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return &Opening{len(o.opened), o.of, math.Round(10*time.Since(o.began).Seconds()) / 10}
}

// Serve reads an Attack from a reader as JSON and runs it. It writes how its streams were opened as JSON, if there are any, and the results when
// it is over.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	var attack Attack
	if err := json.NewDecoder(in).Decode(&attack); err != nil {
		return fmt.Errorf("read what to attack: %w", err)
	}
	var failed error
	output := json.NewEncoder(out)
	results := attack.Run(ctx, func(o *Opening) { failed = output.Encode(o) })
	return errors.Join(failed, output.Encode(results))
}
