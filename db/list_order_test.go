package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
)

// keyOrders are the orders of API keys in SQL, ascending.
var keyOrders = map[string]string{
	"NAME": `fold_case(k.name) collate "C", k.id`, "CREATED_AT": `k.id`, "LAST_USED_AT": `coalesce(k.last_used_at, '-infinity'), k.id`,
}

// keyFilters are filters of API keys, and what they mean in SQL.
var keyFilters = []struct {
	name, condition string
	set             func(g *gateway, p *db.ListAPIKeysParams)
}{
	{"all", `true`, func(*gateway, *db.ListAPIKeysParams) {}},
	{"two statuses", `api_key_status_at(k, statement_timestamp()) in ('REVOKED', 'EXHAUSTED')`, func(_ *gateway, p *db.ListAPIKeysParams) {
		p.Statuses = []string{"EXHAUSTED", "REVOKED"}
	}},
	{"few exhausted", `api_key_status_at(k, statement_timestamp()) = 'EXHAUSTED'`, func(_ *gateway, p *db.ListAPIKeysParams) {
		p.Statuses = []string{"EXHAUSTED"}
	}},
	{"no status", `false`, func(_ *gateway, p *db.ListAPIKeysParams) { p.Statuses = []string{} }},
	{"few have the text", `strpos(fold_case(k.name), 'rare é') > 0`, func(_ *gateway, p *db.ListAPIKeysParams) { p.Search = new("RARE É") }},
	{"many have the text, and are active", `(strpos(fold_case(k.name), 'name') > 0 or strpos(fold_case(k.prefix), 'me') > 0) and api_key_status_at(k, statement_timestamp()) = 'ACTIVE'`,
		func(_ *gateway, p *db.ListAPIKeysParams) { p.Search, p.Statuses = new("me"), []string{"ACTIVE"} }},
	{"of a workspace, with a character", `k.workspace_id is not null and strpos(k.description, '~') > 0`, func(g *gateway, p *db.ListAPIKeysParams) {
		p.WorkspaceID, p.Search = &g.Workspace.ID, new("~")
	}},
	{"unassigned", `k.workspace_id is null`, func(_ *gateway, p *db.ListAPIKeysParams) { p.Unassigned = true }},
	{"of a creator", `k.created_by_id is not null`, func(g *gateway, p *db.ListAPIKeysParams) { p.CreatedByID = &g.Owner.ID }},
	{"of a creator who was removed", `k.former_creator_id is not null`, func(_ *gateway, p *db.ListAPIKeysParams) { p.CreatedByID = new(loadedID(7)) }},
	{"with a prefix", `k.prefix = 'bsr_000013'`, func(_ *gateway, p *db.ListAPIKeysParams) { p.Prefix = new("bsr_000013") }},
}

