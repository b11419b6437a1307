package replay

import "github.com/shopspring/decimal"

// model is an LLM with its prices.
type model struct {
	provider, name string
	inputPrice     int64  // nano-dollars a token: a dollar per million tokens is 1,000 of them
	outputPrice    int64  // nano-dollars a token
	share          uint64 // of all requests, in per cent
}

// models returns the models that a replay spreads its requests over. The prices are the providers' public list prices of
// June 2025 for standard requests of up to 200,000 input tokens; caching and batch discounts are left out.
func models() []model {
	return []model{
		{provider: "openai", name: "gpt-4.1", inputPrice: 2_000, outputPrice: 8_000, share: 15},
		{provider: "openai", name: "gpt-4.1-mini", inputPrice: 400, outputPrice: 1_600, share: 20},
		{provider: "openai", name: "gpt-4o-mini", inputPrice: 150, outputPrice: 600, share: 20},
		{provider: "anthropic", name: "claude-sonnet-4", inputPrice: 3_000, outputPrice: 15_000, share: 15},
		{provider: "anthropic", name: "claude-3-5-haiku", inputPrice: 800, outputPrice: 4_000, share: 10},
		{provider: "google", name: "gemini-2.5-pro", inputPrice: 1_250, outputPrice: 10_000, share: 5},
		{provider: "google", name: "gemini-2.0-flash", inputPrice: 100, outputPrice: 400, share: 10},
		{provider: "mistral", name: "mistral-large", inputPrice: 2_000, outputPrice: 6_000, share: 5},
	}
}

// cost returns what a request costs, in nano-dollars: below 2^63 for every request that parseTraffic lets through.
func (m *model) cost(inputTokens, outputTokens int64) int64 {
	return inputTokens*m.inputPrice + outputTokens*m.outputPrice
}

// dollars returns nano-dollars as dollars, exactly.
func dollars(nanos int64) decimal.Decimal { return decimal.New(nanos, -9) }
