package move

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/id"
)

// Guarantee: a move that cannot succeed, or that somebody must decide on first, is refused with the reason, and changes nothing.
func TestMovesAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	slug := f.Organization.Slug
	for _, c := range []struct {
		named, to string
		home, eu  string // statements that make it so
		undo      string // in the same database
		want      string
	}{
		{named: "nobody", to: "eu", want: `the directory has no organization "nobody"`},
		{named: slug, to: "home", want: slug + " is in home already"},
		{named: slug, to: "us", want: `BURSAR_CELLS has no cell "us"`},
		{named: slug, to: "eu", home: `update cells set state = 'CLOSED' where name = 'eu'`, undo: `update cells set state = 'OPEN'`, want: "eu is CLOSED and takes no organizations"},
		{named: slug, to: "eu", home: `update cells set state = 'FULL' where name = 'eu'`, undo: `update cells set state = 'OPEN'`, want: "eu is FULL and takes no organizations"},
		{named: slug, to: "eu", home: `do $$ begin update cells set region = 'us' where name = 'home'; update organization_cells set region = 'us'; end $$`,
			undo: `do $$ begin set local session_replication_role = replica; update organization_cells set region = null; update cells set region = null; end $$`, want: "must not leave the region us"},
		{named: slug, to: "eu", home: `update organization_cells set claimed_at = now()`, undo: `update organization_cells set claimed_at = null`, want: "is being made"},
		{named: slug, to: "eu", eu: `update cell_identity set name = 'us'`, undo: `update cell_identity set name = 'eu'`, want: "the database that is named eu says that it is us"},
		{named: slug, to: "eu", eu: `update cell_identity set installation = uuid_v7()`, undo: `update cell_identity set installation = '00000000-0000-7000-8000-000000000001'`,
			want: "are of two installations"},
		{named: slug, to: "eu", eu: `update cell_identity set incarnation = uuid_v7()`, undo: `update cell_identity set incarnation = installation`, want: "was restored to an earlier time"},
		{named: slug, to: "eu", home: `update cells set moves = 1 where name = 'eu'`, undo: `update cells set moves = 0`, want: "was restored to an earlier time"},
		{named: slug, to: "eu", eu: `update schema_release set number = number + 1`, undo: `update schema_release set number = number - 1`, want: "run bursar migrate up for both"},
		{named: slug, to: "eu", eu: `alter table members add column x integer`, undo: `alter table members drop column x`, want: "have other columns of members"},
		{named: slug, to: "eu", home: `select set_residence(id, 'LEAVING') from organizations`, undo: `select set_residence(id, 'HERE') from organizations`, want: "it is LEAVING there"},
		{named: slug, to: "eu", eu: `insert into organizations (id, name, slug, plan) values (uuid_v7(), 'x', '` + slug + `', 'PRO')`,
			undo: `delete from organizations`, want: "the slug of " + slug + " is another organization's in eu"},
	} {
		for statement, pool := range map[string]*Cell{c.home: {"home", f.Pool}, c.eu: {"eu", f.eu}} {
			if statement == "" {
				continue
			}
			exec(t, pool.Pool, statement)
		}
		_, err := f.cells.Begin(t.Context(), c.named, c.to)
		if _, is := errors.AsType[*RefusedError](err); err == nil || !strings.Contains(err.Error(), c.want) || !is && c.to != "us" {
			t.Errorf("%s to %s is refused with %v, want %q", c.named, c.to, err, c.want)
		}
		switch {
		case c.home != "":
			exec(t, f.Pool, c.undo)
		case c.eu != "":
			exec(t, f.eu, c.undo)
		}
	}
	equal(t, "moves", value[int](t, f.Pool, `select count(*) from organization_moves`), 0)
	m, err := f.cells.Begin(t.Context(), id.Organization.Format(f.Organization.ID), "eu")
	if err != nil || m.Plan().rowsOf("members") != 1 || m.Plan().Standstill < base {
		t.Errorf("by its id it is %v, plan %+v", err, m)
	}
	if err := m.Abort(t.Context()); err == nil || !strings.Contains(err.Error(), "is not being moved") {
		t.Errorf("what is not begun is aborted: %v", err)
	}
}

