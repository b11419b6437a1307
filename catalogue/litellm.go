package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bursar/usage"
)

// litellmExample is the entry of LiteLLM's list that explains the others.
const litellmExample = "sample_spec"

// readLiteLLM reads LiteLLM's list.
func readLiteLLM(list []byte, origin Origin, into *Catalogue) error {
	var models map[string]json.RawMessage
	if err := decode(list, &models); err != nil {
		return err
	}
	for _, id := range sorted(models) {
		if id == litellmExample {
			continue
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(models[id], &fields); err != nil {
			into.refuse(Key{Model: id}, "", damaged("it is no object"))
			continue
		}
		var provider, mode string
		_ = json.Unmarshal(fields["mode"], &mode) // absent, or of another kind: no mode
		if json.Unmarshal(fields["litellm_provider"], &provider) != nil {
			into.refuse(Key{Model: id}, "litellm_provider", errors.New("it names no provider"))
			continue
		}
		of := litellmModel{into: into, fields: fields, pictures: mode == "image_generation"}
		of.price = Price{Source: origin.Source, CheckedAt: origin.CheckedAt}
		of.price.Provider = litellmProvider(provider)
		of.price.setPattern(litellmName(id, provider))
		if err := of.read(); err != nil {
			into.refuse(of.price.Key(), "", err)
			continue
		}
		into.add(of.price)
	}
	return nil
}

// litellmModel reads one model.
type litellmModel struct {
	into     *Catalogue
	fields   map[string]json.RawMessage
	pictures bool // it makes pictures, so that "input" means the picture too
	price    Price
	foreign  []string // fields in units that Bursar does not have, which cost something
}

func (m *litellmModel) read() error {
	for _, field := range sorted(m.fields) {
		if !strings.Contains(field, "cost") || field == "search_context_cost_per_query" || string(m.fields[field]) == "null" {
			continue
		}
		if err := m.field(field); err != nil {
			return fmt.Errorf("%w (%s)", err, field)
		}
	}
	if err := m.searches(); err != nil {
		return err
	}
	if err := m.parts(); err != nil {
		return err
	}
	if raw := m.fields["max_output_tokens"]; raw != nil {
		text, err := number(raw)
		if n, fail := strconv.ParseInt(text, 10, 64); err == nil && fail == nil {
			m.price.MaxOutputTokens = n
		} else if string(raw) != "null" {
			m.into.omit(m.price.Key(), "max_output_tokens", "%.50s is no number of tokens", raw)
		}
	}
	foreign := strings.Join(m.foreign, ", ")
	switch {
	case allZero(m.price.Rates) && foreign != "":
		return fmt.Errorf("there is no unit for what it charges for (%s)", foreign)
	case len(m.price.Rates) == 0:
		return errNoRates
	case allZero(m.price.Rates) && !freeByName(m.price.Model):
		return errAllZero
	case foreign != "":
		m.into.omit(m.price.Key(), foreign, "there is no unit for it")
	}
	return nil
}

// dollars reads the field as a price for one.
func (m *litellmModel) dollars(field string, raw json.RawMessage) (int64, error) {
	text, err := number(raw)
	if err != nil {
		return 0, err
	}
	n, rounded, err := picos(text, 1)
	if rounded && err == nil {
		m.into.omit(m.price.Key(), field, "%s is rounded up to a whole pico-dollar", text)
	}
	return n, err
}

// field reads one field.
func (m *litellmModel) field(field string) error {
	base, above, tier := split(field)
	unit, known := litellmUnits()[base]
	if base == "input_cost_per_image" && m.pictures {
		unit, known = Images, true
	}
	if _, part := litellmWholes()[base]; part {
		return nil
	}
	if !known {
		if n, err := decimalOf(string(m.fields[field])); err != nil || n.Sign() > 0 {
			m.foreign = append(m.foreign, field)
		}
		return nil
	}
	n, err := m.dollars(field, m.fields[field])
	if err != nil {
		return err
	}
	rate := Rate{Unit: unit, AboveInputTokens: above, ServiceTier: tier, Picos: n}
	if !slices.ContainsFunc(m.price.Rates, func(r Rate) bool { return compareRates(r, rate) == 0 }) {
		m.price.Rates = append(m.price.Rates, rate)
	}
	return nil
}

// searches reads what a search costs, which may depend on how much of what was found is read. Medium is what OpenAI takes when a request does
// not say.
func (m *litellmModel) searches() error {
	const field = "search_context_cost_per_query"
	raw := m.fields[field]
	if raw == nil || string(raw) == "null" {
		return nil
	}
	var sizes map[string]json.RawMessage
	if json.Unmarshal(raw, &sizes) != nil {
		return damaged("%.50s is no object (%s)", raw, field)
	}
	medium, ok := sizes["search_context_size_medium"]
	if !ok {
		m.foreign = append(m.foreign, field)
		return nil
	}
	n, err := m.dollars(field, medium)
	if err != nil {
		return err
	}
	for _, size := range sorted(sizes) {
		if other, err := m.dollars(field, sizes[size]); err != nil {
			return err
		} else if other != n {
			m.into.omit(m.price.Key(), field+"."+size, "a search costs what one of medium size does: there is one unit for searches")
		}
	}
	m.price.Rates = append(m.price.Rates, Rate{Unit: WebSearches, ServiceTier: usage.Standard, Picos: n})
	return nil
}

// parts refuses a price of a part that Bursar does not count apart, where it differs from that of its whole. Cached audio is the exception.
func (m *litellmModel) parts() error {
	for _, field := range sorted(m.fields) {
		base, above, tier := split(field)
		whole, part := litellmWholes()[base]
		if !part || string(m.fields[field]) == "null" {
			continue
		}
		n, err := m.dollars(field, m.fields[field])
		if err != nil {
			return err
		}
		if n == m.price.Rate(whole, tier, above+1) {
			continue
		}
		if strings.HasPrefix(base, "cache_") {
			m.into.omit(m.price.Key(), field, "audio in a cache costs what text does there: there is no unit for it")
			continue
		}
		return fmt.Errorf("there is no unit for %s, which costs other than %s", field, whole)
	}
	return nil
}
