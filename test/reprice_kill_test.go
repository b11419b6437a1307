package test

import (
	"context"
	"fmt"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/mail/resend/resendtest"
)

// Usage that is priced again while the server that was asked and the workers are killed with SIGKILL, in the middle of a chunk, is corrected
// once: also when the chunk's transaction goes on without its worker, when it is lost with its connection, and when the client asks again.
// Progress only goes on, and in the end the ledger, the budget and what the API tells have the sum that the prices make.
func TestKilledRepricingCorrectsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "kills workers, whose jobs others take over")
	const calls = 1000
	url := postgres.NewURL(t)
	f, pool := newFleet(t, url, 1), postgres.Pool(t, url)
	f.mortal.Store(true)
	f.documents["Repricing"] = `query Repricing($id: ID!) { node(id: $id) { ... on Repricing { state percent corrections difference } } }`
	n := newTenant(f, "repriced")
	secret, key := n.key(nil)
	n.once(0, rootToken, "CreateBudgetLimit", object{"subjectId": key, "type": "COST", "amount": "1000", "periodicReset": "NONE"})
	want := n.recordUnpriced(secret, calls)

	began := time.Now().Add(-time.Hour)
	n.once(0, rootToken, "SetPrice", object{"organizationId": n.organization, "provider": "acme", "model": "large*", "effectiveFrom": began,
		"rates": []object{{"unit": "INPUT_TOKENS", "perMillion": "0.001001"}, {"unit": "OUTPUT_TOKENS", "perMillion": "0.000001"}}})
	n.once(0, rootToken, "SetPriceMultiplier", object{"organizationId": n.organization, "multiplier": "0.85", "effectiveFrom": began})
	span := object{"organizationId": n.organization, "from": began, "to": time.Now().Add(time.Hour)}
	first := n.ask(0, rootToken, "RepriceUsage", span).Data.RepriceUsage.Repricing.ID
	f.servers[0].kill()
	f.start(0)
	second := n.ask(0, rootToken, "RepriceUsage", span).Data.RepriceUsage.Repricing.ID // as whoever had no answer does

	w := &repricingWorker{t: t, url: url, pool: pool}
	progress := int64(0)
	for i, call := range []int{calls * 3 / 10, calls * 7 / 10} {
		held := w.hold(call)
		w.start()
		w.await("a chunk waits", `select exists (select from pg_stat_activity where datname = current_database() and wait_event = 'transactionid')`)
		at := n.repricing(first)
		if at.State != "RUNNING" || at.Percent <= 0 || at.Percent >= 100 || at.Corrections <= progress || at.Corrections >= calls {
			t.Errorf("before kill %d: %+v after %d corrections", i+1, at, progress)
		}
		progress = at.Corrections
		w.worker.kill()
		if i > 0 { // its connections are lost, too
			w.await("the chunk is lost", `select count(pg_terminate_backend(pid)) = 0 from pg_stat_activity
				where datname = current_database() and wait_event = 'transactionid'`)
		}
		if err := held.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w.start()
	w.await("both repricings are finished", `select count(*) = 2 from repricings where finished_at is not null`)

	if at := n.repricing(first); at.State != "FINISHED" || at.Percent != 100 || at.Corrections != calls || dollars(at.Difference) != want {
		t.Errorf("%+v, want %d corrections of %s nano-dollars", at, calls, want)
	}
	if at := n.repricing(second); at.State != "FINISHED" || at.Corrections != 0 || dollars(at.Difference) != "0" {
		t.Errorf("asked again: %+v", at)
	}
	for what, query := range map[string]string{
		"corrections":     `select (count(*) = 1000 and count(distinct corrects) = 1000)::text from usage_events where corrects is not null`,
		"ledger":          `select sum(cost_nanos)::text from usage_events`,
		"repriced events": `select sum(cost_nanos)::text from repriced_events`,
		"budget":          `select used_units::text from counters`,
	} {
		var got string
		if err := pool.QueryRow(t.Context(), query).Scan(&got); err != nil || got != want && got != "true" {
			t.Errorf("%s: %s, %v, want %s", what, got, err, want)
		}
	}
	verify(t, []string{"DATABASE_URL=" + url})
}

