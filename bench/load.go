package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
)

const (
	workspaceCount = 10
	farAway        = int64(1e17) // units of every limit: 100,000,000 dollars, or as many requests as nobody makes
)

// Data is what was loaded.
type Data struct {
	Secrets []string // of the API keys
}

// ErrInUse is a database that holds what is not the benchmark's.
var ErrInUse = errors.New("the database holds other data: name an empty one, made for the benchmark and dropped after it")

// RefuseUsed fails with ErrInUse for a database with an organization in it, or with tables of another program. It changes
// nothing.
func RefuseUsed(ctx context.Context, pool *pgxpool.Pool) error {
	var ours, foreign, used bool
	err := pool.QueryRow(ctx, `
		select t.ours, not t.ours and exists (select from pg_tables where schemaname not in ('pg_catalog', 'information_schema'))
		from (select to_regclass('schema_functions') is not null and to_regclass('organizations') is not null as ours) t`,
	).Scan(&ours, &foreign)
	if err == nil && ours {
		err = pool.QueryRow(ctx, "select exists (select from organizations)").Scan(&used)
	}
	if err != nil {
		return fmt.Errorf("look whether the database is empty: %w", err)
	}
	if foreign || used {
		return ErrInUse
	}
	return nil
}

// Load makes one organization of plan ENTERPRISE with ten workspaces and the given number of API keys. A request of a key
// passes four limits, none of them tight: a monthly COST budget and REQUESTS a minute on the key, and a monthly COST budget
// each on its workspace and the organization. The database has this binary's schema and is empty, as RefuseUsed says.
func Load(ctx context.Context, pool *pgxpool.Pool, keys int) (*Data, error) {
	data := &Data{Secrets: make([]string, keys)}
	ids, prefixes, hashes := make([]uuid.UUID, keys), make([]string, keys), make([][]byte, keys)
	for i := range keys {
		secret := auth.NewSecret(auth.APIKeyPrefix)
		data.Secrets[i], prefixes[i], hashes[i] = secret.Text, secret.Prefix, secret.Hash
		var err error
		if ids[i], err = uuid.NewV7(); err != nil {
			return nil, err
		}
	}
	err := db.InTx(ctx, pool, db.Actor{Name: "bursar bench", Action: "load"}, func(tx pgx.Tx) error {
		organization, err := db.New().CreateOrganization(ctx, tx,
			&db.CreateOrganizationParams{Name: "Benchmark", Slug: "benchmark", Plan: db.PlanENTERPRISE})
		if err != nil {
			return err
		}
		for _, step := range []struct {
			statement string
			arguments []any
		}{
			{disableTriggers, nil},
			{insertWorkspaces, []any{organization.ID, workspaceCount}},
			{insertKeys, []any{organization.ID, ids, prefixes, workspaceCount}},
			{insertSecrets, []any{organization.ID, ids, hashes}},
			{insertLimits, []any{organization.ID, farAway}},
			{enableTriggers, nil},
			{createPlainTables, nil},
			{insertPlainLimits, []any{farAway}},
			{insertPlainRows, []any{plainRows}},
		} {
			if _, err := tx.Exec(ctx, step.statement, step.arguments...); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, err = pool.Exec(ctx, analyzeLoaded)
	}
	if err != nil {
		return nil, fmt.Errorf("load the benchmark's data: %w", err)
	}
	return data, nil
}

// The audit rows of what is loaded would take longer to write than everything else, and nobody reads them. Other programs
// cannot change the tables unaudited in between: altering a table locks it until the transaction ends.
const (
	disableTriggers = `alter table api_keys disable trigger user; alter table limits disable trigger user`
	enableTriggers  = `alter table api_keys enable trigger user; alter table limits enable trigger user`
)

// analyzeLoaded has the planner know what was loaded, as it would a minute later. Tables that are empty are left as a new
// installation has them: PostgreSQL takes them for small ones once it has looked, and reads them from end to end.
const analyzeLoaded = `vacuum (analyze) organizations, workspaces, api_keys, api_key_secrets, limits, bursar_bench.limits,
	bursar_bench.counters`

const (
	insertWorkspaces = `
		insert into workspaces (organization_id, name, slug)
		select $1, 'Workspace ' || n, 'workspace-' || n from generate_series(1, $2::integer) n`
	insertKeys = `
		insert into api_keys (organization_id, id, workspace_id, name, prefix)
		select $1, k.id, w.id, 'Key ' || k.place, k.prefix
		from unnest($2::uuid[], $3::text[]) with ordinality k (id, prefix, place)
		join (select id, row_number() over (order by id) as place from workspaces where organization_id = $1) w
			on w.place = 1 + k.place % $4::integer`
	insertSecrets = `
		insert into api_key_secrets (organization_id, api_key_id, secret_hash)
		select $1, k.id, k.hash from unnest($2::uuid[], $3::bytea[]) k (id, hash)`
	insertLimits = `
		insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units, period_start, period_end)
		select $1, s.workspace_id, s.api_key_id, s.kind, s.type, s.period, $2, period_start(s.period, now()),
			period_end(s.period, now())
		from (
			select null::uuid as workspace_id, null::uuid as api_key_id, 'BUDGET'::limit_kind as kind, 'COST'::limit_type as type,
				'MONTHLY'::limit_period as period
			union all select w.id, null, 'BUDGET', 'COST', 'MONTHLY' from workspaces w where w.organization_id = $1
			union all select null, k.id, 'BUDGET', 'COST', 'MONTHLY' from api_keys k where k.organization_id = $1
			union all select null, k.id, 'RATE', 'REQUESTS', 'MINUTE' from api_keys k where k.organization_id = $1
		) s`
)
