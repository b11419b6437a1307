package coercion_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph/coercion"
	"bursar/graph/exec"
)

func schema() *ast.Schema { return exec.NewExecutableSchema(exec.Config{}).Schema() }

// parsed returns a document that must be valid.
func parsed(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	document, errs := coercion.Parse(schema(), text, 2_000, true)
	if document == nil || len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	return document
}

// decoded returns JSON as a request's variables are decoded.
func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var variables map[string]any
	if err := decoder.Decode(&variables); err != nil {
		t.Fatal(err)
	}
	return variables
}

// Wrong variables are named by the argument that they stand for, or stand within, wherever that is: in nested fields, fragments, lists
// and objects of the document. What is right is left as it is.
func TestVariablesAreNamedByTheirArguments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		document, variables string
		fields              []string
	}{
		{`query($input: Int) { apiKeys(first: $input) { totalCount } }`, `{"input": "2"}`, []string{"first"}},
		{`query($n: Int) { viewer { ...v } } fragment v on Viewer { organization { ... on Organization { workspaces(first: $n) { totalCount } } } }`,
			`{"n": 1.5}`, []string{"first"}},
		{`mutation($k: String!, $n: Int64) { recordUsage(input: {key: $k, inputTokens: $n}) { replayed } }`, `{"k": 5, "n": "5"}`, []string{"key", "inputTokens"}},
		{`mutation($k: String!, $n: Int64) { recordUsage(input: {key: $k, inputTokens: $n}) { replayed } }`, `{"n": 5}`, []string{"key"}},
		{`mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { secret } }`, `{"i": null}`, []string{"input"}},
		{`mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { secret } }`, `{}`, []string{"input"}},
		{`mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { secret } }`, `{"i": {"name": 1, "colour": 2, "__typename": "x"}}`, []string{"colour", "ownerId", "name"}},
		{`mutation($b: [BudgetLimitInput!], $e: String!) { createApiKey(input: {ownerId: "x", name: "x", budgetLimits: $b, recipients: ["a", $e]}) { secret } }`,
			`{"b": [{"type": "COST", "amount": 5}, {"type": "cost", "amount": "1.5", "periodicReset": "Weekly"}], "e": true}`,
			[]string{"budgetLimits.1.type", "budgetLimits.1.periodicReset", "recipients.1"}},
		{`mutation($b: BudgetLimitInput!) { createApiKey(input: {ownerId: "x", name: "x", budgetLimits: [{type: COST, amount: 1}, $b]}) { secret } }`,
			`{"b": {"type": "COST", "amount": "x"}}`, []string{"budgetLimits.1.amount"}},
		{`query($f: ApiKeyFilter, $yes: Boolean!) { apiKeys(filter: $f) { totalCount @include(if: $yes) } }`, `{"f": {"status": "active"}, "yes": "true"}`,
			[]string{"filter.status", "yes"}},
		{`query($g: [UsageDimension!], $i: UsageInterval!) { usage(filter: {subjectId: "x", from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z"}, interval: $i, groupBy: $g) { total { tokens } } }`,
			`{"g": ["MODEL", "model", null], "i": "day"}`, []string{"groupBy.1", "groupBy.2", "interval"}},
		{`query($g: [UsageDimension!], $i: UsageInterval!) { usage(filter: {subjectId: "x", from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z"}, interval: $i, groupBy: $g) { total { tokens } } }`,
			`{"g": "MODEL", "i": "DAY", "other": 1}`, nil}, // one value is a list of it
	} {
		document, variables := parsed(t, test.document), decoded(t, test.variables)
		var fields []string
		for _, f := range coercion.Variables(schema(), document.Operations[0], variables) {
			fields = append(fields, f.Field)
		}
		if !slices.Equal(fields, test.fields) {
			t.Errorf("%s with %s: wrong are %v, want %v", test.document, test.variables, fields, test.fields)
		}
		if test.fields == nil && !maps.EqualFunc(variables, decoded(t, test.variables), func(a, b any) bool { return a == b }) {
			t.Errorf("%s became %v", test.variables, variables)
		}
	}
}

