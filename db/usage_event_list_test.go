package db_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/model"
)

// The pages of usage events, forward and backward, of any size, have each row of the ledger that the filter finds once, in the order in which they
// were booked: whatever is rolled up when a page is read, whatever was rolled up before there were positions in the roll-ups, and for all keys,
// workspaces, models, providers, service tiers and times. They are counted as many.
func TestUsageEventsAreTheLedger(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := newGatewayIn(t, pool)
		g.exec(`select create_usage_partitions(3, $1)`, noon)
		direct, _ := g.Factory.Key(g.Organization.ID, nil, nil)
		keys := []uuid.UUID{g.Key.ID, g.newKey(), direct.ID}
		rollSomeUp := func() {
			if rapid.IntRange(0, 2).Draw(rt, "rolls up") > 0 {
				_, err := g.rollUpOn(pool, rapid.Int32Range(1, 9).Draw(rt, "rows"))
				must(t, 0, err)
			}
		}
		for range rapid.IntRange(0, 20).Draw(rt, "reports") {
			g.book(reportTokens(1).by(rapid.SampledFrom(keys).Draw(rt, "key")).from(
				rapid.SampledFrom([]string{"", "openai"}).Draw(rt, "provider"), rapid.SampledFrom([]string{"small", "large"}).Draw(rt, "model")).
				of(model.Parts{Tier: rapid.SampledFrom([]string{"", "BATCH"}).Draw(rt, "tier")}))
			g.now = g.now.Add(time.Duration(rapid.Int64Range(0, 6*3600).Draw(rt, "seconds")) * time.Second)
			rollSomeUp()
			if rapid.IntRange(0, 9).Draw(rt, "is upgraded") == 0 {
				g.exec(`update usage_hours set first_position = null, last_position = null, events = null`)
				g.exec(`update usage_days set events = null`)
				g.exec(`update usage_workspace_days set events = null`)
				g.exec(`update usage_workspace_hours set first_position = null, last_position = null, events = null`)
			}
		}
		p := db.ListUsageEventsParams{OrganizationID: g.Organization.ID, Backward: rapid.Bool().Draw(rt, "backward"),
			Number: rapid.Int32Range(1, 8).Draw(rt, "page")}
		switch rapid.IntRange(0, 8).Draw(rt, "filter") {
		case 0:
			p.APIKeyIDs = keys[1:]
		case 1:
			p.WorkspaceID = &g.Workspace.ID
		case 2:
			p.Models = []string{"small"}
		case 3:
			p.Providers, p.CreatedByID = []string{"openai"}, &g.Owner.ID
		case 4:
			p.APIKeyIDs, p.Models = keys[:1], []string{"large"}
		case 5:
			p.ServiceTiers = []string{"BATCH", "PRIORITY"}
		case 6:
			p.APIKeyIDs, p.ServiceTiers = keys[:2], []string{"STANDARD"}
		}
		if rapid.Bool().Draw(rt, "has bounds") {
			p.FromTime = new(noon.Add(time.Duration(rapid.IntRange(-1, 30).Draw(rt, "from")) * time.Hour))
			p.ToTime = new(p.FromTime.Add(time.Duration(rapid.IntRange(1, 3000).Draw(rt, "minutes")) * time.Minute))
		}
		want := []uuid.UUID{}
		for _, row := range rowsOf[struct{ ID uuid.UUID }](g, `
			select id from usage_events
			where organization_id = $1 and ($2::uuid[] is null or api_key_id = any ($2)) and ($3::uuid is null or workspace_id = $3)
				and ($4::text[] is null or model = any ($4)) and ($5::text[] is null or provider = any ($5))
				and ($6::uuid is null or api_key_id in (select k.id from api_keys k where k.created_by_id = $6))
				and ($9::text[] is null or service_tier::text = any ($9))
				and recorded_at >= coalesce($7, '-infinity'::timestamptz) and recorded_at < coalesce($8, 'infinity'::timestamptz)
			order by position desc`,
			g.Organization.ID, p.APIKeyIDs, p.WorkspaceID, p.Models, p.Providers, p.CreatedByID, p.FromTime, p.ToTime, p.ServiceTiers) {
			want = append(want, row.ID)
		}
		total, err := db.New().CountUsageEvents(t.Context(), pool, &db.CountUsageEventsParams{OrganizationID: p.OrganizationID, APIKeyIDs: p.APIKeyIDs,
			WorkspaceID: p.WorkspaceID, Models: p.Models, Providers: p.Providers, ServiceTiers: p.ServiceTiers, CreatedByID: p.CreatedByID, FromTime: p.FromTime, ToTime: p.ToTime})
		equal(t, "counted", must(t, total, err), int64(len(want)))
		if p.Backward {
			slices.Reverse(want)
		}
		if len(want) > 0 && rapid.Bool().Draw(rt, "has an end") { // both cursors are given
			end := rapid.IntRange(0, len(want)-1).Draw(rt, "end")
			if p.Backward {
				p.After = &want[end]
			} else {
				p.Before = &want[end]
			}
			want = want[:end]
		}
		got := []uuid.UUID{}
		for {
			rows, err := db.New().ListUsageEvents(t.Context(), pool, &p)
			must(t, 0, err)
			for _, row := range rows {
				got = append(got, row.ID)
			}
			if len(rows) < int(p.Number) || len(got) > len(want) {
				break
			}
			if p.Backward {
				p.Before = &got[len(got)-1]
			} else {
				p.After = &got[len(got)-1]
			}
			rollSomeUp()
		}
		if !slices.Equal(got, want) {
			t.Errorf("listed %v, want %v: %s", got, want, fmt.Sprintf("%+v", p))
		}
	})
}
