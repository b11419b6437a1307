package catalogue_test

import (
	"bytes"
	"testing"

	"bursar/catalogue"
)

// Guarantee: whatever a list holds, reading it neither fails hard nor makes a price that cannot be written and read again as it is.
func FuzzReadList(f *testing.F) {
	for _, list := range []string{
		`[{"id": "aws", "fallback_model_providers": ["p"], "models": [{"id": "a", "match": {"or": [{"equals": "A"}, {"starts_with": "b"}, {"contains": "c"}, {"regex": "^d-\\d{4}"}]}, "prices": {"input_mtok": {"base": 1, "tiers": [{"start": 200000, "price": 2}]}}}]},` +
			`{"id": "p", "models": [{"id": "x", "match": {"ends_with": "x"}, "prices": [{"prices": {"output_mtok": 1}}, {"constraint": {"start_date": "2026-09-01"}, "prices": {"output_mtok": 3}}]}]}]`,
		`{"openai/a": {"litellm_provider": "openai", "input_cost_per_token": 2.5e-06, "input_cost_per_token_above_200k_tokens_priority": 6e-06, "search_context_cost_per_query": {"search_context_size_medium": 0.035}, "max_output_tokens": 5}}`,
		`{"xai": {"models": {"a": {"cost": {"input": 2.5, "context_over_200k": {"input": 5}, "tiers": [{"input": 2, "tier": {"type": "context", "size": 272000}}]}, "limit": {"output": 64000}}}}}`,
		"provider,model,effective_from,effective_to,service_tier,above_input_tokens,unit,per_million,max_output_tokens,source,checked_at\np,m*,2026-01-01,,BATCH,5,IMAGES,0.5,7,s,2026-08-01\n",
		`{"prices": [{"provider": "p", "model": "m", "rates": [{"unit": "IMAGES", "perMillion": "40000"}]}]}`,
		`[{"id": "p", "models": [{"id": "a", "match": {"equals": "a"}, "prices": {"input_mtok": 1e99, "output_mtok": -1}}]}]`,
	} {
		f.Add([]byte(list))
	}
	f.Fuzz(func(t *testing.T, list []byte) {
		c, err := catalogue.Read("", bytes.NewReader(list), catalogue.Origin{})
		if err != nil || len(c.Prices) == 0 {
			return
		}
		var written bytes.Buffer
		if err := catalogue.WriteJSON(&written, c.Prices); err != nil {
			t.Fatal(err)
		}
		again, err := catalogue.Read(catalogue.JSON, &written, catalogue.Origin{})
		if err != nil {
			t.Fatalf("%v: %q", err, lines(c))
		}
		same(t, "prices", lines(again), lines(c))
	})
}