// What is wanted is said in words for people.
func TestWords(t *testing.T) {
	t.Parallel()
	document := parsed(t, `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`)
	faults := coercion.Variables(schema(), document.Operations[0], decoded(t, `{"input": {"ownerId": true, "name": 123, "emailNotifications": "true",
		"metadata": 1, "expiresAt": "tomorrow", "recipients": [null], "budgetLimits": ["x", {"type": "Cost", "amount": true, "periodicReset": "HOURLY"}],
		"rateLimits": [{"type": "REQUESTS", "interval": "DAY", "limit": 1.5}, {"type": "REQUESTS", "interval": "DAY", "limit": "5"},
			{"type": "REQUESTS", "interval": "DAY", "limit": 1e30}]}}`))
	want := []string{
		"ownerId: must be an id, as a string", "name: must be a string", `expiresAt: must be an instant such as "2026-01-31T12:00:00Z"`,
		"metadata: must be an object of strings", "emailNotifications: must be true or false", "recipients.0: must not be null",
		"budgetLimits.0: must be an object with the fields of BudgetLimitInput", "budgetLimits.1.type: must be COST, TOKENS or REQUESTS, in upper case",
		"budgetLimits.1.amount: must be a decimal number, as a string or a number", "budgetLimits.1.periodicReset: must be NONE, DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY or EVERY_DAYS",
		"rateLimits.0.limit: must be a whole number", "rateLimits.1.limit: must be a whole number, without quotes",
		"rateLimits.2.limit: is too large: a whole number here has at most 64 bits",
	}
	for i, f := range faults {
		if i >= len(want) || f.Message != want[i] {
			t.Errorf("%d: %s", i, f.Message)
		}
	}
	if len(faults) != len(want) {
		t.Errorf("%d faults, want %d", len(faults), len(want))
	}
}

// A wrong literal is an error of its own with its field and its place in the document, beside the errors of other rules; a fragment that is
// spread twice counts once.
func TestLiterals(t *testing.T) {
	t.Parallel()
	_, errs := coercion.Parse(schema(), `query($n: Int = "2") {
		apiKeys(first: "2", filter: {status: "ACTIVE", search: 5, colour: RED}) { edges { node { ...k } } unknown }
		alerts(first: $n, filter: {kind: exhausted}) { edges { node { ...a } } }
		viewer { organization @include(if: 1) { id } }
	} fragment k on ApiKey { id } fragment a on Alert { budgetLimit { periods(first: 1.5) { edges { cursor } } } }
	fragment b on Alert { ...a }`, 2_000, true)
	var fields []string
	for _, err := range errs {
		if f, is := err.Err.(interface{ Reason() string }); is {
			fields = append(fields, strings.SplitN(err.Message, ":", 2)[0])
			if f.Reason() == "" || len(err.Locations) != 1 || err.Locations[0].Line == 0 {
				t.Errorf("%+v", err)
			}
		}
	}
	want := []string{"first", "filter.colour", "filter.status", "filter.search", "first", "filter.kind", "if", "n"}
	slices.Sort(want)
	slices.Sort(fields)
	if !slices.Equal(fields, want) || len(errs) != len(want)+2 { // the field unknown, the fragment b
		t.Errorf("wrong are %v of %d errors, want %v; %v", fields, len(errs), want, errs)
	}
}

// Numbers of a document reach the resolver with all their digits: gqlparser parses those with a point as floats, and panics at more than 64
// bits.
func TestLiteralsAreExact(t *testing.T) {
	t.Parallel()
	document := parsed(t, `mutation($c: Decimal = 0.12345678901234567890) { a: recordUsage(input: {cost: $c}) { replayed } recordUsage(input: {cost: 1.0000000000000001, inputTokens: 1e3, outputTokens: 60.0, requests: 5}) { replayed } }`)
	input := document.Operations[0].SelectionSet[1].(*ast.Field).Arguments[0].Value
	for name, want := range map[string]any{"cost": "1.0000000000000001", "inputTokens": int64(1000), "outputTokens": int64(60), "requests": int64(5)} {
		if got, err := input.Children.ForName(name).Value(nil); err != nil || got != want {
			t.Errorf("%s: %v (%v), want %v", name, got, err, want)
		}
	}
	if byDefault, err := document.Operations[0].VariableDefinitions[0].DefaultValue.Value(nil); err != nil || byDefault != "0.12345678901234567890" {
		t.Errorf("the default is %v (%v)", byDefault, err)
	}
	large := parsed(t, `mutation { createBudgetLimit(input: {subjectId: "x", type: COST, amount: 99999999999999999999, alertThresholds: [1, 2.5]}) { budgetLimit { id } } }`)
	if _, err := large.Operations[0].SelectionSet[0].(*ast.Field).Arguments[0].Value.Value(nil); err != nil {
		t.Error(err)
	}
}
