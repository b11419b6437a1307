package db_test

import (
	"strings"
	"testing"

	"bursar/db"
)

// A cost that is not that of its parts by its price, a price that is missing, another multiplier, and rates that were changed behind its back
// are found, and named.
func TestTamperedPricesAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, want string }{
		"a cost":        {`update usage_events set cost_nanos = cost_nanos + 1 from ` + unguarded, "usage_events cost"},
		"a multiplier":  {`update usage_events set price_multiplier = 2 from ` + unguarded, "usage_events cost"},
		"a price":       {`update usage_events set price_id = uuid_v7() from ` + unguarded, "usage_events cost"},
		"another price": {`update usage_events set price_id = (select id from prices where model = 'other') from ` + unguarded, "usage_events cost"},
		"a part":        {`update usage_events set reasoning_tokens = 1 from ` + unguarded, "usage_events cost"},
		"a tier":        {`update usage_events set service_tier = 'BATCH' from ` + unguarded, "usage_events cost"},
		"rates":         {`update prices set rates = jsonb_set(rates, '{0,picos}', '7') from ` + unguarded, "prices rates"},
		"resolved ones": {`update prices set step_rates[1] = 7 from ` + unguarded, "prices rates"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			g.price("openai", "gpt-4", append(rates(1_000, 10_000), rate(db.PriceUnitREASONINGTOKENS, 20_000),
				&db.PriceRate{Unit: db.PriceUnitINPUTTOKENS, ServiceTier: db.ServiceTierBATCH, Picos: 500})...)
			g.price("openai", "other", rates(2_000, 10_000)...)
			g.book(reportModel("openai", "gpt-4", 10, 5))
			g.verified()
			g.exec(c.statement)
			found := []string{}
			differences, err := db.New().FindLedgerDifferences(t.Context(), g.Pool, g.Organization.ID)
			for _, d := range must(t, differences, err) {
				found = append(found, d.What)
			}
			if !strings.Contains(strings.Join(found, ", "), c.want) {
				t.Errorf("found %v, want %s", found, c.want)
			}
		})
	}
}
