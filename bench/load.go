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
	farAway        = int64(1e17) // units of every limit: 100,000,000 dollars, or more requests than any run makes
)

// ErrInUse is a database that holds other data than the benchmark's.
var ErrInUse = errors.New("the database holds other data: name an empty one, made for the benchmark and dropped after it")

// RefuseUsed returns ErrInUse for a database that has an organization, or tables of another program. It only reads.
func RefuseUsed(ctx context.Context, pool *pgxpool.Pool) error {
	var ours, foreign, used bool
	err := pool.QueryRow(ctx, `
		select t.ours, not t.ours and exists (select from pg_tables where schemaname not in ('pg_catalog', 'information_schema'))
		from (select to_regclass('schema_release') is not null and to_regclass('organizations') is not null as ours) t`,
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

// Load creates an organization of plan ENTERPRISE with ten workspaces and a number of API keys, and the tables of rows f and
// g. Four limits apply to a request, none of them ever reached: a monthly COST budget and REQUESTS a minute on the key, and a
// monthly COST budget each on its workspace and on the organization. The database must have this binary's schema and no
// organization.
func Load(ctx context.Context, pool *pgxpool.Pool, keys int) (*Data, error) {
	return load(ctx, pool, "benchmark", keys, "", []step{
		{createPlainTables, nil},
		{insertPlainLimits, []any{farAway}},
		{insertPlainRows, []any{plainRows}},
		{analyzePlain, nil},
	})
}

// LoadOrganization creates a further organization like that of Load.
func LoadOrganization(ctx context.Context, pool *pgxpool.Pool, slug string, keys int) (*Data, error) {
	return load(ctx, pool, slug, keys, "", nil)
}

// loadMany creates a further organization whose keys have a weekly TOKENS budget as third limit.
func loadMany(ctx context.Context, pool *pgxpool.Pool, keys int) (*Data, error) {
	return load(ctx, pool, "many-keys", keys, andTokens, nil)
}

// newSalt returns a prefix of secrets that no other organization and no other run has.
func newSalt() string { return fmt.Sprintf("%s%d_", auth.APIKeyPrefix, time.Now().UnixNano()) }

// TakeOver returns the data of a database that holds one organization, which another build's bench loaded. It replaces the
// secrets of the API keys, which that build did not tell. The token is one of role GATEWAY. Of the other build's schema it
// knows the table api_key_secrets alone.
func TakeOver(ctx context.Context, connection *pgx.Conn, token string) (*Data, error) {
	data := &Data{Token: token, salt: newSalt()}
	changed, err := connection.Exec(ctx, replaceSecrets, data.salt, secretDigits)
	if err == nil {
		_, err = connection.Exec(ctx, "vacuum (full, analyze) api_key_secrets")
	}
	if err != nil {
		return nil, fmt.Errorf("replace the secrets of the API keys: %w", err)
	}
	data.Keys = int(changed.RowsAffected())
	return data, nil
}

// step is a statement of a load.
type step struct {
	statement string
	arguments []any
}

// load creates an organization with all that belongs to it and runs further statements, in one transaction.
func load(ctx context.Context, pool *pgxpool.Pool, slug string, keys int, moreLimits string, more []step) (*Data, error) {
	secret := auth.NewSecret(auth.AccessTokenPrefix)
	data := &Data{Keys: keys, Token: secret.Text, salt: newSalt()}
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
