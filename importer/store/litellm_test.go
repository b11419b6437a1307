package store_test

import (
	"context"
	"strings"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/importer/litellm"
	"bursar/importer/store"
)

// Guarantee: a LiteLLM export becomes organizations, workspaces, API keys, limits, policies and opening balances, which current periods count and
// the ledger shows as such; its API keys are found by the secrets that people have; each object has its entry in the audit log; the books are right; and another run
// changes no row.
func TestLiteLLM(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	plan := fromLiteLLM(t, "../litellm/testdata")
	apply(t, pool, plan)
	equal(t, "organizations", query[string](t, pool, `select string_agg(slug, ' ' order by slug) from organizations`), "acme litellm o-2")
	equal(t, "workspaces", query[string](t, pool, `select string_agg(slug, ' ' order by slug) from workspaces`), "research research-2 t-3")
	equal(t, "enabled API keys", query[int](t, pool, `select count(*) from api_keys where enabled and revoked_at is null`), 7)
	equal(t, "disabled API keys", query[int](t, pool, `select count(*) from api_keys where not enabled and revoked_at is null`), 2)
	found := query[string](t, pool, `select k.name || ' ' || k.prefix from find_api_key(null, sha256('sk-this-is-the-secret-itself-0123456789'), null, now()) k`)
	if !strings.HasPrefix(found, "in clear sk-...") {
		t.Errorf("the secret is found as %q", found)
	}
	spent := func(what, subject string) string {
		return query[string](t, pool, `select string_agg(c.type || ' ' || c.used_units, ', ' order by c.type) from counters c where c.kind = 'BUDGET' and c.subject_id = (`+subject+`)`)
	}
	equal(t, "the organization has used", spent("", `select id from organizations where slug = 'acme'`), "COST 120500000000")
	equal(t, "the workspace has used", spent("", `select id from workspaces where slug = 'research'`), "COST 60250000000")
	equal(t, "the API key has used", spent("", `select id from api_keys where name = 'all there is' and prefix = 'sk-...aaaa'`), "COST 20100000000")
	equal(t, "the period that was over counts", spent("", `select id from api_keys where name = 'over'`), "COST 0")
	equal(t, "ledger rows that are no opening balance", query[int](t, pool, `select count(*) from usage_events where opening_of is distinct from 'litellm' or requests <> 0 or model <> 'opening balance'`), 0)
	equal(t, "the ledger has in all", query[string](t, pool, `select sum(cost_nanos)::text from usage_events e join organizations o on o.id = e.organization_id where o.slug = 'acme'`), "120500000000")
	equal(t, "policies", query[string](t, pool, `select string_agg(p.name, '; ' order by p.name collate "C") from policies p`),
		"claude-*: BUDGET COST, each of 1 API keys; claude-*: RATE REQUESTS, each of 1 API keys; gpt-4o: RATE REQUESTS, team t-3; gpt-4o: RATE TOKENS, each of 1 API keys; openai/gpt-4o: BUDGET COST, each of 2 API keys")
	equal(t, "API keys and organizations without an entry of the operator in the audit log", query[int](t, pool, `select count(*) from (select id from api_keys union all select id from organizations) o
		where not exists (select from audit_log a where a.target_id = o.id and a.actor = 'bursar import litellm' and a.action = 'importLitellm')`), 0)
	equal(t, "current secrets that can be used by nobody", query[int](t, pool, `select count(*) from api_keys k where k.revoked_at is null
		and not exists (select from api_key_secrets s where s.api_key_id = k.id and s.transition_ends_at is null)`), 0)
	verifyBooks(t, pool)

	before := everything(t, pool)
	apply(t, pool, fromLiteLLM(t, "../litellm/testdata"))
	equal(t, "after a second run", everything(t, pool), before)
}

// Guarantee: an organization whose slug is taken by another one is made beside it, which stays as it is; with a target everything goes into that; an API key whose
// secret another API key has is left out, with a line.
func TestAnotherOrganizationOfTheSameName(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	f := &dbtest.Factory{T: t, Pool: pool}
	if _, err := db.New().CreateOrganization(t.Context(), pool, &db.CreateOrganizationParams{Name: "Acme", Slug: "acme", Plan: db.PlanFREE}); err != nil {
		t.Fatal(err)
	}
	plan := fromLiteLLM(t, "../litellm/testdata")
	apply(t, pool, plan)
	equal(t, "organizations", query[string](t, pool, `select string_agg(slug || ' ' || plan, ', ' order by slug) from organizations`), "acme FREE, acme-2 ENTERPRISE, litellm ENTERPRISE, o-2 ENTERPRISE")
	equal(t, "API keys of the other one", query[int](t, pool, `select count(*) from api_keys k join organizations o on o.id = k.organization_id where o.slug = 'acme'`), 0)

	into := f.Organization(db.PlanENTERPRISE)
	source, err := litellm.Read([]string{"../litellm/testdata"})
	if err != nil {
		t.Fatal(err)
	}
	again := litellm.Plan(source, litellm.Options{Source: "another installation", Single: into.Name, Calendar: calendar()})
	resolve(t, pool, again, store.Target{Into: into})
	equal(t, "API keys with the same secrets that are left out", again.Keys(), 0)
	if err := applier(pool).Apply(t.Context(), again); err != nil {
		t.Fatal(cause(err))
	}
	equal(t, "workspaces in the target", query[int](t, pool, `select count(*) from workspaces where organization_id = $1`, into.ID), 3)
	free := litellm.Plan(source, litellm.Options{Source: "a third", Single: "Acme", Calendar: calendar()})
	poor := f.Organization(db.PlanFREE)
	if problems := resolve(t, pool, free, store.Target{Into: poor}); len(problems) != 1 || !strings.Contains(problems[0], "FREE") {
		t.Errorf("limits in an organization without governance: %v", problems)
	}
	verifyBooks(t, pool)
}

// Guarantee: an import that is killed has made whole organizations and nothing of the next one, and another run makes the rest: the same as without a kill.
func TestKilled(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	made := 0
	for kills := 0; ; kills++ {
		plan := fromLiteLLM(t, "../litellm/testdata")
		resolve(t, pool, plan, store.Target{})
		killed, kill := context.WithCancel(t.Context())
		a := applier(pool)
		calls := 0
		a.Done = func(int) {
			if calls++; calls > kills {
				kill()
			}
		}
		err := a.Apply(killed, plan)
		kill()
		equal(t, "API keys without an organization that was finished", query[int](t, pool, `select count(*) from imported_objects o where o.kind = 'API_KEY'
			and not exists (select from api_keys k join api_key_secrets s on s.api_key_id = k.id where k.id = o.object_id)`), 0)
		now := query[int](t, pool, `select count(*) from organizations`)
		if now < made {
			t.Fatalf("%d organizations, %d before", now, made)
		}
		made = now
		verifyBooks(t, pool)
		if err == nil {
			break
		}
		if kills > 20 {
			t.Fatal(cause(err))
		}
	}
	equal(t, "API keys", query[int](t, pool, `select count(*) from api_keys where revoked_at is null`), 9)
	equal(t, "opening balances", query[string](t, pool, `select sum(cost_nanos)::text from usage_events e join organizations o on o.id = e.organization_id where o.slug = 'acme'`), "120500000000")
}
