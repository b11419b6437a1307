package mapping

import (
	"maps"
	"strconv"
	"strings"

	"bursar/fault"
)

// Demand is what the descriptors of a call ask for one API key.
type Demand struct {
	Rule            *Rule  // of its first descriptor
	Phase           string // Check, Reserve, Settle, Count or Refund
	Unit            string // of its first descriptor
	Key             string // a secret that a caller presented, or an id
	RequestID       string // "": not given
	Provider, Model string // "": not given
	Metadata        map[string]string
	KeyIsID         bool     // whether Key may be an id: a file, or whoever it trusts, says it
	Amounts         [5]int64 // hits by the index of their unit in the list of units; of Cost nano-dollars
	Given           [5]bool  // whether there were hits of the unit, 0 among them
	Estimated       Estimated
	Descriptors     []int // which of the call's it is made of
}

// Estimated is what a call is held for; nil: not given.
type Estimated struct {
	Requests, Tokens, InputTokens, MaxOutputTokens *int64
	CostNanos                                      int64 // 0: not given
}

// Amount returns the hits of a unit; of Cost nano-dollars.
func (d *Demand) Amount(unit string) int64 { return d.Amounts[indexOf(units(), unit)] }

// Has tells whether there were hits of a unit, 0 among them.
func (d *Demand) Has(unit string) bool { return d.Given[indexOf(units(), unit)] }

// Set sets the hits of a unit.
func (d *Demand) Set(unit string, amount int64) {
	at := indexOf(units(), unit)
	d.Amounts[at], d.Given[at] = amount, true
}

// estimate reads the rule's estimate.
func (d *Demand) estimate(entries []Pair, field string) error {
	from := &d.Rule.Estimate
	d.Estimated.CostNanos = from.CostNanos
	for _, each := range []struct {
		name string
		from *Value
		into **int64
	}{
		{"requests", from.Requests, &d.Estimated.Requests}, {"tokens", from.Tokens, &d.Estimated.Tokens},
		{"inputTokens", from.InputTokens, &d.Estimated.InputTokens}, {"maxOutputTokens", from.MaxOutputTokens, &d.Estimated.MaxOutputTokens},
	} {
		text := each.from.Of(entries)
		if text == "" {
			continue
		}
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil || number < 0 || number > maxHits {
			return fault.BadInput(field, "the estimate of %s is %q, want a whole number from 0 to %d", each.name, text, int64(maxHits))
		}
		*each.into = &number
	}
	return nil
}

// joins tells whether two demands of one call are of one request: of the same key and request id, or without one, about the same.
func (d *Demand) joins(other *Demand) bool {
	if d.Key != other.Key || d.RequestID != other.RequestID {
		return false
	}
	return d.RequestID != "" || d.Provider == other.Provider && d.Model == other.Model && maps.Equal(d.Metadata, other.Metadata)
}

// join takes another demand of the same request in. What is told in two descriptors is counted once: of a unit the larger number.
func (d *Demand) join(other *Demand, field string) error {
	if (d.Phase == Refund) != (other.Phase == Refund) {
		return fault.BadInput(field, "has negative hits, and another descriptor of the same request has not")
	}
	if rank(other.Phase) > rank(d.Phase) {
		d.Phase = other.Phase
	}
	for i, amount := range other.Amounts {
		d.Amounts[i] = max(d.Amounts[i], amount)
		d.Given[i] = d.Given[i] || other.Given[i]
	}
	if d.Provider == "" {
		d.Provider = other.Provider
	}
	if d.Model == "" {
		d.Model = other.Model
	}
	for name, value := range other.Metadata {
		if d.Metadata == nil {
			d.Metadata = map[string]string{}
		}
		if _, known := d.Metadata[name]; !known {
			d.Metadata[name] = value
		}
	}
	d.Descriptors = append(d.Descriptors, other.Descriptors...)
	return nil
}

// rank orders phases: where descriptors of one request differ, the highest is that of the request. So 0 beside a positive number is an amount, and
// a look beside a count is a part of it.
func rank(phase string) int { return indexOf([]string{Check, Reserve, Settle, Count, Refund}, phase) }

// Demands returns what the descriptors of a call ask for, in their order. Descriptors that no rule matches are in none of them; where the file refuses
// those, they are an error. Errors are BAD_USER_INPUT and name the descriptor.
func (m *Mapping) Demands(domain string, descriptors []Descriptor) (demands []*Demand, err error) {
	for i := range descriptors {
		d, field := &descriptors[i], "descriptors."+strconv.Itoa(i)
		rule := m.Rule(domain, d.Entries)
		if rule == nil && m.Unmatched == Allow {
			continue
		}
		if rule == nil {
			return nil, fault.BadInput(field, "no rule of the domain %q matches %s", domain, keysOf(d.Entries))
		}
		demand, err := m.read(rule, d, field)
		if err != nil {
			return nil, err
		}
		demand.Descriptors = []int{i}
		joined := false
		for _, earlier := range demands {
			if joined = earlier.joins(demand); joined {
				if err := earlier.join(demand, field); err != nil {
					return nil, err
				}
				break
			}
		}
		if !joined {
			demands = append(demands, demand)
		}
	}
	return demands, nil
}

// keysOf names the entries of a descriptor. Values may be secrets.
func keysOf(entries []Pair) string {
	keys := make([]string, len(entries))
	for i, entry := range entries {
		keys[i] = strconv.Quote(entry.Key)
	}
	return "(" + strings.Join(keys, ", ") + ")"
}
