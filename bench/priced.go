package bench

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// pricedModels are models that the gateways of row m call, by one provider. Their prices are found by a beginning of the name, as most are.
const (
	pricedModels = 16
	otherPrices  = 2000 // of other models, as a catalogue has them
)

// ReserveAtPrices is row c for a gateway that leaves the cost to the server.
func ReserveAtPrices() Operation {
	return Operation{letter: "m", what: "reserve, all keys, without a cost", uniform: true, priced: true, do: (*caller).reserve}
}

// ReserveAndRecordAtPrices is row d for a gateway that leaves the cost to the server.
func ReserveAndRecordAtPrices() Operation {
	return Operation{letter: "m", what: "reserve + record pairs, all keys, without a cost", uniform: true, priced: true, do: (*caller).reserveAndRecord}
}

// appendEstimate appends an estimate, which ends a reservation or a check: its cost, or a model whose price says what it may cost.
func (c *caller) appendEstimate() {
	if !c.priced {
		c.body = append(c.body, estimate...)
		return
	}
	c.body = fmt.Appendf(c.body, `"provider":"openai","model":"gpt-bench-%02d-2026-08-06","estimate":{"inputTokens":700,"maxOutputTokens":300}}}}`,
		c.random.IntN(pricedModels))
}

// appendUsage appends what was used, which ends a record.
func (c *caller) appendUsage() {
	if c.priced {
		c.body = append(c.body, `"inputTokens":700,"outputTokens":200}}}`...)
		return
	}
	c.body = append(c.body, usage...)
}

// LoadPrices sets everybody's prices of the models of row m, and of many others.
func LoadPrices(ctx context.Context, pool *pgxpool.Pool) error {
	var list strings.Builder
	for i := range pricedModels + otherPrices {
		name := fmt.Sprintf("gpt-bench-%02d*", i)
		if i >= pricedModels {
			name = fmt.Sprintf("gpt-other-%d", i)
		}
		fmt.Fprintf(&list, `,{"provider": "openai", "model": %q, "max_output_tokens": 16384, "rates": [{"unit": "INPUT_TOKENS", "picos": %d},
			{"unit": "CACHED_INPUT_TOKENS", "picos": 1250000}, {"unit": "OUTPUT_TOKENS", "picos": 10000000},
			{"unit": "INPUT_TOKENS", "picos": 1250000, "service_tier": "BATCH"}]}`, name, 2_500_000+i)
	}
	_, err := db.New().ImportPrices(ctx, pool, &db.ImportPricesParams{Prices: []byte("[" + list.String()[1:] + "]")})
	if err != nil {
		return fmt.Errorf("load prices: %w", err)
	}
	return nil
}

// measurePrices measures row m: rows c and d again with prices in the database, and the same for a gateway that leaves the cost to the server.
func (r *runner) measurePrices(ctx context.Context) error {
	if err := r.tell("loading %d prices", pricedModels+otherPrices); err != nil {
		return err
	}
	if err := LoadPrices(ctx, r.Pool); err != nil {
		return err
	}
	const given = ", with a cost"
	return r.measureAll(ctx,
		r.row(ReserveUniformKeys(), "m").called("m c given", given), r.row(ReserveAtPrices(), "m").called("m c", ""),
		r.row(ReserveAndRecord(), "m").called("m d given", given), r.row(ReserveAndRecordAtPrices(), "m").called("m d", ""))
}
