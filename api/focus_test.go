package api_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// focusExports are exports in the columns of FOCUS with all that rows may have: named and unnamed providers, keys in workspaces and not, no tokens,
// no metadata.
func focusExports(a *graphtest.API) map[string]*answered {
	a.T.Helper()
	key, _ := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, nil)
	alone := id.APIKey.Format(key.ID)
	a.Run(a.Admin, "UpdateApiKey", object{"input": object{"id": a.KeyID(), "metadata": object{"team": "blue", "stage": "test"}}})
	for _, usage := range []object{
		{"key": a.KeyID(), "provider": "openai", "model": "gpt", "inputTokens": 100, "outputTokens": 20, "cachedInputTokens": 40, "cacheWriteTokens": 10,
			"cacheWrite1hTokens": 4, "reasoningTokens": 5, "audioInputTokens": 6, "audioOutputTokens": 7, "images": 8, "webSearches": 9, "serviceTier": "PRIORITY",
			"cost": "0.000000001", "requestId": "r", "metadata": object{"team": "red", "user": "u"}},
		{"key": a.KeyID(), "provider": "openai", "model": "gpt", "inputTokens": 1, "cost": "1000000"},
		{"key": alone}, {"key": alone, "model": "m", "cost": "0.10"},
	} {
		a.Run(a.Gateway, "RecordUsage", object{"input": usage})
	}
	exports := map[string]*answered{}
	for _, interval := range []string{"HOUR", "DAY", "MONTH"} {
		exports["usage by "+interval] = exported(a, a.Viewer, "usage.csv", always(url.Values{"format": {"focus"}, "interval": {interval}}))
	}
	exports["events"] = exported(a, a.Viewer, "events.csv", url.Values{"format": {"focus"}})
	return exports
}

// The exports in the columns of FOCUS 1.2 have all columns that it demands of every provider, in its order and before those of Bursar's own;
// what may not be null has a value, and values are of the kinds and among those that it allows.
func TestFOCUS(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "reads what PostgreSQL answers as other exports do")
	a := newAPI(t)
	mandatory := strings.Fields(`BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory
		ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost PricingQuantity
		PricingUnit ProviderName PublisherName ServiceCategory ServiceName`)
	nullable := strings.Fields("ChargeClass SubAccountId SubAccountName SubAccountType Tags x_CorrectsUsageEventId x_Model x_RequestId x_ReservationId")
	instant := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
	for name, export := range focusExports(a) {
		columns := strings.Split(strings.SplitN(export.body, "\r\n", 2)[0], ",")
		own := slices.IndexFunc(columns, func(column string) bool { return strings.HasPrefix(column, "x_") })
		if !slices.IsSorted(columns[:own]) || slices.ContainsFunc(columns[own:], func(column string) bool { return !strings.HasPrefix(column, "x_") }) {
			t.Errorf("%s: columns %v", name, columns)
		}
		for _, column := range mandatory {
			if !slices.Contains(columns, column) {
				t.Errorf("%s: there is no %s", name, column)
			}
		}
		rows := export.rows(t)
		if len(rows) == 0 {
			t.Errorf("%s: no rows", name)
		}
		for _, row := range rows {
			for column, value := range row {
				switch {
				case value == "":
					if !slices.Contains(nullable, column) {
						t.Errorf("%s: %s is empty: %v", name, column, row)
					}
				case strings.HasSuffix(column, "Cost"), strings.HasSuffix(column, "Quantity"), strings.HasSuffix(column, "Tokens"):
					if _, err := decimal.NewFromString(value); err != nil || strings.ContainsAny(value, "eE+,") {
						t.Errorf("%s: %s is %q", name, column, value)
					}
				case strings.HasSuffix(column, "PeriodStart"), strings.HasSuffix(column, "PeriodEnd"):
					if !instant.MatchString(value) {
						t.Errorf("%s: %s is %q", name, column, value)
					}
				}
			}
			if row["ChargePeriodStart"] >= row["ChargePeriodEnd"] || row["BillingPeriodStart"] > row["ChargePeriodStart"] || row["ChargePeriodEnd"] > row["BillingPeriodEnd"] {
				t.Errorf("%s: periods %v", name, row)
			}
			if (row["SubAccountId"] == "") != (row["SubAccountName"] == "") || (row["SubAccountId"] == "") != (row["SubAccountType"] == "") {
				t.Errorf("%s: sub account %v", name, row)
			}
			if tags := row["Tags"]; tags != "" && json.Unmarshal([]byte(tags), &map[string]string{}) != nil {
				t.Errorf("%s: tags %q", name, tags)
			}
		}
	}
}

// A row of FOCUS says of a charge what the ledger does: exact costs, tokens by kind, who was paid for what, and whose it was.
func TestFOCUSRows(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "reads what PostgreSQL answers as other exports do")
	a := newAPI(t)
	exports := focusExports(a)
	events := exports["events"].rows(t)
	for column, want := range map[string]string{
		"BilledCost": "0.000000001", "EffectiveCost": "0.000000001", "BillingCurrency": "USD", "BillingAccountId": a.OrganizationID(), "ChargeCategory": "Usage",
		"ServiceCategory": "AI and Machine Learning", "ProviderName": "openai", "PublisherName": "openai", "SkuId": "openai/gpt", "PricingQuantity": "120",
		"PricingUnit": "tokens", "ConsumedQuantity": "120", "ConsumedUnit": "tokens", "ResourceId": a.KeyID(), "ResourceType": "API Key",
		"SubAccountId": a.WorkspaceID(), "Tags": `{"stage":"test","team":"red","user":"u"}`, "x_InputTokens": "100", "x_OutputTokens": "20",
		"x_CachedInputTokens": "40", "x_CacheWriteTokens": "10", "x_CacheWrite1hTokens": "4", "x_ReasoningTokens": "5", "x_AudioInputTokens": "6",
		"x_AudioOutputTokens": "7", "x_Images": "8", "x_WebSearches": "9", "x_ServiceTier": "PRIORITY", "x_Requests": "1", "x_RequestId": "r", "x_Model": "gpt",
	} {
		if got := events[0][column]; got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
	if len(events) != 4 || events[1]["BilledCost"] != "1000000" || events[2]["ProviderName"] != "Unknown" || events[2]["SkuId"] != "Unknown/unknown" ||
		events[2]["x_Model"] != "" || events[2]["SubAccountId"] != "" || events[3]["SkuId"] != "Unknown/m" || events[3]["Tags"] != "" {
		t.Errorf("%v", events)
	}
	costs := map[string]string{"PRIORITY": "0.000000001", "STANDARD": "1000000"} // a row for each service tier
	for _, row := range exports["usage by DAY"].rows(t) {
		if row["SkuId"] == "openai/gpt" && (row["BilledCost"] != costs[row["x_ServiceTier"]] || row["Tags"] != `{"stage":"test","team":"blue"}` || row["x_Requests"] != "1") {
			t.Errorf("%v", row)
		}
	}
}
