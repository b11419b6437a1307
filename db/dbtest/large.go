package dbtest

import (
	"context"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// Large is a tenant's organization with as much as a large one has: 20 workspaces, 20 members, API keys with two budgets and a rate limit each,
// a month of usage, in which each key uses 4 of 12 models every day, denied requests and open holds. Of 100 keys, 2 are revoked, and one each
// has expired, is disabled and is exhausted; each hundredth is of squad-42.
type Large struct {
	Keys   int
	Events int       // ledger rows of the month, 4 times as many as keys a day or more
	Tail   int       // of them, those that are not rolled up
	Month  time.Time // its first instant, UTC
}

// Load fills the tenant's organization, without foreign keys and the audit log, and analyzes the database. It is fast, not minimal: 100,000
// keys take 20 seconds, 5,000,000 ledger rows 4 minutes.
func (t *Tenant) Load(large Large) {
	t.T.Helper()
	ctx := context.Background()
	months := int(time.Since(large.Month).Hours()/24/31) + 1
	run := func(tx pgx.Tx, statement string, arguments ...any) {
		t.T.Helper()
		statement = loadedID.ReplaceAllString(statement, `('00000000-0000-7000-8000-' || lpad(to_hex($1), 12, '0'))::uuid`)
		if _, err := tx.Exec(ctx, statement, arguments...); err != nil {
			t.T.Fatalf("%v in %s", err, statement)
		}
	}
	err := pgx.BeginFunc(ctx, t.Pool, func(tx pgx.Tx) error {
		run(tx, `set local session_replication_role = replica`)
		run(tx, `set local work_mem = '128MB'`)
		run(tx, `select create_usage_partitions($1, $2)`, months, large.Month)
		for _, statement := range loadedSubjects {
			run(tx, statement, t.Organization.ID, large.Keys, large.Month)
		}
		const chunk = 500_000
		for first := 0; first < large.Events; first += chunk {
			run(tx, loadedEvents, t.Organization.ID, large.Keys, large.Month, first, min(first+chunk, large.Events)-1, large.Events)
		}
		run(tx, `select setval('usage_events_position_seq', $1)`, large.Events+1)
		run(tx, loadedDenials, t.Organization.ID, large.Keys, large.Month)
		return nil
	})
	if err == nil {
		_, err = t.Pool.Exec(ctx, `analyze`) // or roll-ups are planned for empty tables
	}
	for left := int64(large.Events - large.Tail); err == nil && left > 0; {
		var added int64
		added, err = db.New().RollUpUsage(ctx, t.Pool, &db.RollUpUsageParams{OrganizationID: t.Organization.ID, Number: int32(min(left, 200_000))}) //nolint:gosec // it is bounded
		left -= added
	}
	if err == nil {
		_, err = t.Pool.Exec(ctx, `vacuum analyze`)
	}
	must(t.T, 0, err)
}

// loadedID is what stands for the n-th id in the statements below. Ids ascend, as those that uuid_v7 makes do.
var loadedID = regexp.MustCompile(`\bid\(([^()]+)\)`)

// loadedSubjects are statements with the organization, how many keys it has, and the first instant of the month with usage. Limits have the
// numbers from 10,000,000 on, three for each key, holds those from 20,000,000 on.
var loadedSubjects = []string{
	`insert into workspaces (organization_id, id, name, slug)
		select $1, id(n), 'Workspace ' || n, 'large-' || n from generate_series(1, 20) n where $2::integer > 0 and $3::timestamptz is not null`,
	`insert into members (organization_id, id, email, role)
		select $1, id(n), 'member-' || n || '@large.test', 'MEMBER' from generate_series(1, 20) n where $2::integer > 0 and $3::timestamptz is not null`,
	`insert into api_keys (organization_id, id, workspace_id, created_by_id, name, description, prefix, enabled, revoked_at, expires_at, last_used_at, created_at)
		select $1, id(1000 + n), case when n % 10 > 0 then id(1 + n * 7919 % 20) end, id(1 + n % 20),
			'squad-' || lpad((n * 7919 % 100)::text, 2, '0') || ' ' || (array['checkout', 'search', 'billing', 'support', 'mobile', 'batch', 'ingest',
				'summary', 'ranking', 'vision'])[1 + n * 31 / 7 % 10] || ' ' || (array['prod', 'staging', 'dev'])[1 + n / 3 % 3] || ' ' || n,
			case when n % 2 = 0 then 'Made for the team that runs it, number ' || n::bigint * 104729 % 1000000 end,
			'bsr_' || lpad(n::text, 8, '0'), n * 31 % 100 <> 3, case when n * 31 % 100 in (1, 2) then $3::timestamptz end,
			case when n * 31 % 100 = 4 then $3::timestamptz when n % 5 = 0 then now() + interval '1 year' end,
			case when n % 7 > 0 then now() - n * 7919 % 100000 * interval '1 second' end, $3::timestamptz
		from generate_series(1, $2::integer) n`,
	`insert into limits (organization_id, id, api_key_id, subject_id, subject_type, kind, type, period, max_units)
		select $1, id(10000000 + 3 * n + l.number), id(1000 + n), id(1000 + n), 'API_KEY', l.kind::limit_kind, l.type::limit_type, l.period::limit_period, 900000000000000
		from generate_series(1, $2::integer) n cross join
			(values (0, 'BUDGET', 'COST', 'MONTHLY'), (1, 'BUDGET', 'TOKENS', 'NONE'), (2, 'RATE', 'REQUESTS', 'MINUTE')) l (number, kind, type, period)
		where $3::timestamptz is not null`,
	`insert into limits (organization_id, id, workspace_id, subject_id, subject_type, kind, type, period, max_units)
		select $1, id(9000000 + n), case when n > 0 then id(n) end, case when n > 0 then id(n) else $1 end,
			case when n > 0 then 'WORKSPACE' else 'ORGANIZATION' end::subject_type, 'BUDGET', 'COST', case when n > 0 then 'MONTHLY' else 'NONE' end::limit_period, 900000000000000000
		from generate_series(0, 20) n where $2::integer > 0 and $3::timestamptz is not null`,
	`insert into counters (organization_id, id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation, period_start,
			period_end, used_units)
		select l.organization_id, l.id, l.id, l.subject_id, l.subject_type, l.kind, l.type, l.period, l.max_units, l.alert_units, l.generation,
			coalesce(period_start(l.period, clock_timestamp()), $3), period_end(l.period, clock_timestamp()),
			case when l.type = 'TOKENS' and k.number * 31 % 100 = 5 then l.max_units else 0 end
		from limits l
		left join (select id(1000 + n) as id, n as number from generate_series(1, $2::integer) n) k on k.id = l.api_key_id
		where l.organization_id = $1`,
	`insert into alerts (organization_id, budget_limit_id, api_key_id, kind, type, period, max_units, used_units, generation, period_number, period_start,
			period_end, raised_at)
		select c.organization_id, c.limit_id, c.subject_id, 'EXHAUSTED', c.type, c.period, c.max_units, c.used_units, c.generation, c.period_number,
			c.period_start, c.period_end, now()
		from counters c where c.organization_id = $1 and c.used_units = c.max_units and $2::integer > 0 and $3::timestamptz is not null`,
	`insert into exhausted_subjects (organization_id, subject_id, sort_name)
		select a.organization_id, a.subject_id, fold_case(k.name) from alerts a join api_keys k on k.id = a.subject_id
		where a.organization_id = $1 and $2::integer > 0 and $3::timestamptz is not null`,
	`insert into reservations (organization_id, id, api_key_id, fingerprint, requests, tokens, cost_nanos, counter_ids, period_numbers, admitted_at, expires_at)
		select $1, id(20000000 + n), id(1000 + k), '', 1, 5, 5, array[id(10000000 + 3 * k), id(10000001 + 3 * k), id(10000002 + 3 * k), id(9000000)],
			'{1,1,1,1}', now(), now() + interval '1 day'
		from (select n, 1 + n * 7919 % $2::integer as k from generate_series(1, 300) n where $3::timestamptz is not null) h`,
	`insert into reservation_sweeps (organization_id, swept_until) select $1, clock_timestamp() where $2::integer > 0 and $3::timestamptz is not null`,
	`update counters c set reserved_units = h.units
		from (select c.id, 5 * count(*) as units from reservations r, unnest(r.counter_ids) c (id) where r.organization_id = $1 group by 1) h
		where c.organization_id = $1 and c.id = h.id and c.kind = 'BUDGET' and $2::integer > 0 and $3::timestamptz is not null`,
}

// loadedEvents inserts the ledger rows with two numbers and those between, of a number in all.
const loadedEvents = `
	insert into usage_events (organization_id, id, position, api_key_id, workspace_id, requests, input_tokens, output_tokens, cached_input_tokens,
		cost_nanos, provider, model, counted_requests, counter_ids, period_numbers, occurred_at, recorded_at)
	select $1, uuid_v7(e.at), e.n + 1, id(1000 + e.key), case when e.key % 10 > 0 then id(1 + e.key * 7919 % 20) end, 1, e.n % 4000, e.n % 900, e.n % 4000 / 2,
		(1 + e.n % 997) * 1000000 / e.key, 'provider-' || e.model % 3, 'model-' || e.model, 1, array[id(9000000)], '{1}', e.at, e.at
	from (
		select n, 1 + n % $2::integer as key, (n % $2::integer * 7 + n / $2::integer % 4 * 5) % 12 as model,
			$3::timestamptz + n / $6::double precision * interval '31 days' as at
		from generate_series($4::bigint, $5::bigint) n) e`

// loadedDenials inserts counts of denied requests of 30 keys, or a thirtieth of them, in each hour of the month.
const loadedDenials = `
	insert into denial_counts (organization_id, id, hour, workspace_id, api_key_id, limit_id, limit_kind, reason, denials, requests)
	select $1, (uuid_v7_prefix(h.hour) || overlay(left(md5(k::text), 19) placing '8' from 4 for 1))::uuid, h.hour,
		case when k % 10 > 0 then id(1 + k * 7919 % 20) end, id(1000 + k), id(10000000 + 3 * k), 'BUDGET', 'BUDGET_EXHAUSTED', 5, 5
	from generate_series($3::timestamptz, $3::timestamptz + interval '31 days' - interval '1 hour', interval '1 hour') h (hour)
	cross join generate_series(30, 900, 30) k
	where k <= $2::integer`
