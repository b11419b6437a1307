package db_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
)

// The filter by status finds exactly the keys whose status it is, also those that a budget of their workspace or organization
// has exhausted, that holds alone fill, and that only an ended period or an expired hold had filled; so do the count and the operator's list.
func TestListByStatus(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	for _, statement := range []string{
		`insert into workspaces (organization_id, name, slug) select id, 'w', 'w-' || n from organizations, generate_series(1, 3) n`,
		`insert into api_keys (organization_id, workspace_id, name, prefix, enabled, revoked_at, expires_at)
			select w.organization_id, case when n % 3 > 0 then w.id end, 'key', 'bsr_', n % 7 <> 0, case when n % 11 = 0 then now() end,
				case when n % 5 = 0 then now() - interval '1 hour' when n % 5 = 1 then now() + interval '1 hour' end
			from workspaces w, generate_series(1, 40) n`,
		// every third key, the first workspace of each organization: full, nearly full, full by holds, full in a period that is over
		`create table limited as select s.* from (
			select organization_id, null::uuid, id, row_number() over () from api_keys
			union all select organization_id, id, null, 5 * (slug = 'w-1')::integer from workspaces where slug in ('w-1', 'w-2')) s (organization_id, workspace_id, api_key_id, n)
			where s.n % 3 = 0 or s.workspace_id is not null`,
		`insert into limits (organization_id, workspace_id, api_key_id, kind, type, period, max_units)
			select s.organization_id, s.workspace_id, s.api_key_id, case when s.n % 5 = 4 then 'RATE' else 'BUDGET' end::limit_kind, 'TOKENS',
				case when s.n % 5 = 4 then 'DAY' else 'MONTHLY' end::limit_period, 10 from limited s`,
		`update counters c set period_start = now() - interval '2 days', period_end = now() + case when s.n % 5 = 3 then -1 else 1 end * interval '1 day',
				used_units = case when s.n % 5 in (0, 3, 4) then 10 else 9 end, reserved_units = case when s.n % 5 = 2 then 1 else 0 end
			from limited s where c.subject_id = coalesce(s.api_key_id, s.workspace_id)`,
		// of the holds, half have expired and nobody has swept them
		`insert into reservations (organization_id, id, api_key_id, request_id, fingerprint, requests, tokens, cost_nanos, counter_ids, period_numbers, admitted_at, expires_at)
			select c.organization_id, c.id, c.subject_id, c.id, '', 1, 1, 0, array[c.id], array[1], now() - interval '1 hour',
				now() + case row_number() over () % 2 when 0 then -1 else 1 end * interval '1 minute'
			from counters c where c.reserved_units > 0`,
	} {
		g.exec(statement)
	}
	g.alertExhausted()
	for _, full := range []bool{false, true} {
		if full { // the whole of the other organization
			g.exec(`insert into limits (organization_id, kind, type, period, max_units) values ($1, 'BUDGET', 'COST', 'NONE', 1000000000)`, other.Organization.ID)
			g.exec(`update counters set used_units = 1000000000 where subject_id = $1`, other.Organization.ID)
			g.alertExhausted()
		}
		for _, status := range db.AllApiKeyStatusValues() {
			every := g.listEvery(t, status)
			for _, tenant := range []*gateway{g, other} {
				organization := tenant.Organization.ID
				want := query[string](g, `select coalesce(string_agg(id::text, ' ' order by id desc), '') from api_keys k
					where organization_id = $1 and api_key_status_at(k, statement_timestamp()) = $2`, organization, status)
				rows, err := db.New().ListAPIKeys(context.Background(), g.Pool,
					&db.ListAPIKeysParams{
						OrganizationID: &organization, Statuses: []string{string(status)}, OrderedBy: "CREATED_AT", Descending: true, Number: 1000})
				ids := []string{}
				for _, row := range must(t, rows, err) {
					ids = append(ids, row.APIKey.ID.String())
					if row.Status != status {
						t.Errorf("%s among those that are %s", row.Status, status)
					}
				}
				counted, err := db.New().CountAPIKeys(context.Background(), g.Pool, &db.CountAPIKeysParams{
					OrganizationID: &organization, Statuses: []string{string(status)}})
				if got := strings.Join(ids, " "); got != want || must(t, counted, err) != int64(len(ids)) {
					t.Errorf("%s: %d keys, counted %d, want %d:\n%s\n%s", status, len(ids), counted, strings.Count(want, "-")/4, got, want)
				}
				if got := slices.DeleteFunc(slices.Clone(every), func(k *db.APIKey) bool { return k.OrganizationID != organization }); len(got) != len(ids) {
					t.Errorf("%s: %d in the operator's list, %d in the tenant's", status, len(got), len(ids))
				}
				if len(ids) == 0 && !(full && status == db.ApiKeyStatusACTIVE && tenant == other) {
					t.Errorf("no key is %s: the test shows nothing", status)
				}
			}
		}
	}
}

// alertExhausted records the alerts that are raised when settled usage fills a budget, of the counters that are full.
func (g *gateway) alertExhausted() {
	g.exec(`insert into alerts (organization_id, budget_limit_id, workspace_id, api_key_id, kind, type, period, max_units, used_units, generation,
			period_number, period_start, period_end, raised_at)
		select c.organization_id, c.limit_id, case c.subject_type when 'WORKSPACE' then c.subject_id end,
			case c.subject_type when 'API_KEY' then c.subject_id end, 'EXHAUSTED', c.type, c.period, c.max_units, c.used_units, c.generation,
			c.period_number, c.period_start, c.period_end, clock_timestamp()
		from counters c
		where c.kind = 'BUDGET' and c.used_units >= c.max_units
			and not exists (select from alerts a where a.budget_limit_id = c.limit_id and a.period_number = c.period_number)`)
}

// listEvery returns the keys of all organizations in a status, newest first, two pages together.
func (g *gateway) listEvery(t *testing.T, status db.ApiKeyStatus) []*db.APIKey {
	t.Helper()
	keys, after := []*db.APIKey{}, (*uuid.UUID)(nil)
	for {
		rows, err := db.New().ListAPIKeys(context.Background(), g.Pool, &db.ListAPIKeysParams{
			Statuses: []string{string(status)}, OrderedBy: "CREATED_AT", Descending: true, BelowID: after, Number: 20})
		for _, row := range must(t, rows, err) {
			if after != nil && strings.Compare(row.APIKey.ID.String(), after.String()) >= 0 {
				t.Errorf("%s comes after %s", row.APIKey.ID, after)
			}
			keys, after = append(keys, &row.APIKey), &row.APIKey.ID
		}
		if len(rows) < 20 {
			return keys
		}
	}
}

// A search finds a text in the name, the description or the prefix, whatever the case, and takes no character for a pattern.
func TestListBySearch(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.exec(`insert into api_keys (organization_id, name, description, prefix) values
		($1, 'Chat of ÉCOLE', null, 'bsr_ab'), ($1, 'x', '100% _sure_', 'bsr_cd'), ($1, 'y', null, 'bsr_EF')`, g.Organization.ID)
	for search, want := range map[string]int64{"chat": 1, "ÉCOLE": 1, "%": 1, "_sure_": 1, "r_EF": 1, "bsr_": 4, "": 4, "nothing": 0, `\`: 0} {
		counted, err := db.New().CountAPIKeys(context.Background(), g.Pool, &db.CountAPIKeysParams{OrganizationID: &g.Organization.ID, Search: &search})
		if must(t, counted, err) != want {
			t.Errorf("%q: %d keys, want %d", search, counted, want)
		}
	}
}
