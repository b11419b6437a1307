package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// Denied requests of days whose counts do not change any more are read by the day, those of later days and reports by the hour from the counts
// themselves: a report says the same before and after the roll-up, of all keys, of one, and by whatever. What retention deletes is in none.
func TestOldDenialsAreReadByTheDay(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	today := time.Now().UTC().Truncate(24 * time.Hour)
	for day := range 8 {
		for hour := range 3 {
			for key, denied := range map[uuid.UUID]int{g.Key.ID: 1, uuid.Nil: 10, uuid.New(): 100} { // the nil key stands for unknown ones
				g.exec(`insert into denial_counts (organization_id, id, hour, workspace_id, api_key_id, reason, denials, requests)
					select $1, (uuid_v7_prefix($2::timestamptz) || overlay(left(md5($3::uuid::text), 19) placing '8' from 4 for 1))::uuid, $2, $4, nullif($3::uuid, $5), 'KEY_DISABLED', $6, $6`,
					g.Organization.ID, today.AddDate(0, 0, -day).Add(time.Duration(hour)*time.Hour), key, g.Workspace.ID, uuid.Nil, denied)
			}
		}
	}
	g.now = time.Now().AddDate(0, 0, -5)
	g.book(reportTokens(5))
	denied := func(interval db.UsageInterval, set func(p *db.ListUsageParams)) (requests int64) {
		params := &db.ListUsageParams{OrganizationID: g.Organization.ID, FromTime: today.AddDate(0, 0, -7), ToTime: today.AddDate(0, 0, 1),
			BucketInterval: interval, Dimensions: []string{}}
		set(params)
		buckets, err := db.New().ListUsage(t.Context(), g.Pool, params)
		for _, b := range must(t, buckets, err) {
			requests += b.Denied.IntPart()
		}
		return requests
	}
	all := func(*db.ListUsageParams) {}
	for _, rolledUp := range []bool{false, true} {
		if rolledUp {
			g.rollUp()
			equal(t, "rows of days", query[int](g, `select count(distinct day) from denial_days`), 4)
			g.rollUp() // once
			g.verified()
		}
		equal(t, "by day", denied("DAY", all), 8*3*111)
		equal(t, "by hour", denied("HOUR", all), 8*3*111)
		equal(t, "from the fifth day", denied("DAY", func(p *db.ListUsageParams) { p.FromTime = today.AddDate(0, 0, -5) }), 6*3*111)
		equal(t, "one key", denied("DAY", func(p *db.ListUsageParams) { p.APIKeyIDs = []uuid.UUID{g.Key.ID} }), 8*3)
		equal(t, "of keys", denied("WEEK", func(p *db.ListUsageParams) {
			p.Dimensions, p.FromTime = []string{"API_KEY"}, today.AddDate(0, 0, -30)
		}), 8*3*111)
		equal(t, "of the largest keys", denied("DAY", func(p *db.ListUsageParams) {
			p.Dimensions, p.OrderBy, p.Top = []string{"API_KEY"}, new(db.UsageOrderCOST), new(int32(1))
		}), 8*3*111)
		equal(t, "of the largest workspaces", denied("DAY", func(p *db.ListUsageParams) {
			p.Dimensions, p.OrderBy, p.Top = []string{"WORKSPACE"}, new(db.UsageOrderCOST), new(int32(1))
		}), 8*3*111)
	}
	g.exec(`update denial_days set requests = 2 * requests where api_key_id = $1`, g.Key.ID)
	equal(t, "one key, spoiled", denied("DAY", func(p *db.ListUsageParams) { p.APIKeyIDs = []uuid.UUID{g.Key.ID} }), (4+2*4)*3)
	equal(t, "by hour", denied("HOUR", all), 8*3*111)

	g.exec(`insert into denial_days (organization_id, day, requests) values ($1, $2, 5)`, g.Organization.ID, today.AddDate(0, -3, 0))
	_, err := db.New().DeleteDenialCounts(t.Context(), g.Pool, &db.DeleteDenialCountsParams{KeepMonths: 1, Number: 100})
	must(t, 0, err)
	equal(t, "left of what is past its retention", query[int](g, `select count(*) from denial_days where day < $1`, today.AddDate(0, -2, 0)), 0)
}
