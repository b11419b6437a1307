package db_test

import (
	"context"
	"testing"

	"bursar/db"
)

// filteredLists are, of the keys that lists has loaded, few with each status and with a text, the oldest of them: a list from the newest comes to
// them last.
var filteredLists = []string{
	`update api_keys set name = case when id < id(60) then 'wanted É ' || id else 'waned ' || id end
		where organization_id = $1 and $2::uuid is not null and (id < id(60) or id > id($3::integer / 2))`,
	`update api_keys set revoked_at = now() where organization_id = $1 and id < id(30) and $2::uuid is not null and $3::integer > 0`,
	`update api_keys set enabled = false where organization_id = $1 and id between id(30) and id(59) and $2::uuid is not null and $3::integer > 0`,
	`update api_keys set expires_at = now() where organization_id = $1 and id between id(60) and id(89) and $2::uuid is not null and $3::integer > 0`,
	`update counters set used_units = max_units where organization_id = $1 and subject_id between id(90) and id(119) and $2::uuid is not null and $3::integer > 0`,
}

// findsFilteredPages fails the test unless each filtered list finds its pages, and how many keys there are on all of them, by indexes.
func (g *gateway) findsFilteredPages(t *testing.T, e *explained, keys int) {
	t.Helper()
	own, middle := g.Organization.ID, loadedID(keys/2)
	newest := func(p db.ListAPIKeysParams) db.ListAPIKeysParams {
		p.OrderedBy, p.Descending = "CREATED_AT", true
		return p
	}
	for name, page := range map[string]struct {
		params db.ListAPIKeysParams
		found  int // keys; 0: a full page
	}{
		"few have the text":                   {newest(db.ListAPIKeysParams{Search: new("wanted")}), 59},
		"none has the text":                   {newest(db.ListAPIKeysParams{Search: new("wanted waned")}), -1},
		"two characters":                      {newest(db.ListAPIKeysParams{Search: new("qz")}), -1},
		"a character that few have":           {newest(db.ListAPIKeysParams{Search: new("É")}), 59},
		"a character that none has":           {newest(db.ListAPIKeysParams{Search: new("ß")}), -1},
		"a character that few have, by name":  {db.ListAPIKeysParams{OrderedBy: "NAME", Search: new("é")}, 59},
		"few are exhausted, by name":          {db.ListAPIKeysParams{OrderedBy: "NAME", Statuses: []string{"EXHAUSTED"}}, 30},
		"few are revoked":                     {newest(db.ListAPIKeysParams{Statuses: []string{"REVOKED"}}), 29},
		"few are disabled":                    {newest(db.ListAPIKeysParams{Statuses: []string{"DISABLED"}}), 30},
		"few have expired":                    {newest(db.ListAPIKeysParams{Statuses: []string{"EXPIRED"}}), 30},
		"few are exhausted":                   {newest(db.ListAPIKeysParams{Statuses: []string{"EXHAUSTED"}}), 30},
		"few are revoked or exhausted":        {newest(db.ListAPIKeysParams{Statuses: []string{"REVOKED", "EXHAUSTED"}}), 59},
		"few have the text, and are disabled": {newest(db.ListAPIKeysParams{Search: new("wanted"), Statuses: []string{"DISABLED"}}), 30},
		"a prefix":                            {newest(db.ListAPIKeysParams{Prefix: new("bsr_nobody")}), -1},
		"many have the text":                  {newest(db.ListAPIKeysParams{Search: new("aned")}), 0},
		"many are active":                     {newest(db.ListAPIKeysParams{Statuses: []string{"ACTIVE"}}), 0},
		"by name":                             {db.ListAPIKeysParams{OrderedBy: "NAME"}, 0},
		"by name from the middle":             {db.ListAPIKeysParams{OrderedBy: "NAME", Descending: true, BelowID: &middle, BelowName: new("waned 00000000-0000-7")}, 0},
	} {
		page.params.OrganizationID, page.params.Number = &own, 101
		want := page.found
		switch want {
		case 0:
			want = 101
		case -1:
			want = 0
		}
		e.taken(t)
		for range 7 { // PostgreSQL would settle on a plan for any arguments
			rows, err := db.New().ListAPIKeys(context.Background(), e.session, &page.params)
			equal(t, name+": keys", len(must(t, rows, err)), want)
			e.looksAtFew(t, name)
		}
		if want == 101 {
			continue // all are counted
		}
		for range 7 {
			counted, err := db.New().CountAPIKeys(context.Background(), e.session, &db.CountAPIKeysParams{
				OrganizationID: &own, Statuses: page.params.Statuses, Search: page.params.Search, Prefix: page.params.Prefix})
			equal(t, name+": counted", must(t, counted, err), int64(want))
			e.looksAtFew(t, "count: "+name)
		}
	}
}

// looksAtFew fails the test if the statements since the last call have looked at more rows than the 500 keys that a filtered list looks at in
// order, with their budgets, and what a page of keys hangs on.
func (e *explained) looksAtFew(t *testing.T, name string) {
	t.Helper()
	looked := 0.0
	for _, s := range e.taken(t) {
		looked += s.Plan.scanned(func(string) {})
	}
	if looked > 4000 {
		t.Errorf("%s: looked at %.0f rows", name, looked)
	}
}
