// Package mapping says what the descriptors of Envoy's rate limit service, and the requests of its authorization service, mean to Bursar: which API
// key they are for, what they ask for, and what they count. It is a file of rules; see docs/envoy.md.
package mapping

import (
	_ "embed"
	"time"

	"bursar/yamlfile"
)

// Mapping is a file of rules.
type Mapping struct {
	Key         string        // id of the API key of descriptors that name none; "": such descriptors are refused
	Unmatched   Unmatched     // what becomes of descriptors that no rule matches
	Hold        time.Duration // how long a reservation lives that nobody settles
	CodesOnly   bool          // whether answers leave out how limits stand
	XRateLimit  bool          // whether answers carry x-ratelimit-limit, -remaining and -reset themselves
	Domains     []Domain
	Authorizing Authorizing
}

// Unmatched is what becomes of descriptors that no rule matches.
type Unmatched string

// What becomes of descriptors that no rule matches.
const (
	Refuse Unmatched = "refuse" // the call fails, and Envoy does what it does without an answer
	Allow  Unmatched = "allow"  // they are OK, without a limit
)

// Domain has the rules of a domain.
type Domain struct {
	Name  string // "*": any that has no entry of its own
	Rules []Rule // of which the first that matches is used
}

// Rule says what descriptors mean.
type Rule struct {
	Name      string
	Match     []Entry // that the descriptor must have
	Key       *Value  // a secret, or an id; nil: Mapping.Key
	RequestID *Value  // nil: calls are not told apart
	Provider  *Value
	Model     *Value
	Metadata  []Attribute
	Unit      Value  // what a hit is
	Phase     Value  // what the call is for
	Scale     int64  // nano-dollars of a hit of the unit cost
	Policy    string // the name of the policy whose limits statuses tell of; "": of all
	Estimate  Estimate
}

// Entry is a key that a descriptor has, and the pattern of its value: a text, the beginning of one that ends with *, or * for any.
type Entry struct{ Key, Pattern string }

// Attribute is an entry of metadata.
type Attribute struct {
	Name  string
	Value Value
}

// Value is a text, or where it is taken from.
type Value struct {
	Text    string            // used as it is where there are no entries
	Entries []string          // keys of descriptors' entries, or names of headers, of which the first that is there is taken
	Strip   string            // beginning that is taken off, in any case
	Values  map[string]string // what stands for a value; others stay as they are
	Default string            // where no entry is there
	IDs     bool              // of keys: whether entries hold ids, from a gateway that knows its callers, and not what callers presented
}

// Estimate is what a call is held for until it is settled. What is nil is not given.
type Estimate struct {
	Requests, Tokens, InputTokens, MaxOutputTokens *Value
	CostNanos                                      int64 // 0: by the price of the model
}

// Authorizing is how requests of the authorization service are read.
type Authorizing struct {
	Key          *Value // nil: where the SDKs of providers send it, see wire.TakeKey
	RequestID    Value
	Provider     *Value
	Metadata     []Attribute
	DeniedStatus int  // of what a budget denies: 412, 402 or 429
	CheckOnly    bool // whether nothing is held
}

// Units of a hit.
const (
	Requests     = "requests"
	Tokens       = "tokens" // of which nobody says how many went in and came out; booked as output, which costs more
	InputTokens  = "inputTokens"
	OutputTokens = "outputTokens"
	Cost         = "cost"
)

// Phases of a rule.
const (
	Auto    = "auto"    // told by hits and request id, see Phase
	Check   = "check"   // would the request be admitted?
	Reserve = "reserve" // hold until it is settled
	Settle  = "settle"  // book what was used
	Count   = "count"   // admit and book at once
	Refund  = "refund"  // settle with less than was held; of negative hits alone
)

func units() []string  { return []string{Requests, Tokens, InputTokens, OutputTokens, Cost} }
func phases() []string { return []string{Auto, Check, Reserve, Settle, Count} }

//go:embed defaults.yaml
var defaults []byte

// DefaultText returns the file that is used where there is none, and whose domains are used by a file without domains.
func DefaultText() string { return string(defaults) }

// Default returns the mapping that is used where there is no file.
func Default() (*Mapping, error) { return parse(yamlfile.NewReader("defaults.yaml"), defaults, nil) }
