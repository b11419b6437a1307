package envoy

import (
	"context"
	"strconv"
	"sync"

	ratelimitcommonv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/common/ratelimit/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"

	"bursar/adapter/envoy/mapping"
	"bursar/db"
	"bursar/fault"
)

// Bounds of a call. A descriptor's value may be a header of the request, which Envoy bounds by 60 KiB in all.
const (
	maxDescriptors = 64
	maxEntries     = 64
	maxKey         = 256     // bytes
	maxValue       = 8 << 10 // bytes
)

// ShouldRateLimit implements the rate limit service. A denial is an answer; on any error nothing was granted.
func (s *Service) ShouldRateLimit(ctx context.Context, request *ratelimitv3.RateLimitRequest) (*ratelimitv3.RateLimitResponse, error) {
	response, err := s.shouldRateLimit(ctx, request)
	if err != nil {
		return nil, s.failed(ctx, "ShouldRateLimit", err)
	}
	return response, nil
}

func (s *Service) shouldRateLimit(ctx context.Context, request *ratelimitv3.RateLimitRequest) (*ratelimitv3.RateLimitResponse, error) {
	if err := s.authorize(ctx); err != nil {
		return nil, err
	}
	descriptors, err := descriptorsOf(request)
	if err != nil {
		return nil, err
	}
	m := s.mapping.Load()
	demands, err := m.Demands(request.GetDomain(), descriptors)
	if err != nil {
		return nil, err
	}
	calls := make([]*call, len(demands))
	for i, demand := range demands {
		if calls[i], err = s.call(demand, m); err != nil {
			return nil, err
		}
	}
	answers, err := s.carry(ctx, calls)
	if err != nil {
		return nil, err
	}
	return respond(m, len(descriptors), demands, answers), nil
}

// descriptorsOf reads the descriptors of a call, within bounds.
func descriptorsOf(request *ratelimitv3.RateLimitRequest) ([]mapping.Descriptor, error) {
	given := request.GetDescriptors()
	switch {
	case request.GetDomain() == "":
		return nil, fault.BadInput("domain", "is empty")
	case len(given) == 0 || len(given) > maxDescriptors:
		return nil, fault.BadInput("descriptors", "want 1 to %d, got %d", maxDescriptors, len(given))
	}
	descriptors := make([]mapping.Descriptor, len(given))
	for i, d := range given {
		if err := readDescriptor(d, request.GetHitsAddend(), &descriptors[i]); err != nil {
			return nil, err.At("descriptors." + strconv.Itoa(i))
		}
	}
	return descriptors, nil
}

// readDescriptor reads a descriptor. The call's hits are those of descriptors that have none; 0 of the call is none, and 0 of a descriptor is 0.
func readDescriptor(d *ratelimitcommonv3.RateLimitDescriptor, hits uint32, into *mapping.Descriptor) *fault.Fault {
	entries := d.GetEntries()
	if len(entries) == 0 || len(entries) > maxEntries {
		return fault.BadInput("entries", "want 1 to %d, got %d", maxEntries, len(entries))
	}
	into.Entries = make([]mapping.Pair, len(entries))
	for i, entry := range entries {
		if n := len(entry.GetKey()); n == 0 || n > maxKey {
			return fault.BadInput("entries."+strconv.Itoa(i)+".key", "want 1 to %d bytes, got %d", maxKey, n)
		}
		if n := len(entry.GetValue()); n > maxValue {
			return fault.BadInput("entries."+strconv.Itoa(i)+".value", "want %d bytes at most, got %d", maxValue, n)
		}
		into.Entries[i] = mapping.Pair{Key: entry.GetKey(), Value: entry.GetValue()}
	}
	into.Negative = d.GetIsNegativeHits()
	switch {
	case d.GetHitsAddend() != nil:
		into.Hits = new(d.GetHitsAddend().GetValue())
	case hits > 0:
		into.Hits = new(uint64(hits))
	}
	return nil
}

// carry asks what the calls of one request ask, at the same time. Where one is denied or fails, what the others have reserved is released, and nothing is
// counted; usage that was reported is booked all the same.
func (s *Service) carry(ctx context.Context, calls []*call) ([]*db.UsageAnswer, error) {
	answers, failures := make([]*db.UsageAnswer, len(calls)), make([]error, len(calls))
	each(len(calls), func(i int) { answers[i], failures[i] = calls[i].decide(ctx) })
	var failed error
	denied := false
	for i, answer := range answers {
		if failures[i] != nil && failed == nil {
			failed = failures[i]
		}
		denied = denied || answer != nil && isDenied(answer)
	}
	if failed != nil || denied {
		each(len(calls), func(i int) {
			if answers[i] == nil || !calls[i].holds() {
				return
			}
			if err := calls[i].release(ctx, answers[i]); err != nil {
				s.logger.WarnContext(ctx, "a hold of a denied call stays until it expires", "request", calls[i].RequestID, "error", err)
			}
		})
		return answers, failed
	}
	each(len(calls), func(i int) {
		if calls[i].Phase != mapping.Count || calls[i].counted {
			return
		}
		calls[i].skipLimits = true // they were told of the reservation
		if _, err := calls[i].record(context.WithoutCancel(ctx), *answers[i].ReservationID); err != nil {
			failures[i] = err
		}
	})
	for _, err := range failures {
		if err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// decide does what the call is for. A call that is counted is admitted first, and booked when all others are admitted, too.
func (c *call) decide(ctx context.Context) (*db.UsageAnswer, error) {
	switch c.Phase {
	case mapping.Check:
		return c.check(ctx)
	case mapping.Settle:
		return c.settle(ctx)
	case mapping.Refund:
		return c.refund(ctx)
	case mapping.Count:
		answer, err := c.reserveHold(ctx)
		if err == nil && answer.DeniedBy() == db.DeniedByReservation && c.RequestID != "" { // it was counted before, and this is a retry
			answer.Denials, answer.Allowed, c.counted = nil, true, true
		}
		return answer, err
	}
	return c.reserveHold(ctx)
}

// holds tells whether the call makes a reservation.
func (c *call) holds() bool { return c.Phase == mapping.Reserve || c.Phase == mapping.Count }

// isDenied tells whether an answer refuses the request. Answers to reports never do.
func isDenied(answer *db.UsageAnswer) bool { return len(answer.Refusals()) > 0 }

// each calls a function for 0 to number - 1, at the same time.
func each(number int, do func(i int)) {
	if number == 1 {
		do(0)
		return
	}
	var all sync.WaitGroup
	for i := range number {
		all.Go(func() { do(i) })
	}
	all.Wait()
}
