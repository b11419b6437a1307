package gateway

import (
	"context"
	"sync"
	"time"

	"bursar/gateway/leasing"
)

// Release gives back what a reservation holds, for a call that cost nothing. Releasing one that is closed already does nothing.
func (c *Client) Release(ctx context.Context, reservationID string) error {
	if leasing.Of(reservationID) != "" {
		if c.leases != nil {
			c.leases.Settle(reservationID, leasing.Amounts{})
		}
		return nil
	}
	var answer struct {
		ReleaseReservation *struct{ Reservation *struct{ Status string } }
	}
	if err := c.do(ctx, &c.operations.release, map[string]any{"reservationId": reservationID}, &answer); err != nil {
		return err
	}
	if answer.ReleaseReservation == nil || answer.ReleaseReservation.Reservation == nil {
		return malformed("no reservation")
	}
	return nil
}

// Extend makes a reservation hold for a time from now on, unless it holds longer already, and returns until when, by Bursar's clock.
// An *Error with CodeReservationClosed says that it holds nothing any more; the call may go on, and is recorded as ever.
func (c *Client) Extend(ctx context.Context, reservationID string, ttl time.Duration) (time.Time, error) {
	if leasing.Of(reservationID) != "" { // whose client keeps it
		return time.Now().Add(ttl), nil
	}
	var answer struct {
		ExtendReservation *struct {
			Reservation *struct{ ExpiresAt time.Time }
		}
	}
	input := map[string]any{"reservationId": reservationID, "ttlSeconds": seconds(ttl)}
	if err := c.do(ctx, &c.operations.extend, input, &answer); err != nil {
		return time.Time{}, err
	}
	if answer.ExtendReservation == nil || answer.ExtendReservation.Reservation == nil {
		return time.Time{}, malformed("no reservation")
	}
	return answer.ExtendReservation.Reservation.ExpiresAt, nil
}

// Heartbeat extends a reservation at each third of its time until stop is called, so that one lost heartbeat does no harm. It ends by
// itself when the reservation is closed. Between heartbeats it costs a timer and no goroutine. Stop waits for nothing.
func (c *Client) Heartbeat(ctx context.Context, r *Reservation) (stop func()) {
	if leasing.Of(r.ID) != "" { // whose client keeps it
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	b := &heartbeat{client: c, reservation: r.ID, ttl: max(r.TTL, time.Second), ctx: ctx}
	b.schedule()
	return func() {
		cancel()
		b.mu.Lock()
		defer b.mu.Unlock()
		b.timer.Stop()
	}
}

// heartbeat is what extends one reservation.
type heartbeat struct {
	client      *Client
	reservation string
	ttl         time.Duration
	ctx         context.Context //nolint:containedctx // of the call that the reservation is for
	mu          sync.Mutex
	timer       *time.Timer
}

func (b *heartbeat) schedule() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx.Err() == nil {
		b.timer = time.AfterFunc(b.ttl/3, b.beat)
	}
}

// beat extends once. A failure that passes by itself is left to the next heartbeat.
func (b *heartbeat) beat() {
	ctx, cancel := context.WithTimeout(b.ctx, max(b.ttl/3, time.Second))
	defer cancel()
	_, err := b.client.Extend(ctx, b.reservation, b.ttl)
	if code := codeOf(err); code == CodeReservationClosed || code == CodeNotFound {
		return
	}
	b.schedule()
}