// Guarantee: a week after a move, the rows go from where the organization was, but for one that has no data and says that it has left: enforcement is refused there as before,
// and its slug is free. What has come back is not touched, and neither is anybody else.
func TestPurge(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.load(dbtest.Large{Keys: 5, Events: 500, Tail: 50, Month: month().AddDate(0, -1, 0)})
	other := &fixture{Tenant: dbtest.NewTenant(t, f.Pool), cells: f.cells, eu: f.eu}
	before := other.rows(f.Pool)
	f.move("eu")
	there := f.rows(f.eu)
	purge := func(after time.Duration) (purged []string) {
		t.Helper()
		err := f.cells.Purge(context.Background(), after, func(_ uuid.UUID, cell string) { purged = append(purged, cell) })
		if err != nil {
			t.Fatal(err)
		}
		return purged
	}
	equal(t, "purged too early", len(purge(DefaultKeep)), 0)
	exec(t, f.Pool, `update organization_moves set changed_at = now() - interval '8 days'`)
	equal(t, "purged", strings.Join(purge(DefaultKeep), " "), "home")
	equal(t, "purged again", len(purge(DefaultKeep)), 0)
	for name, rows := range f.rows(f.Pool) {
		if rows != "" && name != organizations {
			t.Errorf("%s has rows: %.200s", name, rows)
		}
	}
	equal(t, "the row that is left", value[string](t, f.Pool, `select concat_ws(' ', name, residence, slug = 'moved-' || replace(id::text, '-', '')) from organizations where id = $1`,
		f.Organization.ID), "moved LEFT t")
	f.same("the target", f.rows(f.eu), there)
	other.same("the other organization", other.rows(f.Pool), before)
	_, err := db.New().RollUpUsage(t.Context(), f.Pool, &db.RollUpUsageParams{OrganizationID: f.Organization.ID, Number: 1})
	if db.MovedOrganizations(err) == nil {
		t.Errorf("who asks there is told %v", err)
	}
	f.verified()

	f.move("home")
	f.same("home", f.rows(f.Pool), there)
	f.move("eu")
	f.move("home")
	purge(-time.Hour)
	f.same("home, after it has come back", f.rows(f.Pool), there)
	equal(t, "what has come back", f.residences(), "HERE LEFT")
	f.verified()
}

// Guarantee: a hold keeps its price in the other database, where the same price has another id; so it is settled for the same.
func TestHoldsKeepTheirPrices(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const price = `insert into prices (id, provider, model, is_prefix, effective_from, rates, steps, step_rates)
		values ($1, 'openai', $2, false, '2026-01-01Z', '[{}]', '{1}', '{1,2}')`
	ids := map[string]uuid.UUID{}
	for _, name := range []string{"here", "there", "known"} {
		ids[name] = uuid.New()
	}
	exec(t, f.Pool, price, ids["here"], "same")
	exec(t, f.Pool, price, ids["known"], "known")
	exec(t, f.eu, price, ids["there"], "same")
	for i, held := range []uuid.UUID{ids["here"], ids["known"]} {
		exec(t, f.Pool, `insert into reservations (organization_id, id, api_key_id, fingerprint, requests, tokens, cost_nanos, counter_ids, period_numbers, admitted_at, expires_at, price_id)
			values ($1, uuid_v7(now() + $4 * interval '1 second'), $2, '', 1, 1, 1, '{}', '{}', now(), now() + interval '1 hour', $3)`, f.Organization.ID, f.Key.ID, held, i)
	}
	f.move("eu")
	equal(t, "the prices of holds", value[string](t, f.eu, `select string_agg(coalesce(price_id::text, '-'), ' ' order by id) from reservations`), ids["there"].String()+" -")
}
