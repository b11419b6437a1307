package mapping_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/adapter/envoy/mapping"
	"bursar/yamlfile"
)

// Guarantee: every mistake of a file is told at once, with its line.
func TestMistakes(t *testing.T) {
	t.Parallel()
	_, err := mapping.Parse("envoy.yaml", []byte(`key: bsr_secret
unmatched: maybe
hold: 0s
headers: draft
statuses: none
domains:
  - domain: llm
    rules:
      - match: {a: "x*y"}
        key: bsr_secret
        requestId: one
      - unit: euros
        phase: {entry: phase, default: later}
        scale: 2
        estimate: {tokens: -1, cost: "x"}
        metadata: {user: {strip: x}}
      - phase: reserve
        unknown: 1
  - domain: llm
    rules: []
authorization: {onDenied: 403, mode: look}
`))
	mistakes, ok := errors.AsType[yamlfile.Mistakes](err)
	if !ok {
		t.Fatalf("the error is %v", err)
	}
	for _, want := range []string{
		"envoy.yaml:1: key: want the id of an API key", "envoy.yaml:2: unmatched is \"maybe\"", "envoy.yaml:3: hold is \"0s\"",
		"envoy.yaml:4: headers is \"draft\"", "envoy.yaml:5: statuses is \"none\"", "envoy.yaml:9: match.a: \"x*y\"", "envoy.yaml:10: key: want the id",
		"envoy.yaml:11: requestId: want the entry", "envoy.yaml:12: unit is \"euros\"", "envoy.yaml:13: phase is \"later\"",
		"envoy.yaml:14: scale: want US dollars above 0", "envoy.yaml:15: estimate.tokens is \"-1\"", "envoy.yaml:15: estimate.cost is \"x\"",
		"envoy.yaml:16: metadata.user: want a text, or {entry: NAME}", "a rule that reserves has no requestId", "envoy.yaml:18: unknown is not known here",
		"there are two domains llm", "envoy.yaml:20: rules: want a list", "authorization.onDenied is \"403\"", "authorization.mode is \"look\"",
	} {
		if !strings.Contains(mistakes.Error(), want) {
			t.Errorf("not told: %s", want)
		}
	}
	if len(mistakes) != 20 {
		t.Errorf("%d mistakes:\n%v", len(mistakes), mistakes)
	}
	if _, err := mapping.Read(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Guarantee: hits mean what their senders mean: a positive number is usage, no number and 0 are a look, and negative ones are given back; requests without a
// request id are counted, and no number is one.
func TestPhaseOf(t *testing.T) {
	t.Parallel()
	none, zero, some := (*uint64)(nil), new(uint64(0)), new(uint64(7))
	for _, test := range []struct {
		said, unit string
		hits       *uint64
		negative   bool
		request    bool
		want       string
	}{
		{mapping.Auto, mapping.Tokens, none, false, true, mapping.Reserve}, {mapping.Auto, mapping.Tokens, zero, false, true, mapping.Reserve},
		{mapping.Auto, mapping.Tokens, some, false, true, mapping.Settle}, {mapping.Auto, mapping.Tokens, some, true, true, mapping.Refund},
		{mapping.Auto, mapping.Tokens, none, false, false, mapping.Check}, {mapping.Auto, mapping.Tokens, zero, false, false, mapping.Check},
		{mapping.Auto, mapping.Tokens, some, false, false, mapping.Settle}, {mapping.Auto, mapping.Cost, some, false, false, mapping.Settle},
		{mapping.Auto, mapping.Requests, none, false, false, mapping.Count}, {mapping.Auto, mapping.Requests, some, false, false, mapping.Count},
		{mapping.Auto, mapping.Requests, zero, false, false, mapping.Check}, {mapping.Auto, mapping.Requests, none, false, true, mapping.Reserve},
		{mapping.Auto, mapping.Requests, some, false, true, mapping.Settle}, {mapping.Auto, mapping.Tokens, zero, true, true, mapping.Reserve},
		{mapping.Settle, mapping.Tokens, zero, false, true, mapping.Settle}, {mapping.Count, mapping.Requests, none, false, true, mapping.Count},
		{mapping.Reserve, mapping.Tokens, some, false, true, mapping.Reserve}, {mapping.Settle, mapping.Tokens, some, true, true, mapping.Refund},
	} {
		if got := mapping.PhaseOf(test.said, test.unit, test.hits, test.negative, test.request); got != test.want {
			t.Errorf("%+v is %s", test, got)
		}
	}
}

// explain returns what is said of descriptors.
func explain(t *testing.T, m *mapping.Mapping, domain string, hits *uint64, texts ...string) (string, bool) {
	t.Helper()
	var descriptors []mapping.Descriptor
	for _, text := range texts {
		d, err := mapping.ParseDescriptor(text)
		if err != nil {
			t.Fatal(err)
		}
		d.Hits = hits
		descriptors = append(descriptors, d)
	}
	var said strings.Builder
	ok, err := m.Explain(&said, domain, descriptors)
	if err != nil {
		t.Fatal(err)
	}
	return said.String(), ok
}

// Guarantee: without a file, descriptors of Envoy AI Gateway's quota domain and those with conventional names are understood; a file without domains has these
// domains, and its key stands for a caller whom descriptors do not name.
func TestDefaults(t *testing.T) {
	t.Parallel()
	usual, err := mapping.Default()
	if err != nil {
		t.Fatal(err)
	}
	quota := "backend_name=default/openai,model_name_override=gpt-5,rule-0-match-0=rule-0-match-0"
	if said, ok := explain(t, usual, "ai-gateway-quota", nil, quota); ok || !strings.Contains(said, "names no API key") {
		t.Errorf("without a key:\n%s", said)
	}
	m, err := mapping.Parse("envoy.yaml", []byte("key: key_0123456789abcdef0123456789abcdef\n"))
	if err != nil {
		t.Fatal(err)
	}
	for hits, wants := range map[*uint64][]string{
		nil:               {"descriptor 0", "quota", "does", "checks", "key_0123456789abcdef0123456789abcdef", "model", "gpt-5", "metadata.backend", "default/openai"},
		new(uint64(1234)): {"books 1234 tokens"},
	} {
		said, ok := explain(t, m, "ai-gateway-quota", hits, quota, quota)
		for _, want := range wants {
			if !ok || !strings.Contains(said, want) {
				t.Errorf("%q is not in\n%s", want, said)
			}
		}
		if strings.Contains(said, "request 2") { // the same told twice
			t.Errorf("two requests:\n%s", said)
		}
	}
	said, ok := explain(t, usual, "agentgateway", new(uint64(5)), "authorization=bearer bsr_abcdefghijklmnop,unit=cost,x-request-id=r1,user=ann", "api_key=bsr_other,unit=requests")
	for _, want := range []string{"settles the reservation of the request id with $0.000005", "the secret bsr_abcd…", "request id", "r1", "request 2", "counts: admits and books 5 requests"} {
		if !ok || !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	if strings.Contains(said, "efghijkl") {
		t.Errorf("a secret is told:\n%s", said)
	}
}

// Guarantee: the first rule that matches is used; entries are matched whole or by their beginning; values are translated; and what a caller sends is never an
// id, unless the file says that it is.
func TestRules(t *testing.T) {
	t.Parallel()
	m, err := mapping.Parse("envoy.yaml", []byte(`unmatched: allow
domains:
  - domain: llm
    rules:
      - {name: exact, match: {plan: gold}, key: {entry: team, values: {a: key_0123456789abcdef0123456789abcdef}, default: key_ffffffffffffffffffffffffffffffff}}
      - {name: beginning, match: {plan: "s*"}, key: {entry: id, form: id}}
      - {name: any, match: {plan: "*", caller: "*"}, key: {entry: caller}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]struct {
		rule, key string
		isID      bool
	}{
		"plan=gold,team=a": {"exact", "key_0123456789abcdef0123456789abcdef", true}, "plan=gold,team=b": {"exact", "b", false},
		"plan=gold": {"exact", "key_ffffffffffffffffffffffffffffffff", true}, "plan=silver,id=key_x": {"beginning", "key_x", true},
		"plan=golden,caller=key_x": {"any", "key_x", false}, "plan=golden": {}, `plan=x,caller=a\,b`: {"any", "a,b", false},
	} {
		d, err := mapping.ParseDescriptor(text)
		if err != nil {
			t.Fatal(err)
		}
		demands, err := m.Demands("llm", []mapping.Descriptor{d})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if want.rule == "" {
			if len(demands) != 0 {
				t.Errorf("%s is matched", text)
			}
			continue
		}
		if len(demands) != 1 || demands[0].Rule.Name != want.rule || demands[0].Key != want.key || demands[0].KeyIsID != want.isID {
			t.Errorf("%s: %+v", text, demands)
		}
	}
	for _, text := range []string{"", "plan", "=x", "a=b,"} {
		if _, err := mapping.ParseDescriptor(text); err == nil {
			t.Errorf("%q is a descriptor", text)
		}
	}
}
