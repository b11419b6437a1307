package db_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// loadedID returns the n-th id of what loadKeys made. Ids ascend, as those that uuid_v7 makes do.
func loadedID(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-%012x", n))
}

// loaded are the statements of loadKeys; id(…) stands for loadedID in SQL.
var loaded = []string{
	`insert into organizations (id, name, slug, plan) select id(n), $1::text || $2::text, 'o-' || n, 'PRO'
		from generate_series(1, 1000 + 0 * $3::integer) n`,
	`insert into workspaces (organization_id, id, name, slug)
		select id(n), id(n), $1::text || $2::text, 'w' from generate_series(1, 1000 + 0 * $3::integer) n`,
	`insert into api_keys (organization_id, id, workspace_id, name, prefix)
		select $1, id(n), $2, 'key', 'bsr' from generate_series(1, $3::integer) n`,
	`insert into api_key_secrets (organization_id, api_key_id, secret_hash)
		select $1, id(n), sha256(uuid_send($2::uuid) || int4send(n)) from generate_series(1, $3::integer) n`,
	`insert into limits (organization_id, id, api_key_id, kind, type, period, max_units)
		select $1, id(3 * n + l.number), id(n), l.kind::limit_kind, l.type::limit_type, l.period::limit_period, 900000000000000000
		from generate_series(1, $3::integer) n cross join
			(values (0, 'BUDGET', 'COST', 'MONTHLY'), (1, 'BUDGET', 'TOKENS', 'NONE'), (2, 'RATE', 'REQUESTS', 'DAY')) l (number, kind, type, period)
		where $2::uuid is not null`,
	`insert into counters (organization_id, id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
			period_start, period_end)
		select organization_id, id, id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
			coalesce(period_start(period, clock_timestamp()), clock_timestamp()), period_end(period, clock_timestamp())
		from limits where api_key_id is not null and $1::uuid <> $2::uuid and $3::integer > 0`,
	`insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
		select $1, 'loaded ' || n, id(n), uuid_send($2::uuid), id(n), clock_timestamp() from generate_series(1, $3::integer / 10) n`,
	`insert into reservations (organization_id, id, api_key_id, workspace_id, request_id, fingerprint, requests, tokens, cost_nanos, counter_ids,
			period_numbers, admitted_at, expires_at)
		select $1, id(n), id(n), $2, 'loaded ' || n, '', 1, 0, 0, '{}', '{}', clock_timestamp(), clock_timestamp() + interval '1 day'
		from generate_series(1, $3::integer / 10) n`,
}

// enforced are the tables that the statements of enforcement read or write.
var enforced = []string{"organizations", "workspaces", "api_keys", "api_key_secrets", "limits", "counters", "budget_periods", "reservations",
	"usage_event_requests", "alerts", "alert_deliveries"}

// loadKeys makes a thousand other organizations, and gives the tenant's own many keys with three limits each, and a tenth as many open reservations and ids
// of reports, without
// what would take longer than the rows themselves: foreign keys and the audit log. Nothing is analyzed, neither now nor later
// by the server itself.
func (g *gateway) loadKeys(t *testing.T, keys int) {
	t.Helper()
	for _, table := range enforced {
		g.exec(`alter table ` + table + ` set (autovacuum_enabled = off)`)
	}
	g.load(t, loaded, keys)
}

// load runs statements that fill tables for the tenant, without foreign keys and the audit log.
func (g *gateway) load(t *testing.T, statements []string, keys int) {
	t.Helper()
	ctx := context.Background()
	err := pgx.BeginFunc(ctx, g.Pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `set local session_replication_role = replica`)
		for _, statement := range statements {
			if err == nil {
				statement = idOf.ReplaceAllString(statement, `('00000000-0000-7000-8000-' || lpad(to_hex($1), 12, '0'))::uuid`)
				_, err = tx.Exec(ctx, statement, g.Organization.ID, g.Workspace.ID, keys)
			}
		}
		return err
	})
	must(t, 0, err)
}

// loadBeforeIndexes is load for tables that are analyzed later: their indexes that are no constraints are made after the rows, which takes half as
// long.
func (g *gateway) loadBeforeIndexes(t *testing.T, statements []string, keys int) {
	t.Helper()
	definitions := query[[]string](g, `select array_agg(pg_get_indexdef(i.indexrelid)) from pg_index i join pg_class c on c.oid = i.indexrelid
		where c.relkind = 'i' and not c.relispartition and not i.indisunique and not i.indisexclusion and c.relnamespace = 'public'::regnamespace`)
	for _, definition := range definitions {
		g.exec(`drop index ` + indexOf.FindStringSubmatch(definition)[1])
	}
	g.load(t, statements, keys)
	for _, definition := range definitions {
		g.exec(definition)
	}
}

// indexOf finds an index's name in its definition.
var indexOf = regexp.MustCompile(`^CREATE INDEX (\S+) ON `)

// idOf is what stands for loadedID in SQL.
var idOf = regexp.MustCompile(`\bid\(([^()]+)\)`)
