package db_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
)

// limits is a form of limits, as set_limits takes it.
type limits struct {
	deleted          []uuid.UUID
	changed, created []object
}

type object = map[string]any

// set sets limits of the tenant's key.
func (g *gateway) set(l limits) {
	g.T.Helper()
	must(g.T, 0, g.trySet(l))
}

func (g *gateway) trySet(l limits) error {
	g.T.Helper()
	encoded := func(list []object) string {
		if list == nil {
			list = []object{}
		}
		text, err := json.Marshal(list)
		return string(must(g.T, text, err))
	}
	_, err := g.Pool.Exec(context.Background(), `select set_limits($1, null, $2, $3, $4, $5, $6)`,
		g.Organization.ID, g.Key.ID, l.deleted, encoded(l.changed), encoded(l.created), g.now)
	return err
}

func budgetOf(id *uuid.UUID, unit db.LimitType, period db.LimitPeriod, units int64, alerts ...int64) object {
	return object{"id": id, "kind": "BUDGET", "type": unit, "period": period, "max_units": units, "alert_units": append([]int64{}, alerts...)}
}

// What a form sets is what single changes set: amounts and thresholds keep what was used and held, take effect with the next decision and
// raise alerts at once; another type or period begins at zero, and the old generation is in history; new limits count from now.
func TestSetLimitsIsTheSingleChanges(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tokens := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100)
	cost := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodNONE, 10*dollar)
	gone := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 1000)
	rate := g.rate(onKey, db.LimitTypeTOKENS, db.LimitPeriodDAY, 500)
	g.book(reportTokens(60))
	g.admit(estimateTokens(10))
	g.set(limits{
		deleted: []uuid.UUID{gone},
		changed: []object{budgetOf(&tokens, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 90, 80, 50), budgetOf(&cost, db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 7),
			{"id": rate, "type": "TOKENS", "period": "HOUR", "max_units": 40, "alert_units": []int64{}}},
		created: []object{budgetOf(nil, db.LimitTypeCOST, db.LimitPeriodNONE, 5*dollar), {"kind": "RATE", "type": "REQUESTS", "period": "MINUTE", "max_units": 3, "alert_units": []int64{}}},
	})
	g.counts(tokens, 60, 10)
	g.raised(tokens, 50)
	equal(t, "generation", g.limit(tokens).Generation, 1)
	g.counts(cost, 0, 0)
	g.counts(rate, 0, 0)
	equal(t, "generation of another type", g.limit(cost).Generation, 2)
	equal(t, "generation of another window", g.limit(rate).Generation, 2)
	equal(t, "old generations", len(g.history(cost)), 1)
	equal(t, "limits", query[int](g, `select count(*) from limits`), 5)
	g.deny(estimateTokens(8), db.DenialReasonESTIMATEEXCEEDSLIMIT) // of the budget of 7
	g.admit(estimateTokens(5))
	g.verified()

	next := g.after(7 * 24 * time.Hour) // the ended week goes to history, and not into the new one
	next.set(limits{changed: []object{budgetOf(&tokens, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 95, 50)}})
	next.counts(tokens, 0, 0)
	periods := next.history(tokens)
	equal(t, "ended", len(periods), 1)
	next.ended(periods[0], 60, 15)
	next.verified()
}

// Two budgets exchange type and period in one statement, also if all the kinds that there are are taken, and so do three in a ring.
func TestSetLimitsExchangesKinds(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	var all []uuid.UUID
	kinds := []object{}
	for _, unit := range []db.LimitType{db.LimitTypeCOST, db.LimitTypeTOKENS} {
		for _, period := range []db.LimitPeriod{db.LimitPeriodNONE, db.LimitPeriodWEEKLY, db.LimitPeriodMONTHLY} {
			all = append(all, g.budget(onKey, unit, period, dollar))
			kinds = append(kinds, budgetOf(nil, unit, period, 2*dollar))
		}
	}
	for _, step := range []int{1, 3} {
		changed := make([]object, len(all))
		for i := range all {
			changed[i] = object{"id": all[i]}
			for name, value := range kinds[(i+step)%len(all)] {
				if name != "id" {
					changed[i][name] = value
				}
			}
		}
		g.set(limits{changed: changed})
		for i := range all {
			limit := g.limit(all[i])
			equal(t, "type", string(limit.Type), string(changed[i]["type"].(db.LimitType)))
			equal(t, "period", string(limit.Period), string(changed[i]["period"].(db.LimitPeriod)))
		}
	}
	err := g.trySet(limits{created: []object{budgetOf(nil, db.LimitTypeCOST, db.LimitPeriodNONE, dollar)}})
	if refused, is := err.(*pgconn.PgError); !is || refused.ConstraintName != "limits_subject_type_period_key" { //nolint:errorlint // as it is returned
		t.Errorf("a second one of a kind: %v", err)
	}
	g.verified()
}

