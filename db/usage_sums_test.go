package db_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/fault"
)

// sumText returns what a sum has, as text.
func sumText(s *db.UsageSum) string {
	return fmt.Sprint(s.Requests(), s.InputTokens(), s.OutputTokens(), s.CachedInputTokens(), s.CacheWriteTokens(), s.CacheWrite1hTokens(), s.ReasoningTokens(),
		s.AudioInputTokens(), s.AudioOutputTokens(), s.Images(), s.WebSearches(), s.UnpricedRequests(), s.Cost(), s.Denied())
}

// The sums of series over whole hours are those of the series' hours, added up: whatever is rolled up and whatever is not, wherever in a day the time
// begins and ends, for all dimensions and filters. A time in which nothing was used has no rows.
func TestSumsAreThoseOfTheHours(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		g := newGatewayIn(t, pool)
		direct, _ := g.Factory.Key(g.Organization.ID, nil, nil)
		keys := []uuid.UUID{g.Key.ID, g.newKey(), g.newKey(), direct.ID}
		g.drawUsage(rt, keys)
		from := noon.Add(time.Duration(rapid.IntRange(-48*60, 96*60).Draw(rt, "first minute")) * time.Minute)
		p := db.ListUsageParams{OrganizationID: g.Organization.ID, BucketInterval: db.UsageIntervalHOUR, FromTime: from,
			ToTime: from.Add(time.Duration(rapid.IntRange(1, 200*60).Draw(rt, "minutes")) * time.Minute)}
		g.drawFilter(rt, keys, &p)
		hours, err := db.New().ListUsage(t.Context(), pool, &p)
		must(t, 0, err)
		want := map[string]*db.UsageSum{}
		for _, b := range hours {
			name := fmt.Sprint(b.APIKeyID, b.WorkspaceID, b.Provider, b.Model, b.ServiceTier)
			if want[name] == nil {
				want[name] = &db.UsageSum{}
			}
			want[name].Add(b)
		}
		rows, err := db.New().SumUsage(t.Context(), pool, &db.SumUsageParams{OrganizationID: p.OrganizationID, WorkspaceID: p.WorkspaceID,
			APIKeyIDs: p.APIKeyIDs, CreatedByID: p.CreatedByID, FromTime: p.FromTime, ToTime: p.ToTime, Models: p.Models, Providers: p.Providers,
			ServiceTiers: p.ServiceTiers, Dimensions: p.Dimensions})
		must(t, 0, err)
		if len(p.Dimensions) == 0 && len(rows) == 0 {
			equal(t, "nothing", sumText(want[fmt.Sprint(nil, nil, "", "", "")]), sumText(&db.UsageSum{}))
			return
		}
		equal(t, "series", len(rows), len(want))
		for _, row := range rows {
			got := &db.UsageSum{}
			got.Add(row)
			name := fmt.Sprint(row.APIKeyID, row.WorkspaceID, row.Provider, row.Model, row.ServiceTier)
			if want[name] == nil {
				t.Fatalf("there is no series %s", name)
			}
			equal(t, name, sumText(got), sumText(want[name]))
			equalTime(t, "begins", row.BucketStart, p.FromTime.Truncate(time.Hour))
			equalTime(t, "ends", row.BucketEnd, p.ToTime.Add(-1).Truncate(time.Hour).Add(time.Hour))
		}
	})
}

// Sums of more series than may be are refused.
func TestTooManySums(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for _, model := range []string{"small", "middle", "large"} {
		g.book(reportTokens(1).from("openai", model))
	}
	sums := func(most int32) ([]*db.UsageBucket, error) {
		return db.New().SumUsage(t.Context(), g.Pool, &db.SumUsageParams{OrganizationID: g.Organization.ID, FromTime: noon, ToTime: noon.Add(time.Hour),
			Dimensions: []string{"MODEL"}, Most: &most})
	}
	if rows, err := sums(3); len(rows) != 3 || err != nil {
		t.Errorf("3 series, where 3 may be: %d, %v", len(rows), err)
	}
	if _, err := sums(2); fault.CodeOf(db.Fault(err)) != fault.QueryTooComplex {
		t.Errorf("3 series, where 2 may be: %v", err)
	}
}
