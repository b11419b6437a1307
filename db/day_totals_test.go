package db_test

import (
	"testing"

	"bursar/db"
)

// Where usage was rolled up before there were totals of days, reports are exact without them; the roll-up job makes them, also of an organization
// that has nothing else to roll up, and reports are exact with them. Usage is added once.
func TestDayTotalsAreMadeOfOlderDays(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for day := range 3 {
		for _, model := range []string{"small", "large"} {
			g.at(noon.AddDate(0, 0, day)).book(reportTokens(5).costing(2).from("openai", model))
		}
	}
	g.rollUp()
	// as an upgrade leaves it
	g.exec(`delete from usage_key_days`)
	g.exec(`delete from usage_owner_days`)
	g.exec(`update rollup_watermarks set has_day_totals = false`)
	reports := func() {
		g.sameAsLedger("DAY", "API_KEY")
		g.sameAsLedger("MONTH", "API_KEY", "WORKSPACE")
		g.sameAsLedger("DAY", "WORKSPACE")
		g.sameAsLedger("MONTH")
		g.verified()
	}
	reports()
	has, err := db.New().HasUsageToRollUp(t.Context(), g.Pool)
	equal(t, "left to make", must(t, has, err), true)
	organizations, err := db.New().ListOrganizationsToRollUp(t.Context(), g.Pool)
	equal(t, "organizations to make them of", len(must(t, organizations, err)), 1)
	later := g.at(noon.AddDate(0, 0, 2))
	later.book(reportTokens(7).from("openai", "small"))
	for range 2 {
		g.rollUp()
		reports()
		equal(t, "rows of keys", query[int](g, `select count(*) from usage_key_days`), 3)
		equal(t, "rows of owners", query[int](g, `select count(*) from usage_owner_days`), 3)
		equal(t, "tokens", query[int64](g, `select sum(input_tokens)::bigint from usage_owner_days`), 6*5+7)
	}
	has, err = db.New().HasUsageToRollUp(t.Context(), g.Pool)
	equal(t, "left to make", must(t, has, err), false)
}

// A report of days that names no model reads one row of a key, or of a workspace, and a day, however many models there are; one that names a
// model, or asks for them, reads a row of each.
func TestReportsReadDayTotals(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for _, model := range []string{"a", "b", "c"} {
		g.book(reportTokens(5).from("openai", model))
	}
	g.rollUp()
	// spoiled, so that it shows which of them a report has read
	g.exec(`update usage_days set requests = 10`)
	g.exec(`update usage_key_days set requests = 1`)
	g.exec(`update usage_owner_days set requests = 2`)
	for name, c := range map[string]struct {
		set  func(p *db.ListUsageParams)
		want int64
	}{
		"keys":                   {func(*db.ListUsageParams) {}, 1},
		"the largest keys":       {func(p *db.ListUsageParams) { p.OrderBy, p.Top = new(db.UsageOrderCOST), new(int32(5)) }, 1},
		"keys and workspaces":    {func(p *db.ListUsageParams) { p.Dimensions = []string{"API_KEY", "WORKSPACE"} }, 1},
		"one key":                {func(p *db.ListUsageParams) { p.Dimensions, p.APIKeyIDs = []string{}, append(p.APIKeyIDs, g.Key.ID) }, 1},
		"keys and models":        {func(p *db.ListUsageParams) { p.Dimensions = []string{"API_KEY", "MODEL"} }, 30},
		"keys and service tiers": {func(p *db.ListUsageParams) { p.Dimensions = []string{"API_KEY", "SERVICE_TIER"} }, 30},
		"keys of a model":        {func(p *db.ListUsageParams) { p.Models = []string{"b"} }, 10},
		"keys of a provider":     {func(p *db.ListUsageParams) { p.Providers = []string{"openai"} }, 30},
		"keys of a service tier": {func(p *db.ListUsageParams) { p.ServiceTiers = []string{"STANDARD"} }, 30},
		"keys, hour by hour":     {func(p *db.ListUsageParams) { p.BucketInterval = db.UsageIntervalHOUR }, 3},
		"models of one key": {func(p *db.ListUsageParams) {
			p.Dimensions, p.APIKeyIDs = []string{"MODEL"}, append(p.APIKeyIDs, g.Key.ID)
		}, 30},
		"the organization's days": {func(p *db.ListUsageParams) { p.Dimensions = []string{} }, 2},
		"workspaces":              {func(p *db.ListUsageParams) { p.Dimensions = []string{"WORKSPACE"} }, 2},
		"the largest workspaces": {func(p *db.ListUsageParams) {
			p.Dimensions, p.OrderBy, p.Top = []string{"WORKSPACE"}, new(db.UsageOrderCOST), new(int32(5))
		}, 2},
		"models": {func(p *db.ListUsageParams) { p.Dimensions = []string{"MODEL"} }, 3},
	} {
		params := &db.ListUsageParams{OrganizationID: g.Organization.ID, FromTime: noon, ToTime: noon.AddDate(0, 0, 1),
			BucketInterval: db.UsageIntervalDAY, Dimensions: []string{"API_KEY"}}
		c.set(params)
		buckets, err := db.New().ListUsage(t.Context(), g.Pool, params)
		requests := int64(0)
		for _, b := range must(t, buckets, err) {
			requests += b.Requests.IntPart()
		}
		equal(t, name, requests, c.want)
	}
}