// Pages of API keys join to exactly the keys that the filter finds, in the order that was asked for and in either direction, and the count is
// their number: of fewer keys than are looked at in order, and of more, for a tenant and for the operator.
func TestPagesOfKeysJoin(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.exec(`create function id(n bigint) returns uuid immutable language sql as $$
		select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`)
	g.exec(`insert into api_keys (organization_id, id, workspace_id, created_by_id, former_creator_id, name, description, prefix, enabled, revoked_at, expires_at, last_used_at)
		select $1, id(n), case when n % 3 = 0 then $2::uuid end, case when n % 40 = 1 then $3::uuid end, case when n % 50 = 0 then id(7) end,
			case when n % 150 = 11 then 'Rare É ' else 'Name ' end || (n * 7919) % 400, case when n % 90 = 3 then 'with ~' end,
			'bsr_' || lpad((n % 700)::text, 6, '0'), n % 9 > 0, case when n % 200 = 5 then now() end, case when n % 31 = 0 then now() end,
			case when n % 4 > 0 then now() - n % 13 * interval '1 hour' end
		from generate_series(1, 1400) n`, g.Organization.ID, g.Workspace.ID, g.Owner.ID)
	g.exec(`insert into limits (organization_id, api_key_id, kind, type, period, max_units)
		select $1, k.id, 'BUDGET', 'TOKENS', 'MONTHLY', 10 from api_keys k where k.id < id(1400) and get_byte(uuid_send(k.id), 15) % 60 = 8`, g.Organization.ID)
	g.exec(`update counters set used_units = 10`)
	g.alertExhausted()
	g.exec(`insert into reservations (organization_id, id, api_key_id, fingerprint, requests, tokens, cost_nanos, counter_ids, period_numbers, admitted_at, expires_at)
		select c.organization_id, uuid_v7(now()), c.subject_id, '', 1, 10, 0, array[c.id], '{1}', now(), now() + interval '1 day'
		from counters c where c.subject_id in (select x.subject_id from exhausted_subjects x order by 1 limit 2)`) // which alone fill these
	g.exec(`delete from alerts a using reservations r where r.api_key_id = a.subject_id`)
	g.exec(`delete from exhausted_subjects x using reservations r where r.api_key_id = x.subject_id`)
	g.exec(`update counters c set used_units = 0, reserved_units = 10 from reservations r where r.api_key_id = c.subject_id`)
	g.exec(`update api_keys set name = 'Aa renamed' where id = (select max(x.subject_id::text)::uuid from exhausted_subjects x)`)
	for _, filter := range keyFilters {
		for order, by := range keyOrders {
			want := query[[]uuid.UUID](g, fmt.Sprintf(`select coalesce(array_agg(k.id order by %s), '{}') from api_keys k
				where k.organization_id = $1 and (%s)`, by, filter.condition), g.Organization.ID)
			if len(want) == 0 && filter.name != "no status" {
				t.Fatalf("%s: no key", filter.name)
			}
			for _, descending := range []bool{false, true} {
				for _, organization := range []*uuid.UUID{&g.Organization.ID, nil} {
					if organization == nil && (filter.name == "of a workspace, with a character" || filter.name == "all") {
						continue // the operator's list of all has the key of the tenant as well, and a workspace names its organization
					}
					params := db.ListAPIKeysParams{OrganizationID: organization, OrderedBy: order, Descending: descending, Number: 170}
					filter.set(g, &params)
					got := g.joinPages(t, params)
					if descending {
						slices.Reverse(got)
					}
					if organization == nil {
						got = slices.DeleteFunc(got, func(one uuid.UUID) bool { return one == g.Key.ID && !slices.Contains(want, one) })
					}
					if !slices.Equal(got, want) {
						t.Errorf("%s by %s, descending %t, operator %t: %d keys, want %d in another order or others", filter.name, order, descending,
							organization == nil, len(got), len(want))
					}
				}
			}
		}
		g.countKeys(t, filter.name, filter.condition, filter.set)
	}
}

// joinPages returns the ids of all pages of a list.
func (g *gateway) joinPages(t *testing.T, params db.ListAPIKeysParams) (ids []uuid.UUID) {
	t.Helper()
	for {
		rows, err := db.New().ListAPIKeys(context.Background(), g.Pool, &params)
		for _, row := range must(t, rows, err) {
			ids = append(ids, row.APIKey.ID)
		}
		if len(rows) < int(params.Number) {
			return ids
		}
		last := rows[len(rows)-1].APIKey
		if params.Descending {
			params.BelowID, params.BelowName, params.BelowTime = &last.ID, &last.Name, last.LastUsedAt
		} else {
			params.AboveID, params.AboveName, params.AboveTime = &last.ID, &last.Name, last.LastUsedAt
		}
	}
}

func (g *gateway) countKeys(t *testing.T, name, condition string, set func(g *gateway, p *db.ListAPIKeysParams)) {
	t.Helper()
	p := db.ListAPIKeysParams{}
	set(g, &p)
	counted, err := db.New().CountAPIKeys(context.Background(), g.Pool, &db.CountAPIKeysParams{
		OrganizationID: &g.Organization.ID, WorkspaceID: p.WorkspaceID, Unassigned: p.Unassigned, CreatedByID: p.CreatedByID,
		Statuses: p.Statuses, Search: p.Search, Prefix: p.Prefix})
	want := query[int64](g, `select count(*) from api_keys k where k.organization_id = $1 and (`+condition+`)`, g.Organization.ID)
	if must(t, counted, err) != want {
		t.Errorf("%s: counted %d, want %d", name, counted, want)
	}
}

// The grams of a text are its characters, and the pairs and triples of these, each once, and a text has all those that are looked for of what it contains.
func TestTextGrams(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for text, want := range map[string]string{"": "", "é": "é", "éa": "a|é|éa", "aaaa": "a|aa|aaa", "ab c": " | c|a|ab|ab |b|b |b c|c"} {
		if got := strings.Join(query[[]string](g, `select array(select x from unnest(text_grams($1)) x order by x collate "C")`, text), "|"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	equal(t, "parts without a gram of the whole", query[int](g, `select count(*) from (select fold_case('Ünïcode – text, 100%% of it') whole) t,
		generate_series(1, 20) i, generate_series(1, 7) n where not text_grams(whole) @> grams_to_find(substr(whole, i, n))`), 0)
}
