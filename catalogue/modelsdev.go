package catalogue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"bursar/usage"
)

// modelsDevUnits says which unit each field of a cost is for; all are dollars for a million.
func modelsDevUnits() map[string]Unit {
	return map[string]Unit{"input": InputTokens, "output": OutputTokens, "reasoning": ReasoningTokens, "cache_read": CachedInputTokens,
		"cache_write": CacheWriteTokens, "input_audio": AudioInputTokens, "output_audio": AudioOutputTokens}
}

// The form of models.dev, as far as it is needed.
type (
	modelsDevProvider struct {
		Models map[string]json.RawMessage `json:"models"`
	}
	modelsDevModel struct {
		Cost  map[string]json.RawMessage `json:"cost"`
		Limit struct {
			Output json.RawMessage `json:"output"`
		} `json:"limit"`
	}
)

// readModelsDev reads the list of models.dev.
func readModelsDev(list []byte, origin Origin, into *Catalogue) error {
	var providers map[string]json.RawMessage
	if err := decode(list, &providers); err != nil {
		return err
	}
	for _, id := range sorted(providers) {
		var provider modelsDevProvider
		if err := json.Unmarshal(providers[id], &provider); err != nil {
			into.refuse(Key{Provider: id}, "", damaged("%v", err))
			continue
		}
		for _, name := range sorted(provider.Models) {
			price := Price{Provider: modelsDevID(id), Source: origin.Source, CheckedAt: origin.CheckedAt}
			price.setPattern(name)
			if err := modelsDevPrice(into, &price, provider.Models[name]); err != nil {
				into.refuse(price.Key(), "", err)
				continue
			}
			into.add(price)
		}
	}
	return nil
}

// modelsDevID returns the provider's name as the other lists write it.
func modelsDevID(id string) string {
	known := map[string]string{"amazon-bedrock": "aws", "google-vertex": "google", "google-vertex-anthropic": "google", "xai": "x-ai",
		"togetherai": "together", "fireworks-ai": "fireworks", "voyage": "voyageai"}
	if name, ok := known[id]; ok {
		return name
	}
	return strings.ToLower(id)
}

// modelsDevPrice reads a model.
func modelsDevPrice(into *Catalogue, price *Price, raw json.RawMessage) error {
	var model modelsDevModel
	if err := json.Unmarshal(raw, &model); err != nil {
		return damaged("%v", err)
	}
	if err := modelsDevCost(into, price, model.Cost, 0); err != nil {
		return err
	}
	if text, err := number(model.Limit.Output); err == nil {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			price.MaxOutputTokens = n
		}
	}
	switch {
	case len(price.Rates) == 0:
		return errNoRates
	case allZero(price.Rates) && !freeByName(price.Model):
		return errAllZero
	}
	return nil
}

// modelsDevCost reads a cost and the costs of larger input within it. Sizes are tiers, or fields such as context_over_200k.
func modelsDevCost(into *Catalogue, price *Price, cost map[string]json.RawMessage, above int64) error {
	for _, field := range sorted(cost) {
		raw := cost[field]
		unit, known := modelsDevUnits()[field]
		size, over := strings.CutPrefix(field, "context_over_")
		switch {
		case string(raw) == "null" || field == "tier" && above > 0:
		case known:
			text, err := number(raw)
			if err != nil {
				return fmt.Errorf("%w (%s)", err, field)
			}
			n, rounded, err := picos(text, 1_000_000)
			if err != nil {
				return fmt.Errorf("%w (%s)", err, field)
			}
			if rounded {
				into.omit(price.Key(), field, "%s is rounded up to a whole pico-dollar", text)
			}
			price.Rates = append(price.Rates, Rate{Unit: unit, AboveInputTokens: above, ServiceTier: usage.Standard, Picos: n})
		case over && above == 0 && cost["tiers"] == nil:
			tokens, ok := modelsDevSize(size)
			var larger map[string]json.RawMessage
			if !ok || json.Unmarshal(raw, &larger) != nil {
				return damaged("%s is no cost above a size", field)
			}
			if err := modelsDevCost(into, price, larger, tokens); err != nil {
				return err
			}
		case over: // tiers say it too
		case field == "tiers" && above == 0:
			if err := modelsDevTiers(into, price, raw); err != nil {
				return err
			}
		default:
			return fmt.Errorf("there is no unit for %s", field)
		}
	}
	return nil
}

// modelsDevSize reads a size of input such as 200k or 1m.
func modelsDevSize(text string) (tokens int64, ok bool) {
	unit := int64(1)
	for ending, of := range map[string]int64{"k": 1000, "m": 1_000_000} {
		if cut, has := strings.CutSuffix(text, ending); has {
			text, unit = cut, of
			break
		}
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return n * unit, err == nil && n > 0
}

// modelsDevTiers reads the tiers of a cost, of which those by the size of the input are known.
func modelsDevTiers(into *Catalogue, price *Price, raw json.RawMessage) error {
	var tiers []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &tiers); err != nil {
		return damaged("tiers: %v", err)
	}
	for _, tier := range tiers {
		var by struct {
			Type string `json:"type"`
			Size int64  `json:"size"`
		}
		if err := json.Unmarshal(tier["tier"], &by); err != nil || by.Size <= 0 {
			return damaged("a tier has no size")
		}
		if by.Type != "context" {
			return fmt.Errorf("there are no tiers by %s", by.Type)
		}
		if err := modelsDevCost(into, price, tier, by.Size); err != nil {
			return err
		}
	}
	return nil
}
