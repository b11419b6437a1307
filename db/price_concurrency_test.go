package db_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
)

// While prices and multipliers change, each call is charged at the price that its reservation fixed, whatever is in effect when it settles; what
// nothing reserved at one that was in effect meanwhile. Counters, ledger and prices agree to the last nano-dollar.
func TestPricesChangeUnderLoad(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onOrganization, db.LimitTypeCOST, db.LimitPeriodNONE, 1_000_000*dollar)
	g.price("openai", "gpt-4*", rates(1_000, 1_000)...)
	ctx := t.Context()
	const callers, calls = 8, 25
	var ended atomic.Int32
	var working sync.WaitGroup
	for caller := range callers {
		working.Go(func() {
			defer ended.Add(1)
			for i := range calls {
				call := estimateModel("openai", fmt.Sprintf("gpt-4-%d", caller%3), 100, 10)
				answers, err := g.reserveOn(g.Pool, nil, call, call)
				if err != nil || !answers[0].Allowed || !answers[1].Allowed {
					t.Errorf("reserve: %v", err)
					return
				}
				settle := func(a *db.UsageAnswer) report { return reportModel("", "", 70, int64(i)).settling(*a.ReservationID) }
				if _, err = g.recordOn(g.Pool, nil, settle(answers[0]), reportModel("openai", "gpt-4-x", 50, 5), settle(answers[1])); err != nil {
					t.Errorf("record: %v", err)
				}
			}
		})
	}
	changes := 0
	for ; ended.Load() < callers; changes++ {
		params := g.priceParams(uuid.Nil, "openai", "gpt-4*", nil, rates(1_000+int64(changes), 2_000))
		params.Now = nil
		_, err := db.New().SetPrice(ctx, g.Pool, params)
		must(t, 0, err)
		g.exec(`select set_price_multiplier($1, 'openai', $2::integer / 100.0, null)`, g.Organization.ID, 50+changes%100)
	}
	working.Wait()
	if changes < 5 {
		t.Errorf("prices changed %d times while calls were made", changes)
	}
	equal(t, "calls", query[int](g, `select count(*)::integer from usage_events`), callers*calls*3)
	equal(t, "calls at another price than their reservation's", query[int](g, `select count(*)::integer from usage_events e join reservations r on r.id = e.reservation_id
		where (e.price_id, e.price_multiplier) is distinct from (r.price_id, r.price_multiplier) or e.price_id is null`), 0)
	equal(t, "settled after their price had ended", query[bool](g, `select count(*) > 0 from usage_events e join prices p on p.id = e.price_id
		where e.reservation_id is not null and e.recorded_at > p.effective_to`), true)
	equal(t, "unpriced", query[int](g, `select count(*)::integer from usage_events where unpriced`), 0)
	g.counts(budget, query[int64](g, `select sum(cost_nanos)::bigint from usage_events`), 0)
	g.verified()
}
