package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
)

const (
	workspaceCount = 10
	farAway        = int64(1e17) // units of every limit: 100,000,000 dollars, or as many requests as nobody makes
)

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
	return load(ctx, pool, "benchmark", keys, "", []step{
		{createPlainTables, nil},
		{insertPlainLimits, []any{farAway}},
		{insertPlainRows, []any{plainRows}},
		{analyzePlain, nil},
	})
}

// loadMany makes a second organization like the first, but each of its keys has three limits: a weekly TOKENS budget too.
func loadMany(ctx context.Context, pool *pgxpool.Pool, keys int) (*Data, error) {
	return load(ctx, pool, "many-keys", keys, andTokens, nil)
}

// step is a statement of a load.
type step struct {
	statement string
	arguments []any
}

// load makes an organization with all that belongs to it and runs further steps, or changes nothing.
func load(ctx context.Context, pool *pgxpool.Pool, slug string, keys int, moreLimits string, more []step) (*Data, error) {
	secret := auth.NewSecret(auth.AccessTokenPrefix)
	data := &Data{Keys: keys, Token: secret.Text, salt: fmt.Sprintf("%s%d_", auth.APIKeyPrefix, time.Now().UnixNano())}
	err := db.InTx(ctx, pool, db.Actor{Name: "bursar bench", Action: "load"}, func(tx pgx.Tx) error {
		organization, err := db.New().CreateOrganization(ctx, tx,
			&db.CreateOrganizationParams{Name: "Benchmark", Slug: slug, Plan: db.PlanENTERPRISE})
		if err != nil {
			return err
		}
		data.OrganizationID = organization.ID
		if _, err := db.New().CreateAccessToken(ctx, tx, &db.CreateAccessTokenParams{
			OrganizationID: organization.ID, Name: "The gateway", Role: db.TokenRoleGATEWAY, Prefix: secret.Prefix, TokenHash: secret.Hash,
		}); err != nil {
			return err
		}
		return run(ctx, tx, append([]step{
			{prepareLoad, nil},
			{insertWorkspaces, []any{organization.ID, workspaceCount}},
			{insertLoaded, []any{keys}},
			{insertKeys, []any{organization.ID, workspaceCount, auth.APIKeyPrefix}},
			{insertSecrets, []any{organization.ID, data.salt, secretDigits}},
			{strings.Replace(insertLimits, andMore, moreLimits, 1), []any{organization.ID, farAway}},
			{insertCounters, []any{organization.ID}},
			{finishLoad, nil},
		}, more...))
	})
	if err == nil {
		_, err = pool.Exec(ctx, analyzeLoaded)
	}
	if err != nil {
		return nil, fmt.Errorf("load the benchmark's data: %w", err)
	}
	return data, nil
}

func run(ctx context.Context, tx pgx.Tx, steps []step) error {
	for _, s := range steps {
		if _, err := tx.Exec(ctx, s.statement, s.arguments...); err != nil {
			return err
		}
	}
	return nil
}
