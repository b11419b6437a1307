package bench

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// LoadLedger inserts a number of usage events of the last 30 days for an organization, evenly distributed: 500 keys are
// active in an hour, and no event has a reservation. Counters and roll-ups include the events, and those of the last 48 hours
// have request ids; bursar verify finds no difference.
func LoadLedger(ctx context.Context, pool *pgxpool.Pool, data *Data, rows int) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		return run(ctx, tx, []step{
			{lockForLedger, []any{data.OrganizationID}},
			{prepareLedger, nil},
			{insertCharged, []any{data.OrganizationID}},
			{insertLedger, []any{data.OrganizationID, rows, ledgerDays, keysAnHour, data.Keys}},
			{insertLedgerRequests, []any{data.OrganizationID}},
			{chargeLedger, []any{data.OrganizationID}},
			{"drop table charged", nil},
		})
	})
	if err == nil {
		err = RollUp(ctx, pool, data)
	}
	if err == nil {
		_, err = pool.Exec(ctx, analyzeLedger)
	}
	if err != nil {
		return fmt.Errorf("load the ledger: %w", err)
	}
	return nil
}

// RollUp rolls all usage of an organization up, as a worker does every minute.
func RollUp(ctx context.Context, pool *pgxpool.Pool, data *Data) error {
	for added := int64(1); added > 0; {
		var err error
		added, err = db.New().RollUpUsage(ctx, pool, &db.RollUpUsageParams{OrganizationID: data.OrganizationID, Number: rollUpRows})
		if err != nil {
			return fmt.Errorf("roll usage up: %w", err)
		}
	}
	return nil
}

const (
	ledgerDays = 30
	keysAnHour = 500
	rollUpRows = 2_000_000 // of one roll-up
)

const (
	// under the lock, positions are assigned in the order of commits, as the roll-ups require
	lockForLedger = `select from organizations where id = $1 for update`
	prepareLedger = `
		set local work_mem = '128MB';
		select create_usage_partitions(2, now() - interval '30 days');
		create temporary table charged (place bigint not null, id uuid not null, workspace_id uuid, counter_ids uuid[] not null,
			period_numbers integer[] not null) on commit drop`
	// The windows of rate limits have ended; period number 0 belongs to none that a counter is in.
	insertCharged = `
		insert into charged
		select row_number() over (order by k.id) - 1, k.id, k.workspace_id, l.ids, l.numbers
		from api_keys k
		cross join lateral (
			select array_agg(c.id order by c.id) as ids,
				array_agg(case c.kind when 'BUDGET' then c.period_number else 0 end order by c.id) as numbers
			from counters c where c.organization_id = $1 and c.subject_id = any (array[k.organization_id, k.workspace_id, k.id])) l
		where k.organization_id = $1`
	insertLedger = `
		insert into usage_events (organization_id, id, position, api_key_id, workspace_id, request_id, requests, input_tokens,
			output_tokens, cached_input_tokens, cost_nanos, provider, model, counted_requests, counter_ids, period_numbers,
			occurred_at, recorded_at)
		select $1, uuid_v7(e.at), e.position, c.id, c.workspace_id,
			case when e.at > now() - interval '48 hours' then 'loaded-' || e.n end, 1, e.input_tokens, e.output_tokens, 0,
			e.input_tokens * 2500 + e.output_tokens * 10000, 'openai', case c.place % 3 when 0 then 'gpt-4o' else 'gpt-4o-mini' end,
			1, c.counter_ids, c.period_numbers, e.at, e.at
		from (
			select n, nextval('usage_events_position_seq') as position, now() - make_interval(secs => $3::integer * 86400.0 * ($2::integer - n) / $2) as at,
				(n::bigint * 24 * $3 / $2 * 97 + n % $4::integer) % $5::integer as place,
				100 + n % 1000 as input_tokens, 50 + n % 300 as output_tokens
			from generate_series(1, $2) n) e
		join charged c on c.place = e.place`
	insertLedgerRequests = `
		insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
		select e.organization_id, e.request_id, e.api_key_id, sha256(e.request_id::bytea), e.id, e.recorded_at
		from usage_events e where e.organization_id = $1 and e.request_id like 'loaded-%'`
	chargeLedger = `
		update counters c set used_units = c.used_units + s.cost_nanos
		from (
			select q.counter_id, sum(e.cost_nanos) as cost_nanos
			from (
				select e.api_key_id, sum(e.cost_nanos) as cost_nanos from usage_events e
				where e.organization_id = $1 and e.provider = 'openai' and e.reservation_id is null group by 1) e
			join charged k on k.id = e.api_key_id
			cross join unnest(k.counter_ids) q (counter_id)
			group by 1) s
		where c.organization_id = $1 and c.id = s.counter_id and c.type = 'COST'`
	analyzeLedger = `vacuum (analyze) usage_events, usage_event_requests, usage_hours, usage_days, counters`
)