// Limits of another subject and of another organization are neither deleted nor changed, whatever ids are given; a server sets limits of the
// organization that its transaction has named, and of no other.
func TestSetLimitsKeepsToItsSubject(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	other := g.neighbour()
	ofWorkspace, foreign := g.budget(onWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 100), other.tokenBudget(100)
	g.set(limits{deleted: []uuid.UUID{ofWorkspace, foreign}, changed: []object{budgetOf(&ofWorkspace, db.LimitTypeTOKENS, db.LimitPeriodNONE, 7), budgetOf(&foreign, db.LimitTypeTOKENS, db.LimitPeriodNONE, 7)}})
	equal(t, "amount of the workspace's", g.limit(ofWorkspace).MaxUnits, 100)
	equal(t, "amount of the other's", other.limit(foreign).MaxUnits, 100)
	_, err := db.NewTenantDB(server.ServerPool(t, g.Pool)).For(&g.Organization.ID).Exec(ctx, `select set_limits($1, null, null, $2, '[]', '[{"kind": "BUDGET", "type": "TOKENS", "period": "NONE", "max_units": 1, "alert_units": []}]')`,
		other.Organization.ID, []uuid.UUID{foreign})
	must(t, 0, err)
	equal(t, "limits", query[int](g, `select count(*) from limits where organization_id = $1`, other.Organization.ID), 1)
}

// Versions are the database's: plain SQL counts as well, in one step for each statement and subject, also for a subject from which a limit is
// taken. Enforcement counts none, and neither do changes that change nothing. A server cannot set a version.
func TestVersionsOfPlainSQL(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.tokenBudget(100)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 5)
	version := func(table string) int {
		return query[int](g, `select version from `+table+` t where coalesce(to_jsonb(t) ->> 'organization_id', id::text) = $1::text order by id limit 1`, g.Organization.ID.String())
	}
	for _, c := range []struct {
		statement                    string
		key, workspace, organization int
	}{
		{`update limits set max_units = max_units + 1`, 1, 0, 0},
		{`update limits set max_units = max_units`, 0, 0, 0},
		{`update limits set generation = generation + 1, generation_started_at = now()`, 0, 0, 0},
		{`update limits set api_key_id = null, workspace_id = (select id from workspaces where organization_id = limits.organization_id limit 1)`, 1, 1, 0},
		{`insert into recipients (organization_id, api_key_id, email) select organization_id, id, n || '@acme.test' from api_keys, generate_series(1, 3) n`, 1, 0, 0},
		{`update recipients set email = 'other@acme.test' where email = '1@acme.test'`, 1, 0, 0},
		{`delete from recipients`, 1, 0, 0},
		{`delete from recipients`, 0, 0, 0},
		{`insert into organization_quotas (organization_id, name, maximum) select id, 'MEMBERS', 7 from organizations`, 0, 0, 1},
		{`update organizations set name = name || 'x'`, 0, 0, 1},
		{`update workspaces set slug = slug`, 0, 0, 0},
		{`update api_keys set last_used_at = now()`, 0, 0, 0},
		{`update api_keys set name = 'x', enabled = false`, 1, 0, 0},
		{`delete from limits`, 0, 1, 0},
	} {
		key, workspace, organization := version("api_keys"), version("workspaces"), version("organizations")
		g.exec(c.statement)
		equal(t, c.statement+": key", version("api_keys")-key, c.key)
		equal(t, c.statement+": workspace", version("workspaces")-workspace, c.workspace)
		equal(t, c.statement+": organization", version("organizations")-organization, c.organization)
	}
	for _, statement := range []string{`update api_keys set version = 1`, `update workspaces set version = 1`, `update organizations set version = 1`, `update limits set version = 1`,
		`update api_keys set updated_by = ''`, `select count_change_of_subject()`} {
		if _, err := db.NewTenantDB(server.ServerPool(t, g.Pool)).For(&g.Organization.ID).Exec(context.Background(), statement); !isRefused(err) {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// Enforcement and resets count no versions, although a key's last use is noted in its row.
func TestEnforcementCountsNoVersions(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	budget := g.tokenBudget(100)
	before := query[string](g, `select string_agg(v, ' ') from (select version || ':' || coalesce(updated_at::text, '') as v from api_keys
		union all select version || ':' || coalesce(defined_at::text, '') from limits union all select version || ':' || coalesce(updated_at::text, '') from organizations) t`)
	g.book(reportTokens(10))
	g.admit(estimateTokens(10))
	g.reset(budget)
	g.after(time.Hour).book(reportTokens(1))
	after := query[string](g, `select string_agg(v, ' ') from (select version || ':' || coalesce(updated_at::text, '') as v from api_keys
		union all select version || ':' || coalesce(defined_at::text, '') from limits union all select version || ':' || coalesce(updated_at::text, '') from organizations) t`)
	equal(t, "versions", after, before)
	equal(t, "last use is noted", query[bool](g, `select bool_or(last_used_at is not null) from api_keys`), true)
}
