package envoy_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	ratelimitcommonv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/common/ratelimit/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// Guarantee: the look at the request reserves under its id, the stream's end settles it with the tokens that were used, and a repeated end books nothing. The
// id cannot be used for another request.
func TestPeekReservesAndStreamDoneSettles(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	g.budget(1000)
	answer := g.want(ok, hits(g.descriptor("x-request-id", "r1"), 0))
	limit := answer.GetStatuses()[0].GetCurrentLimit()
	if limit.GetRequestsPerUnit() != 1000 || limit.GetUnit() != ratelimitv3.RateLimitResponse_RateLimit_MONTH || answer.GetStatuses()[0].GetLimitRemaining() != 999 ||
		answer.GetStatuses()[0].GetDurationUntilReset().AsDuration() <= 0 || answer.GetDynamicMetadata().GetFields()["reservation"].GetStringValue() == "" {
		t.Errorf("the answer is %v", answer)
	}
	g.held(1)
	g.want(ok, hits(g.descriptor("x-request-id", "r1"), 0)) // Envoy asks again
	g.held(1)
	for range 3 {
		answer = g.want(ok, hits(g.descriptor("x-request-id", "r1"), 40))
		if got := answer.GetStatuses()[0].GetLimitRemaining(); got != 960 {
			t.Errorf("%d are left", got)
		}
	}
	g.held(0)
	g.booked(1, 1, 40)
	if _, err := g.ask(hits(g.descriptor("x-request-id", "r1"), 41)); status.Code(err) != codes.AlreadyExists {
		t.Errorf("another end of the same request: %v", err)
	}
	denied := g.want(over, hits(g.descriptor("x-request-id", "r1"), 0))
	if !strings.Contains(string(denied.GetRawBody()), "RESERVATION_CLOSED") {
		t.Errorf("the body is %s", denied.GetRawBody())
	}
	g.booked(1, 1, 40)
}

