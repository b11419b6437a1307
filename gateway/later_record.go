package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"bursar/gateway/leasing"
)

// recordAll books reports, as many in a request as Bursar decides in one statement. What is refused there is booked by itself, because a report of a reservation that is
// over is booked another way.
func (c *Client) recordAll(ctx context.Context, batch []*kept) (booked []*Recorded, errs []error) {
	booked, errs = make([]*Recorded, len(batch)), make([]error, len(batch))
	var running sync.WaitGroup
	for begin := 0; begin < len(batch); begin += maxGathered {
		end := min(begin+maxGathered, len(batch))
		running.Go(func() { c.recordPart(ctx, batch[begin:end], booked[begin:end], errs[begin:end]) })
	}
	running.Wait()
	return booked, errs
}

// recordPart books reports in one request.
func (c *Client) recordPart(ctx context.Context, batch []*kept, booked []*Recorded, errs []error) {
	payloads, err := c.recordTogether(ctx, batch)
	if errors.Is(err, ErrUnavailable) {
		for i := range errs {
			errs[i] = err
		}
		return
	}
	var running sync.WaitGroup
	for i, one := range batch {
		if err == nil && payloads[i] != nil && payloads[i].UsageEvent != nil && len(one.Report.Parts.Others) == 0 {
			event := payloads[i].UsageEvent
			booked[i] = &Recorded{EventID: event.ID, Replayed: payloads[i].Replayed, Tokens: event.Tokens, Cost: event.Cost}
			c.settleKept(one, booked[i], nil)
			if sold := soldOf(&one.Report); c.merges && sold != nil {
				c.leases.Priced(leasing.Of(one.Report.ReservationID), *sold, !event.Unpriced)
			}
			continue
		}
		running.Go(func() { // it has a request id: what is booked already is not booked again
			booked[i], errs[i] = c.Record(ctx, one.Report)
			c.settleKept(one, booked[i], errs[i])
		})
	}
	running.Wait()
}

// recordTogether sends reports in one request.
func (c *Client) recordTogether(ctx context.Context, batch []*kept) (payloads []*recordPayload, err error) {
	calls := make([]*gathered[*recordPayload], len(batch))
	for i, one := range batch {
		r := &one.Report
		encoded, err := json.Marshal(r.input(&r.Parts, r.RequestID, r.ReservationID))
		if err != nil {
			return nil, fmt.Errorf("gateway: write RecordUsage: %w", err)
		}
		calls[i] = &gathered[*recordPayload]{ctx: ctx, input: encoded}
	}
	err = c.retry(ctx, func(_ context.Context, endpoint string) (err error) {
		payloads, err = c.records[endpoint].together(calls)
		return err
	})
	return payloads, err
}

// settleKept settles what the calls that a report is made of held.
func (c *Client) settleKept(one *kept, booked *Recorded, err error) {
	if c.leases == nil || errors.Is(err, ErrUnavailable) {
		return
	}
	if len(one.reservations) == 0 {
		c.settleLeased(&one.Report, booked, err)
		return
	}
	for i, r := range one.reservations {
		var used leasing.Amounts
		if err == nil {
			used = leasing.Amounts{Requests: r.Parts.Requests, Tokens: r.Parts.InputTokens + r.Parts.OutputTokens}
			if i == 0 { // the cost is known of all together
				used.Nanos = nanosOf(booked.Cost)
			}
		}
		c.leases.Settle(r.ReservationID, used)
	}
}