// recordUnpriced records calls of a model without a price, of 1, 2, 3 and so on tokens of input and one of output, and returns what they cost
// in nano-dollars for 1001 pico-dollars an input token and 1 an output token, times 0.85.
func (n *tenant) recordUnpriced(secret string, calls int) (nanos string) {
	n.t.Helper()
	var callers sync.WaitGroup
	numbers := make(chan int, calls)
	for range 8 {
		callers.Go(func() {
			for number := range numbers {
				n.ask(0, n.gateway, "RecordUsage", object{"secret": secret, "requestId": fmt.Sprint("call-", number), "provider": "acme", "model": "large-2",
					"inputTokens": number, "outputTokens": 1})
			}
		})
	}
	sum := new(big.Int)
	for number := 1; number <= calls; number++ {
		numbers <- number
		picos := big.NewRat(int64(number)*1001+1, 1)
		cost := picos.Mul(picos, big.NewRat(85, 100_000))
		up := new(big.Int).Add(cost.Num(), new(big.Int).Sub(cost.Denom(), big.NewInt(1)))
		sum.Add(sum, up.Div(up, cost.Denom()))
	}
	close(numbers)
	callers.Wait()
	return sum.String()
}

// repricing returns where a repricing stands.
func (n *tenant) repricing(external string) repricing {
	n.t.Helper()
	a, err := n.post(n.t.Context(), 0, rootToken, "Repricing", object{"id": external})
	if err != nil || a.code() != "" {
		n.t.Fatalf("%v %+v", err, a)
	}
	return a.Data.Node
}

// dollars is an amount of US dollars in nano-dollars.
func dollars(amount string) string {
	value, _ := new(big.Rat).SetString(amount)
	if value == nil {
		return "not a number: " + amount
	}
	return value.Mul(value, big.NewRat(1_000_000_000, 1)).RatString()
}

// repricingWorker starts workers, one after the other.
type repricingWorker struct {
	t      *testing.T
	url    string
	pool   *pgxpool.Pool
	worker *process
}

// start starts a worker. Those before have been killed long ago, so that their lead has ended and their jobs were taken from them, which takes a
// minute otherwise.
func (w *repricingWorker) start() {
	w.t.Helper()
	if w.worker != nil {
		for _, statement := range []string{
			`delete from river_leader`,
			`update river_job set state = 'discarded', finalized_at = clock_timestamp() where state = 'running'`,
		} {
			if _, err := w.pool.Exec(w.t.Context(), statement); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	w.worker = run(w.t, []string{"DATABASE_URL=" + w.url, "RESEND_API_KEY=re_test", "RESEND_BASE_URL=" + resendtest.New(w.t).URL}, "work")
	w.worker.await(`"(working)"`)
}

// hold has whoever corrects a call wait until the transaction ends.
func (w *repricingWorker) hold(call int) pgx.Tx {
	w.t.Helper()
	tx, err := w.pool.Begin(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(w.t.Context())) })
	if _, err := tx.Exec(w.t.Context(), `insert into repriced_events (organization_id, usage_event_id, recorded_at, cost_nanos, price_id)
		select e.organization_id, e.id, e.recorded_at, 0, $2 from usage_events e where e.corrects is null order by e.position offset $1 limit 1`,
		call, uuid.Max); err != nil {
		w.t.Fatal(err)
	}
	return tx
}

// await asks the database until it answers true.
func (w *repricingWorker) await(what, query string) {
	w.t.Helper()
	ticker, deadline := time.NewTicker(50*time.Millisecond), time.After(3*waitTimeout)
	defer ticker.Stop()
	for {
		var is bool
		if err := w.pool.QueryRow(w.t.Context(), query).Scan(&is); err != nil {
			w.t.Fatal(err)
		}
		if is {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			w.t.Fatalf("never: %s", what)
		}
	}
}
