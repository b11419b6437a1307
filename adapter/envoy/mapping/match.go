package mapping

import (
	"strings"

	"bursar/fault"
)

// Descriptor is a descriptor of a call of the rate limit service.
type Descriptor struct {
	Entries  []Pair
	Hits     *uint64 // nil: the call's, or not given
	Negative bool    // whether the hits are given back
}

// Pair is an entry of a descriptor, or a header of a request.
type Pair struct{ Key, Value string }

// find returns the value of the first pair of a key.
func find(pairs []Pair, key string) (string, bool) {
	for _, pair := range pairs {
		if pair.Key == key {
			return pair.Value, true
		}
	}
	return "", false
}

// Of returns what a value is for some pairs; "" where none of its entries is there, and it has no default.
func (v *Value) Of(pairs []Pair) string {
	text, _ := v.Find(pairs)
	return text
}

// Find is Of, and tells whether the file itself says what the value is, and not whoever sent the pairs.
func (v *Value) Find(pairs []Pair) (text string, said bool) {
	if v == nil {
		return "", true
	}
	if len(v.Entries) == 0 {
		return v.Text, true
	}
	for _, name := range v.Entries {
		text, is := find(pairs, name)
		if !is || text == "" {
			continue
		}
		if n := len(v.Strip); len(text) >= n && strings.EqualFold(text[:n], v.Strip) {
			text = text[n:]
		}
		if to, is := v.Values[text]; is {
			return to, true
		}
		return text, false
	}
	return v.Default, true
}

// metadataOf returns attributes of some pairs; nil where none has a value.
func metadataOf(attributes []Attribute, pairs []Pair) map[string]string {
	var all map[string]string
	for i := range attributes {
		if text := attributes[i].Value.Of(pairs); text != "" {
			if all == nil {
				all = map[string]string{}
			}
			all[attributes[i].Name] = text
		}
	}
	return all
}

// MetadataOf returns the metadata of a request with some headers.
func (a *Authorizing) MetadataOf(headers []Pair) map[string]string {
	return metadataOf(a.Metadata, headers)
}

func (e Entry) matches(pairs []Pair) bool {
	value, is := find(pairs, e.Key)
	if !is {
		return false
	}
	if beginning, open := strings.CutSuffix(e.Pattern, "*"); open {
		return strings.HasPrefix(value, beginning)
	}
	return value == e.Pattern
}

// Rule returns the rule of a descriptor of a domain; nil: none matches.
func (m *Mapping) Rule(domain string, entries []Pair) *Rule {
	var every *Domain
	for i := range m.Domains {
		switch m.Domains[i].Name {
		case domain:
			return m.Domains[i].rule(entries)
		case "*":
			every = &m.Domains[i]
		}
	}
	if every == nil {
		return nil
	}
	return every.rule(entries)
}

func (d *Domain) rule(entries []Pair) *Rule {
next:
	for i := range d.Rules {
		for _, entry := range d.Rules[i].Match {
			if !entry.matches(entries) {
				continue next
			}
		}
		return &d.Rules[i]
	}
	return nil
}

// PhaseOf says what a call is for, by what a hit is, how many there are, whether they are given back, and whether there is a request id.
//
// A positive number of hits is usage: it settles the reservation of its request id, and without one it is booked. No number, and 0, is a look at the
// request: it reserves under its request id, and only looks without one. Hits of requests are the exception: without a request id each is admitted
// and booked at once, and no number is one.
func PhaseOf(said, unit string, hits *uint64, negative, hasRequestID bool) string {
	positive := hits != nil && *hits > 0
	switch {
	case negative && positive:
		return Refund
	case said != Auto:
		return said
	case hasRequestID && positive:
		return Settle
	case hasRequestID:
		return Reserve
	case unit == Requests && (positive || hits == nil):
		return Count
	case positive:
		return Settle
	}
	return Check
}

// read returns what a descriptor asks for by a rule. The field is where it stands in the call.
func (m *Mapping) read(rule *Rule, d *Descriptor, field string) (*Demand, error) {
	demand := &Demand{
		Rule: rule, Key: m.Key, KeyIsID: true, RequestID: rule.RequestID.Of(d.Entries), Provider: rule.Provider.Of(d.Entries), Model: rule.Model.Of(d.Entries),
		Metadata: metadataOf(rule.Metadata, d.Entries),
	}
	if rule.Key != nil {
		if key, told := rule.Key.Find(d.Entries); key != "" {
			demand.Key, demand.KeyIsID = key, told || rule.Key.IDs
		}
	}
	if demand.Key == "" {
		return nil, fault.BadInput(field, "names no API key: %s takes it from an entry that is not there, and the file has no key for that", rule.Name)
	}
	unit, said := rule.Unit.Of(d.Entries), rule.Phase.Of(d.Entries)
	at := indexOf(units(), unit)
	if at < 0 {
		return nil, fault.BadInput(field, "the unit is %q, want one of %s", unit, strings.Join(units(), ", "))
	}
	if indexOf(phases(), said) < 0 {
		return nil, fault.BadInput(field, "the phase is %q, want one of %s", said, strings.Join(phases(), ", "))
	}
	demand.Unit = unit
	demand.Phase = PhaseOf(said, unit, d.Hits, d.Negative, demand.RequestID != "")
	hits := int64(0)
	switch {
	case d.Hits != nil && *d.Hits > maxHits*1000:
		return nil, fault.BadInput(field, "hitsAddend is %d, want %d at most", *d.Hits, int64(maxHits*1000))
	case d.Hits != nil:
		hits = int64(*d.Hits) //nolint:gosec // bounded above
	case demand.Phase == Count:
		hits = 1
	}
	demand.Given[at] = d.Hits != nil || demand.Phase == Count
	if unit == Cost {
		hits *= rule.Scale
	}
	demand.Amounts[at] = hits
	if (demand.Phase == Reserve || demand.Phase == Refund) && demand.RequestID == "" {
		return nil, fault.BadInput(field, "has no request id, so that nothing could be settled: %s takes it from an entry that is not there", rule.Name)
	}
	return demand, demand.estimate(d.Entries, field)
}

func indexOf(words []string, word string) int {
	for i, each := range words {
		if each == word {
			return i
		}
	}
	return -1
}