// Guarantee: a stream's end that never comes costs nothing once the hold has expired; one that comes after that is booked all the same; one that comes
// without a look before it, or before the look, is booked in full.
func TestLostLateAndEarlyStreamDones(t *testing.T) {
	t.Parallel()
	g := newGateway(t, "hold: 10m\n"+rules)
	g.budget(100)
	g.want(ok, hits(g.descriptor("x-request-id", "lost"), 0))
	g.want(ok, hits(g.descriptor("x-request-id", "late"), 0))
	g.held(2)
	if _, err := g.Pool.Exec(t.Context(), `update reservations set expires_at = clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	if left := g.want(ok, hits(g.descriptor("x-request-id", "next"), 0)).GetStatuses()[0].GetLimitRemaining(); left != 99 {
		t.Errorf("%d are left once two holds have expired, want 99", left)
	}
	g.want(ok, hits(g.descriptor("x-request-id", "late"), 7))
	g.booked(1, 1, 7)
	g.want(ok, hits(g.descriptor("x-request-id", "alone"), 5)) // Envoy failed open at its look
	g.booked(2, 2, 12)
	g.want(ok, hits(g.descriptor("x-request-id", "alone"), 0)) // and the look arrives after all
	g.held(2)
	for range 2 {
		g.want(ok, hits(g.descriptor("x-request-id", "alone"), 5)) // and its end again, which gives the late hold back
		g.booked(2, 2, 12)
		g.held(1)
	}
}

// Guarantee: a look at a limit that is used up is refused, with the limit, the time until it is reset, a sentence, and when to come back.
func TestLookAtTheLimitIsDenied(t *testing.T) {
	t.Parallel()
	g := newGateway(t, "headers: x-ratelimit\n"+rules)
	g.budget(10)
	g.want(ok, hits(g.descriptor(), 10))
	answer := g.want(over, hits(g.descriptor("x-request-id", "r"), 0))
	s := answer.GetStatuses()[0]
	if s.GetCode() != over || s.GetLimitRemaining() != 0 || s.GetCurrentLimit().GetRequestsPerUnit() != 10 || s.GetDurationUntilReset().AsDuration() <= 0 {
		t.Errorf("the status is %v", s)
	}
	headers := map[string]string{}
	for _, header := range answer.GetResponseHeadersToAdd() {
		headers[header.GetKey()] = header.GetValue()
	}
	if headers["x-ratelimit-remaining"] != "0" || !strings.HasPrefix(headers["x-ratelimit-limit"], "10, 10;w=2592000;name=") || headers["x-ratelimit-reset"] == "" ||
		headers["retry-after"] == "" || headers["x-bursar-reason"] != "BUDGET_EXHAUSTED" || !strings.Contains(string(answer.GetRawBody()), "monthly token limit of 10") {
		t.Errorf("headers %v, body %s", headers, answer.GetRawBody())
	}
	g.want(over, hits(g.descriptor(), 0))
	g.held(0)
	g.booked(1, 1, 10)
}

// Guarantee: without a request id hits of requests are admitted and booked at once, as many as the call says, and what is beyond the limit is neither.
func TestCounting(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	g.Run(g.Admin, "CreateRateLimit", graphtest.Object{"input": graphtest.Object{"subjectId": g.KeyID(), "type": "REQUESTS", "limit": 5, "interval": "DAY"}})
	plain := func() *ratelimitcommonv3.RateLimitDescriptor { return g.descriptor("unit", "requests") }
	g.want(ok, plain())
	left := g.want(ok, hits(plain(), 2)).GetStatuses()[0]
	if left.GetLimitRemaining() != 2 || left.GetCurrentLimit().GetUnit() != ratelimitv3.RateLimitResponse_RateLimit_DAY {
		t.Errorf("the status is %v", left)
	}
	g.want(ok, hits(plain(), 0)) // a look
	g.want(over, hits(plain(), 3))
	g.want(ok, hits(plain(), 2))
	g.want(over, plain())
	g.want(over, hits(plain(), 0))
	g.held(0)
	g.booked(3, 5, 0)
	response, err := g.limits.ShouldRateLimit(g.as(t.Context()), &ratelimitv3.RateLimitRequest{
		Domain: "llm", HitsAddend: 4, Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("unit", "tokens")}})
	if err != nil || response.GetOverallCode() != ok { // hits of the call, for descriptors without their own
		t.Errorf("%v, %v", response, err)
	}
	g.booked(4, 6, 4)
}

// Guarantee: descriptors of one request are one: tokens that went in and came out, and dollars, are one event, and the same number told twice counts once. Of
// requests of two keys neither is counted when one is denied.
func TestDescriptorsOfOneCall(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	one := func(unit string, n uint64) *ratelimitcommonv3.RateLimitDescriptor {
		return hits(g.descriptor("x-request-id", "r", "unit", unit, "model", "m", "user", "ann"), n)
	}
	g.want(ok, one("inputTokens", 30), one("outputTokens", 12), one("cost", 2500), one("outputTokens", 12))
	g.booked(1, 1, 42)
	if n := g.count(`select count(*) from usage_events where input_tokens = 30 and output_tokens = 12 and cost_nanos = 2500000 and model = 'm' and metadata = '{"user":"ann"}'`); n != 1 {
		t.Error("the event is another one")
	}
	_, other := g.Tenant.Factory.Key(g.Tenant.Organization.ID, nil, nil)
	g.budget(50)
	g.want(ok, hits(g.descriptor(), 50))
	beside := descriptor("authorization", other.Text, "unit", "requests")
	answer := g.want(over, beside, g.descriptor("unit", "requests"))
	if answer.GetStatuses()[0].GetCode() != ok || answer.GetStatuses()[1].GetCode() != over {
		t.Errorf("the statuses are %v", answer.GetStatuses())
	}
	g.held(0)
	g.booked(2, 2, 92)
}

// Guarantee: negative hits settle a reservation with what it holds less them, and give nothing back that nobody holds.
func TestNegativeHits(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	g.budget(100)
	g.want(ok, hits(g.descriptor("x-request-id", "r", "phase", "reserve"), 60))
	if left := g.want(ok, hits(g.descriptor(), 0)).GetStatuses()[0].GetLimitRemaining(); left != 40 {
		t.Errorf("%d are left, want 40", left)
	}
	back := hits(g.descriptor("x-request-id", "r"), 45)
	back.IsNegativeHits = true
	g.want(ok, back)
	g.booked(1, 1, 15)
	for _, d := range []*ratelimitcommonv3.RateLimitDescriptor{hits(g.descriptor("x-request-id", "other"), 5), hits(g.descriptor(), 5)} {
		d.IsNegativeHits = true
		if _, err := g.ask(d); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%v: %v", d, err)
		}
	}
	g.booked(1, 1, 15)
}

// Guarantee: 256 callers at the same time get exactly what a budget holds, whether they reserve or are counted.
func TestConcurrentCallsAreExact(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	g.Run(g.Admin, "CreateBudgetLimit", graphtest.Object{"input": graphtest.Object{"subjectId": g.KeyID(), "type": "REQUESTS", "amount": "300"}})
	var admitted, denied, failed atomic.Int64
	var callers sync.WaitGroup
	for caller := range 256 {
		callers.Go(func() {
			for n := range 3 {
				d := g.descriptor("unit", "requests")
				if caller%2 == 0 {
					d = g.descriptor("unit", "requests", "x-request-id", fmt.Sprint(caller, "-", n))
				}
				response, err := g.limits.ShouldRateLimit(g.as(t.Context()), &ratelimitv3.RateLimitRequest{Domain: "llm",
					Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{d}})
				switch {
				case err != nil:
					failed.Add(1)
				case response.GetOverallCode() == ok:
					admitted.Add(1)
				default:
					denied.Add(1)
				}
			}
		})
	}
	callers.Wait()
	if admitted.Load() != 300 || denied.Load() != 768-300 || failed.Load() != 0 {
		t.Errorf("%d admitted, %d denied, %d failed", admitted.Load(), denied.Load(), failed.Load())
	}
	open, events := g.count(`select count(*) from reservations where status = 'HELD'`), g.count(`select count(*) from usage_events`)
	if open+events != 300 {
		t.Errorf("%d open, %d booked", open, events)
	}
}

// Guarantee: what is malformed is refused with an error that names it, and changes nothing; nor does the key of another tenant.
func TestMalformedCalls(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	stranger := dbtest.NewTenant(t, g.Pool)
	long := strings.Repeat("x", 9000)
	many := slices.Repeat([]*ratelimitcommonv3.RateLimitDescriptor{g.descriptor()}, 65)
	for want, request := range map[string]*ratelimitv3.RateLimitRequest{
		"domain: is empty":                      {Descriptors: many[:1]},
		"descriptors: want 1 to 64, got 0":      {Domain: "llm"},
		"descriptors: want 1 to 64, got 65":     {Domain: "llm", Descriptors: many},
		"descriptors.0.entries: want 1 to 64":   {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{{}}},
		"no rule of the domain \"other\"":       {Domain: "other", Descriptors: many[:1]},
		"descriptors.0.entries.0.key: want":     {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{descriptor("", "x")}},
		"descriptors.0.entries.1.value: want":   {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("model", long)}},
		"descriptors.0: names no API key":       {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{descriptor("model", "x")}},
		"the unit is \"euros\"":                 {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("unit", "euros")}},
		"the phase is \"later\"":                {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("phase", "later")}},
		"hitsAddend is 18446744073709551615":    {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{hits(g.descriptor(), 1<<64-1)}},
		"requestId: ":                           {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("x-request-id", "a\x00b")}},
		"model: at most 200 characters":         {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("model", long[:300])}},
		"metadata: ":                            {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("user", "a\x00b")}},
		"model: must not hold the secret of an": {Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{g.descriptor("model", g.Tenant.Secret.Text)}},
	} {
		_, err := g.limits.ShouldRateLimit(g.as(t.Context()), request)
		if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	for _, secret := range []string{"bsr_unknown", stranger.Secret.Text, g.KeyID()} { // an id is no secret
		answer := g.want(over, descriptor("authorization", secret, "x-request-id", "x"))
		if !strings.Contains(string(answer.GetRawBody()), "KEY_NOT_FOUND") {
			t.Errorf("%s: %s", secret, answer.GetRawBody())
		}
		if _, err := g.ask(hits(descriptor("authorization", secret), 3)); status.Code(err) != codes.NotFound {
			t.Errorf("usage of %s: %v", secret, err)
		}
	}
	g.held(0)
	g.booked(0, 0, 0)
}

// Guarantee: calls are by an access token that may reserve; any other is refused, and who sends none, too.
func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	for token, want := range map[string]codes.Code{"": codes.Unauthenticated, "bst_wrong": codes.Unauthenticated, g.Viewer: codes.PermissionDenied, g.Admin: codes.OK} {
		g.token = token
		if _, err := g.ask(g.descriptor("x-request-id", "r")); status.Code(err) != want {
			t.Errorf("%.8s: %v, want %s", token, err, want)
		}
	}
}

// Guarantee: usage that is reported is booked also when Envoy does not wait for the answer; a look that Envoy did not wait for is settled by the stream's end.
func TestEnvoyDoesNotWait(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	g.want(ok, g.descriptor("x-request-id", "first")) // the token is known now
	call := func(d *ratelimitcommonv3.RateLimitDescriptor) {
		t.Helper()
		tx, err := g.Pool.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec(t.Context(), `select from organizations where id = $1 for update`, g.Tenant.Organization.ID); err != nil {
			t.Fatal(err)
		}
		ctx, leave := context.WithCancel(g.as(t.Context()))
		gone := make(chan error, 1)
		go func() {
			_, err := g.limits.ShouldRateLimit(ctx, &ratelimitv3.RateLimitRequest{Domain: "llm", Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{d}})
			gone <- err
		}()
		dbtest.Await(t, g.Pool, `select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
		leave()
		if err := <-gone; status.Code(err) != codes.Canceled {
			t.Errorf("the call ended with %v", err)
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	call(hits(g.descriptor("x-request-id", "usage"), 9))
	dbtest.Await(t, g.Pool, `select count(*) = 1 from usage_events`)
	call(hits(g.descriptor("x-request-id", "slow"), 0))
	dbtest.Await(t, g.Pool, `select count(*) = 2 from reservations where status = 'HELD'`)
	g.want(ok, hits(g.descriptor("x-request-id", "slow"), 4))
	g.booked(2, 2, 13)
	g.held(1)
}

// Guarantee: what is wrong inside is an error that tells nobody what, and nothing is granted.
func TestFailureInside(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	g.want(ok, g.descriptor("x-request-id", "first"))
	if _, err := g.Pool.Exec(t.Context(), `alter table reservation_sweeps rename to nowhere`); err != nil {
		t.Fatal(err)
	}
	if _, err := g.ask(g.descriptor("x-request-id", "second")); status.Code(err) != codes.Internal || strings.Contains(err.Error(), "reservation_sweeps") {
		t.Errorf("the error is %v", err)
	}
	g.held(1)
}
