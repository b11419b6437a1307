package demo

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// AddHistory gives the demo organization a month of history: usage, what it does to budgets, alerts and their mails, denials, holds, and keys that may
// not be used any more. Everything is as enforcement would have written it, so `bursar verify` finds no difference. It does so once, in one
// transaction that takes about a second, and for no organization that Create has not made. Enforcement of the organization waits
// meanwhile. Errors are faults.
func AddHistory(ctx context.Context, pool *pgxpool.Pool) error {
	organization, err := db.New().FindOrganizationBySlug(ctx, pool, Slug)
	if err != nil {
		return db.Fault(err)
	}
	// before the transaction, which would keep the ledger's table locked; thirty days are in three months at most
	if _, err := pool.Exec(ctx, "select create_usage_partitions(2, clock_timestamp() - make_interval(days => $1))", historyDays+1); err != nil {
		return db.Fault(err)
	}
	return db.Fault(inTx(ctx, pool, "createDemoHistory", func(tx pgx.Tx) error {
		return (&historian{ctx: ctx, tx: tx, organizationID: organization.ID}).write()
	}))
}

// historian writes the history in one transaction.
type historian struct {
	ctx            context.Context // of the transaction, which lives no longer
	tx             pgx.Tx
	organizationID uuid.UUID
	now            time.Time
	keys           []*keyRow
	books          *books
}

// write writes the history unless there is one or there must be none.
func (h *historian) write() error {
	if due, err := h.isDue(); err != nil || !due {
		return err
	}
	periods, err := h.read()
	if err != nil {
		return err
	}
	h.books = newBooks(periods)
	for _, u := range traffic(h.keys, h.now.Add(-time.Minute)) {
		h.books.book(h.organizationID, u)
	}
	for _, step := range []func() error{
		h.writeLedger, h.writeHolds, func() error { return h.writePeriods(periods) }, h.writeAlerts, h.writeDenials, h.endKeys, h.rollUp,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// isDue locks the organization, and tells whether Create has made it and it has no history yet. One that was moved takes its history along.
func (h *historian) isDue() (due bool, err error) {
	var residence db.Residence
	err = h.tx.QueryRow(h.ctx, "select o.residence from organizations o where o.id = $1 for no key update", h.organizationID).Scan(&residence)
	if err != nil || residence != db.ResidenceHERE {
		return false, err
	}
	err = h.tx.QueryRow(h.ctx, `select clock_timestamp(),
			exists (select from audit_log a where a.organization_id = $1 and a.target_id = $1 and a.action = 'createDemo' and a.actor = $2)
			and exists (select from api_keys k where k.organization_id = $1 and k.metadata ->> 'demo' = 'true')
			and not exists (select from audit_log a where a.organization_id = $1 and a.action = 'createDemoHistory')`,
		h.organizationID, actor).Scan(&h.now, &due)
	return due, err
}

// read finds the keys, and the periods of their budgets, which it brings up to now.
func (h *historian) read() ([]*period, error) {
	byName := map[string]key{}
	for _, k := range keys() {
		byName[k.name] = k
	}
	rows, err := h.tx.Query(h.ctx, "select k.id, k.workspace_id, k.name from api_keys k where k.organization_id = $1 and k.metadata ->> 'demo' = 'true' order by k.name",
		h.organizationID)
	if err != nil {
		return nil, err
	}
	h.keys, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (*keyRow, error) {
		k, name := &keyRow{}, ""
		err := row.Scan(&k.id, &k.workspaceID, &name)
		k.habit, k.ends = byName[name].habit, byName[name].ends
		return k, err
	})
	if err != nil {
		return nil, err
	}
	if _, err := h.tx.Exec(h.ctx, `select roll_counters($1, array(select c.subject_id from counters c where c.organization_id = $1), $2)`,
		h.organizationID, h.now); err != nil {
		return nil, err
	}
	rows, err = h.tx.Query(h.ctx, `select c.id, c.limit_id, c.subject_id, c.subject_type::text, c.type::text, c.period::text, c.max_units, c.alert_units,
			c.generation, l.created_at, p.number, p.started, p.ended, p.is_current
		from counters c
		join limits l on l.organization_id = c.organization_id and l.id = c.limit_id
		cross join lateral (
			select c.period_number, c.period_start, c.period_end, true
			union all
			select b.period_number, b.period_start, b.period_end, false from budget_periods b
			where b.organization_id = c.organization_id and b.counter_id = c.id and b.generation = c.generation) p (number, started, ended, is_current)
		where c.organization_id = $1 and c.kind = 'BUDGET' and c.generation = 1
		order by c.id, p.number`, h.organizationID)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*period, error) {
		p := &period{}
		err := row.Scan(&p.counterID, &p.limitID, &p.subjectID, &p.subjectType, &p.unit, &p.interval, &p.amount, &p.thresholds, &p.generation,
			&p.since, &p.number, &p.start, &p.end, &p.current)
		return p, err
	})
}
