package db_test

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// rate is a rate of a price, for any size of input and the STANDARD tier.
func rate(unit db.PriceUnit, picos int64) *db.PriceRate {
	return &db.PriceRate{Unit: unit, ServiceTier: db.ServiceTierSTANDARD, Picos: picos}
}

// rates are those of input and output.
func rates(input, output int64) []*db.PriceRate {
	return []*db.PriceRate{rate(db.PriceUnitINPUTTOKENS, input), rate(db.PriceUnitOUTPUTTOKENS, output)}
}

// priceParams are a price to be set: of an organization (zero: everybody's), of a model such as "gpt-4*", from an instant on (nil: now).
func (g *gateway) priceParams(organization uuid.UUID, provider, pattern string, from *time.Time, list []*db.PriceRate) *db.SetPriceParams {
	model, isPrefix := strings.CutSuffix(pattern, "*")
	p := &db.SetPriceParams{Provider: provider, Model: model, IsPrefix: isPrefix, EffectiveFrom: from, Now: &g.now}
	if organization != uuid.Nil {
		p.OrganizationID = &organization
	}
	encoded, err := json.Marshal(list)
	p.Rates = must(g.T, encoded, err)
	return p
}

// price sets everybody's price of a model from now on.
func (g *gateway) price(provider, pattern string, list ...*db.PriceRate) *db.Price {
	g.T.Helper()
	price, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(uuid.Nil, provider, pattern, nil, list))
	return must(g.T, price, err)
}

// ownPrice sets the organization's price of a model from now on.
func (g *gateway) ownPrice(provider, pattern string, list ...*db.PriceRate) *db.Price {
	g.T.Helper()
	price, err := db.New().SetPrice(context.Background(), g.Pool, g.priceParams(g.Organization.ID, provider, pattern, nil, list))
	return must(g.T, price, err)
}

// priceFound returns the id of the organization's price of a model now; zero: none.
func (g *gateway) priceFound(provider, model string) uuid.UUID {
	g.T.Helper()
	found := query[*uuid.UUID](g, `select id from find_price($1, $2, $3, $4)`,
		g.Organization.ID, provider, model, g.now)
	if found == nil {
		return uuid.Nil
	}
	return *found
}

// estimateModel is a request for a model whose price says what it costs at most; -1 tokens are not given.
func estimateModel(provider, name string, input, output int64) estimate {
	e := estimate{requests: 1, nanos: -1, ttl: 10 * time.Minute, labels: db.RequestLabels{Provider: provider, Model: name}}
	if input >= 0 {
		e.input, e.tokens = &input, -1
	}
	if output >= 0 {
		e.output = &output
	}
	return e
}

// at returns the request at a service tier.
func (e estimate) at(tier db.ServiceTier) estimate { e.labels.ServiceTier = tier; return e }

// reportModel is usage of a model whose price says what it costs.
func reportModel(provider, name string, input, output int64) report {
	return report{requests: -1, input: input, output: output, nanos: -1, provider: provider, model: name}
}
