package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// A check reads only: PostgreSQL lets it run in a read-only transaction, allowed or denied, in an old period or a new one.
func TestCheckReadsOnly(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 10, 5)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 1)
	g.admit(estimateTokens(4).lasting(time.Second))
	tx, err := g.Pool.BeginTx(context.Background(), pgx.TxOptions{AccessMode: pgx.ReadOnly})
	must(t, 0, err)
	defer func() { _ = tx.Rollback(context.Background()) }() // it wrote nothing
	for _, later := range []time.Duration{0, time.Second, time.Minute, 30 * 24 * time.Hour} {
		now := g.now.Add(later)
		answers, err := g.checkOn(tx, &now, estimateTokens(1), estimateTokens(100), estimateTokens(1).by(uuid.New()))
		must(t, 0, err)
		equal(t, "answers", len(answers), 3)
	}
}

// A check counts nothing, holds nothing and raises nothing, however often it is asked.
func TestCheckCountsNothing(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(10)
	rate := g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 5)
	for range 10 {
		wantReasons(t, g.check(estimateTokens(10)))
		wantReasons(t, g.check(estimateTokens(11)), db.DenialReasonESTIMATEEXCEEDSLIMIT)
	}
	g.counts(budget, 0, 0)
	g.counts(rate, 0, 0)
	equal(t, "reservations", query[int64](g, `select count(*) from reservations`), 0)
	equal(t, "alerts", len(g.alerts()), 0)
	equal(t, "last used", query[*time.Time](g, `select last_used_at from api_keys`), nil)
}

// A check answers what a reservation would at the same instant: same denials, same limits.
func TestCheckAgreesWithReserve(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 10)
	g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 20)
	g.rate(onOrganization, db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 3)
	for minutes := range 12 {
		later := g.after(time.Duration(minutes*7) * 24 * time.Hour / 3)
		for _, tokens := range []int64{0, 4, 7, 11} {
			checked := later.check(estimateTokens(tokens))
			reserved := later.reserve(estimateTokens(tokens).lasting(50 * time.Hour))
			wantReasons(t, checked, reasons(reserved)...)
			equal(t, "limits", len(checked.Limits), len(reserved.Limits))
			equal(t, "retry", deref(checked.RetryAfterSeconds()), deref(reserved.RetryAfterSeconds()))
		}
	}
}

// In a check an ended period that is not rolled yet counts as empty, and an expired reservation that is not swept yet as not held.
func TestCheckSeesTimePass(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 10)
	g.book(reportTokens(4))
	g.admit(estimateTokens(6).lasting(time.Minute))
	wantReasons(t, g.after(time.Minute-time.Microsecond).check(estimateTokens(1)), db.DenialReasonBUDGETEXHAUSTED)
	wantReasons(t, g.after(time.Minute).check(estimateTokens(6)))
	wantReasons(t, g.after(time.Minute).check(estimateTokens(7)), db.DenialReasonBUDGETEXHAUSTED)
	end := *g.limit(budget).PeriodEnd
	wantReasons(t, g.at(end).check(estimateTokens(10)))
	equalTime(t, "start of the period in the answer", g.at(end).check(estimateTokens(1)).Limits[0].PeriodStart, end)
	equal(t, "rolled", len(g.history(budget)), 0)
	equal(t, "swept", query[string](g, `select status::text from reservations`), "HELD")
}

// The limits in an answer are all that the key must pass, the widest subject's first.
func TestCheckListsLimits(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	key := g.tokenBudget(10)
	workspace := g.rate(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodHOUR, 10)
	organization := g.budget(onOrganization, db.LimitTypeTOKENS, db.LimitPeriodNONE, 10)
	answer := g.check(estimateTokens(1))
	equal(t, "limits", len(answer.Limits), 3)
	for i, want := range []uuid.UUID{organization, workspace, key} {
		equal(t, "limit", answer.Limits[i].ID, want)
	}
}

func deref(n *int) int {
	if n == nil {
		return -1
	}
	return *n
}
