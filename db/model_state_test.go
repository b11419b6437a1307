package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/db/model"
)

// storedRow is one row of what a sequence left behind, all of it read in one snapshot.
type storedRow struct {
	What       string
	ID         uuid.UUID // the limit's, the key's, the reservation's or the event's
	Number     int32     // of the period
	Text       string
	Used       decimal.Decimal
	Reserved   decimal.Decimal
	Deliveries int32
}

// storedRows reads all rows of some organizations as they stand at an instant.
const storedRows = `
	select 'limit', case when p.id is null then s.id else md5(s.id || '/' || array_to_string(g.group_values, ',', 'NULL'))::uuid end, 0,
		concat_ws(' ', case when p.id is null then s.subject_type::text when p.workspace_id is null then 'ORGANIZATION' else 'WORKSPACE' end,
		case when p.id is null then s.subject_id else coalesce(p.workspace_id, p.organization_id) end, s.kind, s.type, s.period, s.max_units, s.alert_units,
		s.generation, s.period_start, s.period_end, s.raised_units, case when not s.enabled then 'disabled' when s.mode = 'SHADOW' then 'shadow'
		else 'enforced' end), s.used_units, s.reserved_units::numeric, 0
		from enforced_limits_at($2) s left join policy_groups g on g.id = s.subject_id left join policies p on p.id = g.policy_id
		where s.organization_id = any ($1)
	union all
	select 'period', case when g.id is null then l.id else md5(l.id || '/' || array_to_string(g.group_values, ',', 'NULL'))::uuid end, p.period_number, concat_ws(' ', p.type, p.period, p.max_units, p.alert_units, p.generation,
		p.period_start, p.period_end, 'closed', p.closed_at), p.used_units, p.reserved_units, 0
		from limits l, budget_periods_of(l.organization_id, l.id, $2) p join counters c on c.id = p.counter_id
		left join policy_groups g on g.id = c.subject_id where l.organization_id = any ($1) and l.kind = 'BUDGET'
	union all
	select 'key', k.id, 0, api_key_status_at(k, $2)::text, 0, 0, 0 from api_keys k where k.organization_id = any ($1)
	union all
	select 'reservation', r.id, 0, concat_ws(' ', r.status, r.requests, r.expires_at, r.price_id), r.tokens, r.cost_nanos, 0 from reservations r where r.organization_id = any ($1)
	union all
	select 'event', e.id, 0, concat_ws(' ', e.api_key_id, e.reservation_id, e.requests, e.counted_requests, e.recorded_at, e.price_id,
		case when e.unpriced then 'unpriced' end),
		(e.input_tokens + e.output_tokens), e.cost_nanos, 0 from usage_events e where e.organization_id = any ($1)
	union all
	select 'alert', case when a.policy_id is null then a.budget_limit_id
			else md5(a.budget_limit_id || '/' || array_to_string(a.group_values, ',', 'NULL'))::uuid end, a.period_number, concat_ws(' ', a.kind, a.type, a.period, a.threshold_units, a.max_units,
		a.generation, a.period_start, a.period_end, 'raised', a.raised_at, 'requested', a.requested_units), a.used_units, coalesce(a.reserved_units, 0),
		(select count(*)::integer from alert_deliveries d where d.organization_id = a.organization_id and d.alert_id = a.id and d.purpose = 'ALERT')
		from alerts a where a.organization_id = any ($1)`

func (p *play) stored(pool *pgxpool.Pool) ([]storedRow, error) {
	ids := []uuid.UUID{}
	for _, o := range p.Organizations {
		ids = append(ids, o.ID)
	}
	rows, err := pool.Query(context.Background(), storedRows, ids, p.Now)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[storedRow])
}

// differences compares everything that is stored with the model, and returns a line for each difference. What the model let
// open, because it depends on the rest of a batch, it learns.
func (p *play) differences(stored []storedRow) []string {
	byWhat := map[string][]storedRow{}
	unswept := []*model.Reservation{}
	for _, row := range stored {
		if r := p.Reservation(uuid.Nil, row.ID); row.What == "reservation" && r != nil &&
			strings.HasPrefix(row.Text, "HELD ") && p.Status(r) == db.ReservationStatusEXPIRED {
			unswept = append(unswept, r)
			row.Text = strings.Replace(row.Text, "HELD", "EXPIRED", 1)
		}
		byWhat[row.What] = append(byWhat[row.What], row)
	}
	wanted := map[string][]storedRow{"limit": {}, "key": {}, "reservation": {}, "event": {}}
	for _, l := range p.Limits {
		c := l.Current()
		wanted["limit"] = append(wanted["limit"], storedRow{What: "limit", ID: l.ID, Used: c.Used(), Reserved: p.Reserved(c), Text: words(
			l.On, l.Subject, l.Kind, c.Unit, c.Length, c.Amount, array(c.Thresholds), c.Generation, sqlTime(&c.Start), sqlTime(c.End),
			p.Amount(c)-c.Amount, switched(!l.Disabled, l.Shadow))})
	}
	for _, k := range p.Keys {
		wanted["key"] = append(wanted["key"], storedRow{What: "key", ID: k.ID, Text: string(p.KeyStatus(k))})
	}
	for _, r := range p.Reservations {
		wanted["reservation"] = append(wanted["reservation"], storedRow{What: "reservation", ID: r.ID,
			Used: whole(r.Held.Tokens), Reserved: whole(r.Held.Nanos), Text: words(p.Status(r), r.Held.Requests, sqlTime(&r.Expires), priceID(r.Price))})
	}
	for _, e := range p.Events {
		settled, unpriced := "", ""
		if e.Unpriced {
			unpriced = "unpriced"
		}
		if e.Told.Reservation != uuid.Nil && !e.OnLease {
			settled = e.Told.Reservation.String()
		}
		wanted["event"] = append(wanted["event"], storedRow{What: "event", ID: e.ID, Used: whole(e.Told.Input + e.Told.Output),
			Reserved: whole(e.Nanos), Text: words(e.Key, settled, e.Requests, e.Counted, sqlTime(&e.At), priceID(e.Price), unpriced)})
	}
	lines := []string{}
	for what := range wanted {
		lines = append(lines, unequal(byWhat[what], wanted[what])...)
	}
	lines = append(lines, p.unequalPeriods(byWhat["period"], unswept)...)
	return append(lines, p.unequalAlerts(byWhat["alert"])...)
}

// priceID is the id of a price; "" for none.
func priceID(price *model.Price) string {
	if price == nil {
		return ""
	}
	return price.ID.String()
}

// unequal returns what is in one of two sets of rows and not in the other.
func unequal(got, want []storedRow) (lines []string) {
	count := map[string]int{}
	for _, row := range want {
		count[row.line()]++
	}
	for _, row := range got {
		if count[row.line()]--; count[row.line()] < 0 {
			lines = append(lines, "stored: "+row.line())
		}
	}
	for line, n := range count {
		if n > 0 {
			lines = append(lines, "wanted: "+line)
		}
	}
	slices.Sort(lines)
	return lines
}

func (r storedRow) line() string {
	return words(r.What, r.ID, r.Number, r.Text, "used", r.Used, "reserved", r.Reserved, "deliveries", r.Deliveries)
}

// words is PostgreSQL's concat_ws with a space: what is empty is left out.
func words(all ...any) string {
	texts := []string{}
	for _, one := range all {
		if s := fmt.Sprint(one); s != "" {
			texts = append(texts, s)
		}
	}
	return strings.Join(texts, " ")
}
