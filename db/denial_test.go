package db_test

import (
	"testing"
	"time"

	"bursar/db"
)

// httpStatus and retryAfterSeconds: 412 if a budget denies, else 429; the latest retryAt, rounded up; null if any is null.
func TestStatusAndRetry(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	type limit struct {
		kind   db.LimitKind
		unit   db.LimitType
		period db.LimitPeriod
		units  int64
	}
	rate := func(period db.LimitPeriod, units int64) limit {
		return limit{db.LimitKindRATE, db.LimitTypeTOKENS, period, units}
	}
	budget := func(period db.LimitPeriod, units int64) limit {
		return limit{db.LimitKindBUDGET, db.LimitTypeTOKENS, period, units}
	}
	const never = -1
	week, month := int((3*24*time.Hour+12*time.Hour-30*time.Second)/time.Second), int((20*24*time.Hour+12*time.Hour-30*time.Second)/time.Second)
	for name, c := range map[string]struct {
		limits []limit
		status int
		retry  int
	}{
		"a minute":                       {[]limit{rate("MINUTE", 10)}, 429, 30},
		"an hour and a minute":           {[]limit{rate("MINUTE", 10), rate("HOUR", 10)}, 429, 3570},
		"an estimate above a rate":       {[]limit{rate("MINUTE", 5)}, 429, never},
		"a week":                         {[]limit{budget("WEEKLY", 10)}, 412, week},
		"a month":                        {[]limit{budget("MONTHLY", 10)}, 412, month},
		"a week and a month":             {[]limit{budget("WEEKLY", 10), budget("MONTHLY", 10)}, 412, month},
		"a week and a minute":            {[]limit{budget("WEEKLY", 10), rate("MINUTE", 10)}, 412, week},
		"a budget without a reset":       {[]limit{budget("NONE", 10)}, 412, never},
		"no reset and a minute":          {[]limit{budget("NONE", 10), rate("MINUTE", 10)}, 412, never},
		"an estimate above a budget":     {[]limit{budget("WEEKLY", 5)}, 412, never},
		"an estimate above and a minute": {[]limit{budget("WEEKLY", 5), rate("MINUTE", 10)}, 412, never},
		"nothing":                        {[]limit{budget("WEEKLY", 100), rate("MINUTE", 100)}, 200, never},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGatewayIn(t, pool)
			for _, l := range c.limits {
				_, err := g.newLimit(onKey, l.kind, l.unit, l.period, l.units, []int64{})
				must(t, 0, err)
			}
			g.book(reportTokens(6))
			for _, answer := range []*db.UsageAnswer{g.check(estimateTokens(6)), g.reserve(estimateTokens(6))} {
				equal(t, "HTTP status", answer.HTTPStatus(), c.status)
				equal(t, "retry", deref(answer.RetryAfterSeconds()), c.retry)
			}
		})
	}
}

// retryAfterSeconds is rounded up: a client that waits it out is never early.
func TestRetryIsRoundedUp(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 1)
	g.admit(estimateRequests(1))
	end := *g.limit(rate).PeriodEnd
	for before, seconds := range map[time.Duration]int{
		time.Microsecond: 1, time.Second: 1, time.Second + time.Microsecond: 2, 29*time.Second + time.Millisecond: 30,
	} {
		answer := g.at(end.Add(-before)).deny(estimateRequests(1), db.DenialReasonRATELIMITED)
		equal(t, "seconds "+before.String()+" before the end", deref(answer.RetryAfterSeconds()), seconds)
	}
}

// A denial says what the request asked of the limit, and the limit as it stood.
func TestDenialShowsTheLimit(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 10*dollar)
	g.book(reportCost(7 * dollar))
	g.admit(estimateCost(dollar))
	denial := g.deny(estimateCost(5*dollar), db.DenialReasonBUDGETEXHAUSTED).Denials[0]
	equal(t, "estimate", denial.EstimateUnits, 5*dollar)
	equal(t, "used", denial.Limit.Used().String(), "7")
	equal(t, "reserved", denial.Limit.Reserved().String(), "1")
	equal(t, "remaining", denial.Limit.Remaining().String(), "2")
	equal(t, "message", denial.Message(), "The monthly cost limit of $10 has $2 left, until 2026-04-01T00:00:00Z.")
	denial = g.deny(estimateCost(11*dollar), db.DenialReasonESTIMATEEXCEEDSLIMIT).Denials[0]
	equal(t, "message", denial.Message(), "The monthly cost limit of $10 is smaller than the estimate of $11.")
}
