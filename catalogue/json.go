package catalogue

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"bursar/usage"
)

// The form of Bursar's JSON. Its names are those of the API.
type (
	jsonList struct {
		Prices []jsonPrice `json:"prices"`
	}
	jsonPrice struct {
		Provider        string     `json:"provider"`
		Model           string     `json:"model"`
		EffectiveFrom   string     `json:"effectiveFrom,omitempty"`
		EffectiveTo     string     `json:"effectiveTo,omitempty"`
		Source          string     `json:"source,omitempty"`
		CheckedAt       string     `json:"checkedAt,omitempty"`
		MaxOutputTokens int64      `json:"maxOutputTokens,omitempty"`
		Rates           []jsonRate `json:"rates"`
	}
	jsonRate struct {
		Unit             Unit              `json:"unit"`
		PerMillion       string            `json:"perMillion"`
		AboveInputTokens int64             `json:"aboveInputTokens,omitempty"`
		ServiceTier      usage.ServiceTier `json:"serviceTier,omitempty"`
	}
)

// WriteJSON writes prices as Bursar's JSON, a price a line.
func WriteJSON(to io.Writer, prices []Price) error {
	if _, err := io.WriteString(to, "{\"prices\": [\n"); err != nil {
		return err
	}
	for i := range prices {
		line, err := json.Marshal(asJSON(&prices[i]))
		if err != nil {
			return err
		}
		end := ",\n"
		if i == len(prices)-1 {
			end = "\n"
		}
		if _, err := fmt.Fprintf(to, "%s%s", line, end); err != nil {
			return err
		}
	}
	_, err := io.WriteString(to, "]}\n")
	return err
}

// asJSON converts a price.
func asJSON(p *Price) jsonPrice {
	of := jsonPrice{Provider: p.Provider, Model: p.Key().Pattern(), EffectiveFrom: instant(p.EffectiveFrom), EffectiveTo: instant(p.EffectiveTo),
		Source: p.Source, CheckedAt: date(p.CheckedAt), MaxOutputTokens: p.MaxOutputTokens}
	for _, r := range p.Rates {
		rate := jsonRate{Unit: r.Unit, PerMillion: r.PerMillion(), AboveInputTokens: r.AboveInputTokens}
		if r.ServiceTier != usage.Standard {
			rate.ServiceTier = r.ServiceTier
		}
		of.Rates = append(of.Rates, rate)
	}
	return of
}

// readJSON reads Bursar's JSON. All of it is wrong when a price is.
func readJSON(list []byte, origin Origin, into *Catalogue) error {
	decoder := json.NewDecoder(strings.NewReader(string(list)))
	decoder.DisallowUnknownFields()
	var prices jsonList
	if err := validJSON(list); err != nil {
		return err
	}
	if err := decoder.Decode(&prices); err != nil {
		return inLine(list, err)
	}
	for i, of := range prices.Prices {
		p, err := of.price(origin)
		if err == nil {
			err = p.check()
		}
		if err != nil {
			return fmt.Errorf("price %d, %s %s: %w", i+1, of.Provider, of.Model, err)
		}
		into.add(p)
	}
	return nil
}

// price converts back.
func (of jsonPrice) price(origin Origin) (p Price, err error) {
	p = Price{Provider: of.Provider, Source: of.Source, MaxOutputTokens: of.MaxOutputTokens}
	p.setPattern(of.Model)
	if p.Source == "" {
		p.Source = origin.Source
	}
	if p.EffectiveFrom, err = parseInstant(of.EffectiveFrom); err != nil {
		return p, err
	}
	if p.EffectiveTo, err = parseInstant(of.EffectiveTo); err != nil {
		return p, err
	}
	if p.CheckedAt, err = parseInstant(of.CheckedAt); err != nil {
		return p, err
	}
	if p.CheckedAt.IsZero() {
		p.CheckedAt = origin.CheckedAt
	}
	for _, rate := range of.Rates {
		r := Rate{Unit: rate.Unit, AboveInputTokens: rate.AboveInputTokens, ServiceTier: rate.ServiceTier}
		if r.ServiceTier == "" {
			r.ServiceTier = usage.Standard
		}
		if r.Picos, err = perMillion(rate.PerMillion); err != nil {
			return p, err
		}
		p.Rates = append(p.Rates, r)
	}
	return p, nil
}
