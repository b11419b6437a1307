package demo

import (
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// newID returns an id of something that was made at an instant.
func newID(at time.Time) (id uuid.UUID) {
	_, _ = rand.Read(id[6:]) // it does not fail
	var milliseconds [8]byte
	binary.BigEndian.PutUint64(milliseconds[:], uint64(at.UnixMilli())) //nolint:gosec // it is after 1970
	copy(id[:6], milliseconds[2:])
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80 // version 7 of RFC 9562
	return id
}

// isDemo is the metadata by which rows of the history are known.
func isDemo() db.Metadata { return db.Metadata{"demo": "true"} }

// charged returns the counters that usage was charged to, and their periods, as ledger rows and reservations have them.
func charged(periods []*period) (counterIDs []uuid.UUID, numbers []int32) {
	counterIDs, numbers = []uuid.UUID{}, []int32{}
	for _, p := range periods {
		counterIDs, numbers = append(counterIDs, p.counterID), append(numbers, p.number)
	}
	return counterIDs, numbers
}

// writeLedger writes the ledger's rows, in the order of their positions.
func (h *historian) writeLedger() error {
	rows, err := h.tx.Query(h.ctx, "select nextval('usage_events_position_seq') from generate_series(1, $1)", len(h.books.ledger))
	if err != nil {
		return err
	}
	positions, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	columns := []string{
		"organization_id", "id", "position", "api_key_id", "workspace_id", "requests", "input_tokens", "output_tokens", "cached_input_tokens",
		"cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens", "service_tier", "cost_nanos", "provider", "model", "counted_requests",
		"counter_ids", "period_numbers", "metadata", "occurred_at", "recorded_at",
	}
	_, err = h.tx.CopyFrom(h.ctx, pgx.Identifier{"usage_events"}, columns, pgx.CopyFromSlice(len(positions), func(i int) ([]any, error) {
		b := &h.books.ledger[i]
		counterIDs, numbers := charged(b.periods)
		return []any{
			h.organizationID, newID(b.at), positions[i], b.key.id, b.key.workspaceID, b.requests, b.input, b.output, b.cached, b.newCache,
			b.hourCache, b.reasoning, b.tier, b.cost, b.model.provider, b.model.name, b.requests, counterIDs, numbers, isDemo(), b.at, b.at,
		}, nil
	}))
	return err
}

// writeHolds lets some keys that have been used hold what requests in flight may use, for up to three hours.
func (h *historian) writeHolds() error {
	batch := &pgx.Batch{}
	for i, k := range h.keys {
		if k.habit.dollars < 8 || k.ends.how != "" {
			continue
		}
		u := usage{input: 20 * k.habit.input, output: 40 * k.habit.output}
		u.cost = u.input*k.habit.models()[0].input + u.output*k.habit.models()[0].output
		periods := h.books.periodsOf(h.organizationID, k, h.now)
		for _, p := range periods {
			p.held += p.units(&u)
		}
		counterIDs, numbers := charged(periods)
		admitted := h.now.Add(-time.Duration(i) * time.Second)
		batch.Queue(`insert into reservations (organization_id, id, api_key_id, workspace_id, fingerprint, requests, tokens, cost_nanos, counter_ids,
				period_numbers, admitted_at, expires_at)
			values ($1, $2, $3, $4, sha256(uuid_send($2)), 1, $5, $6, $7, $8, $9, $10)`,
			h.organizationID, newID(admitted), k.id, k.workspaceID, u.input+u.output, u.cost, counterIDs, numbers, admitted,
			h.now.Add(time.Duration(10+10*i)*time.Minute))
	}
	return h.tx.SendBatch(h.ctx, batch).Close()
}

// writePeriods adds what was used and is held to budgets, in their current and past periods. These are closed.
func (h *historian) writePeriods(periods []*period) error {
	const added = ` set used_units = p.used_units + $4, reserved_units = p.reserved_units + $5,
		alerted_units = array(select distinct a.units from unnest(p.alerted_units || $6::bigint[]) a (units) order by a.units),
		exhaustion_alerted = p.exhaustion_alerted or $7`
	batch := &pgx.Batch{}
	for _, p := range periods {
		statement := "update budget_periods p" + added + `, closed_at = coalesce(p.closed_at, p.period_end + interval '2 seconds')
			where p.organization_id = $1 and p.counter_id = $2 and p.period_number = $3`
		if p.current {
			statement = "update counters p" + added + " where p.organization_id = $1 and p.id = $2 and p.period_number = $3"
		}
		if p.alerted == nil {
			p.alerted = []int64{}
		}
		batch.Queue(statement, h.organizationID, p.counterID, p.number, p.used, p.held, p.alerted, p.exhausted)
	}
	return h.tx.SendBatch(h.ctx, batch).Close()
}

// writeAlerts writes the alerts, and the mails about them as delivered. Alerts that are due beside them are raised as ever: others may have
// used the organization since it was made.
func (h *historian) writeAlerts() error {
	batch := &pgx.Batch{}
	for _, a := range h.books.alerts {
		p, id, kind := a.period, newID(a.at), "THRESHOLD"
		if a.threshold == nil {
			kind = "EXHAUSTED"
		}
		batch.Queue(`insert into alerts (organization_id, id, budget_limit_id, workspace_id, api_key_id, kind, type, period, threshold_units, max_units,
				used_units, generation, period_number, period_start, period_end, raised_at)
			values ($1, $2, $3, case when $5 = 'WORKSPACE' then $4::uuid end, case when $5 = 'API_KEY' then $4::uuid end, $6::text::alert_kind,
				$7::text::limit_type, $8::text::limit_period, $9, $10, $11, $12, $13, $14, $15, $16)
			on conflict do nothing`,
			h.organizationID, id, p.limitID, p.subjectID, p.subjectType, kind, p.unit, p.interval, a.threshold, p.amount, a.used, p.generation,
			p.number, p.start, p.end, a.at)
		if a.mailed {
			batch.Queue(`insert into alert_deliveries (organization_id, alert_id, address, email, status, status_at, attempts, queued_at, next_attempt_at,
					first_attempt_at, sent_at)
				select $1, a.id, fold_case(r.email), r.email, 'DELIVERED', a.raised_at + interval '4 seconds', 1, a.raised_at, a.raised_at,
					a.raised_at + interval '1 second', a.raised_at + interval '2 seconds'
				from alerts a cross join recipients_of(array[$1::uuid], array[$3::uuid]) r
				where a.organization_id = $1 and a.id = $2 and not exists (
					select from api_keys k where k.organization_id = $1 and k.id = $3 and not k.email_notifications)`, h.organizationID, id, p.subjectID)
		}
	}
	batch.Queue(`select raise_alerts($1, array_agg(c.id), null, null, $2) from counters c where c.organization_id = $1 and c.kind = 'BUDGET'`,
		h.organizationID, h.now)
	return h.tx.SendBatch(h.ctx, batch).Close()
}

// writeDenials counts what budgets have denied, if the schema has such counts.
func (h *historian) writeDenials() error {
	var counts bool
	if err := h.tx.QueryRow(h.ctx, "select to_regclass('denial_counts') is not null").Scan(&counts); err != nil || !counts {
		return err
	}
	batch := &pgx.Batch{}
	for d, requests := range h.books.denials {
		batch.Queue(`insert into denial_counts (organization_id, id, hour, workspace_id, api_key_id, limit_id, limit_kind, reason, denials, requests)
			values ($1, (uuid_v7_prefix($2) || overlay(left(md5(concat_ws(' ', $3::uuid, '/', $4::uuid, '/', $5::uuid, '/', 'BUDGET_EXHAUSTED')), 19)
				placing '8' from 4 for 1))::uuid, $2, $3, $4, $5, 'BUDGET', 'BUDGET_EXHAUSTED', $6, $6)`,
			h.organizationID, d.hour, d.key.workspaceID, d.key.id, d.limitID, requests)
	}
	return h.tx.SendBatch(h.ctx, batch).Close()
}

// endKeys lets keys end that may not be used any more, and notes when each was used last.
func (h *historian) endKeys() error {
	batch, last := &pgx.Batch{}, map[uuid.UUID]time.Time{}
	for _, b := range h.books.ledger {
		last[b.key.id] = b.at
	}
	for id, at := range last {
		batch.Queue("update api_keys k set last_used_at = greatest(k.last_used_at, $3) where k.organization_id = $1 and k.id = $2", h.organizationID, id, at)
	}
	for _, k := range h.keys {
		at := h.now.AddDate(0, 0, -k.ends.days)
		switch k.ends.how {
		case "EXPIRED":
			batch.Queue("update api_keys k set expires_at = $3 where k.organization_id = $1 and k.id = $2", h.organizationID, k.id, at)
		case "REVOKED":
			batch.Queue("update api_keys k set revoked_at = $3 where k.organization_id = $1 and k.id = $2", h.organizationID, k.id, at)
		case "DISABLED":
			batch.Queue("update api_keys k set enabled = false, disabled_by_administrator = true where k.organization_id = $1 and k.id = $2", h.organizationID, k.id)
		}
	}
	return h.tx.SendBatch(h.ctx, batch).Close()
}

// rollUp adds the ledger's rows to hours and days.
func (h *historian) rollUp() error {
	_, err := h.tx.Exec(h.ctx, "select roll_up_usage($1, 1000000)", h.organizationID)
	return err
}
