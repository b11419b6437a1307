package document_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/jsonschema-go/jsonschema"
	"pgregory.net/rapid"

	"bursar/apply/document"
)

// load reads a file with a text.
func load(t testing.TB, text string) ([]*document.Document, error) {
	t.Helper()
	return document.Load([]string{"-"}, strings.NewReader(text))
}

// Guarantee: whatever is wrong with a file is told with its line, all of it at once, and what is wrong is not read as something else.
func TestMistakesHaveLines(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"nothing":             {"", []string{"1: there is no document"}},
		"no mapping":          {"- a", []string{"1: the document: want a mapping"}},
		"no YAML":             {"organization: {slug: a", []string{"1: "}},
		"no organization":     {"owner: x", []string{"1: organization is missing"}},
		"no slug":             {"organization:\n  name: x", []string{"organization.slug is missing"}},
		"unknown field":       {"organization: {slug: a}\nworkspace: []", []string{"2: workspace: there is no such field here, want one of organization, owner"}},
		"unknown field below": {"organization:\n  slug: a\n  budgets: []", []string{"3: organization.budgets: there is no such field"}},
		"twice":               {"organization: {slug: a}\nowner: x\nowner: y", []string{"3: owner is there twice"}},
		"a number for a text": {"organization: {slug: a}\napiKeys:\n- name: 4711", []string{"3: apiKeys[0].name: want a text"}},
		"a text for a number": {"organization:\n  slug: a\n  rateLimits:\n  - {type: REQUESTS, interval: DAY, limit: many}", []string{"4: organization.rateLimits[0].limit: want a whole number, got \"many\""}},
		"a word":              {"organization: {slug: a, plan: GOLD}", []string{`1: organization.plan is "GOLD", want one of FREE, PRO, ENTERPRISE`}},
		"a negative amount":   {"organization:\n  slug: a\n  budgetLimits:\n  - {type: COST, amount: -1}", []string{"4: organization.budgetLimits[0].amount"}},
		"an exponent":         {"organization:\n  slug: a\n  budgetLimits:\n  - {type: COST, amount: 1e3}", []string{"4: "}},
		"too many digits":     {"organization:\n  slug: a\n  budgetLimits:\n  - {type: COST, amount: 99999999999999999999}", []string{"4: "}},
		"no value":            {"organization: {slug: a}\nowner:", []string{"2: owner has no value"}},
		"a day for an instant": {"organization: {slug: a}\napiKeys:\n- {name: a, expiresAt: 2027-01-01}",
			[]string{"3: apiKeys[0].expiresAt: \"2027-01-01\" is no time"}},
		"NUL":                    {"organization: {slug: \"a\\0b\"}", []string{"1: organization.slug has a NUL"}},
		"an alias of nothing":    {"organization: {slug: a}\napiKeys: *none", []string{"2: "}},
		"an owner with blanks":   {"organization: {slug: a}\nowner: \" x\"", []string{"owner: want 1 to 100"}},
		"two budgets of a kind":  {"organization:\n  slug: a\n  budgetLimits:\n  - {type: COST, amount: 1}\n  - {type: COST, amount: 2, periodicReset: NONE}", []string{"5: organization: budget COST NONE is there twice, first in standard input:4"}},
		"a rate without a time":  {"organization:\n  slug: a\n  rateLimits:\n  - {type: REQUESTS, limit: 1}", []string{"4: organization: rate limit of REQUESTS: interval"}},
		"two keys of a name":     {"organization: {slug: a}\napiKeys:\n- name: a\n- name: a", []string{"4: API key a of the organization"}},
		"two keys of an id":      {"organization: {slug: a}\napiKeys:\n- {name: a, externalId: x}\n- {name: b, externalId: x}", []string{"4: API key x is there twice"}},
		"kept metadata":          {"organization: {slug: a}\napiKeys:\n- {name: a, metadata: {bursar.apply/id: x}}", []string{"metadata.bursar.apply/id"}},
		"given twice":            {"organization: {slug: a, plan: PRO}\n---\norganization: {slug: a, plan: FREE}", []string{"3: organization: plan is given in another place"}},
		"a workspace twice":      {"organization: {slug: a}\nworkspaces:\n- {slug: w, name: x}\n- {slug: w, name: y}", []string{"4: workspace w: name is given"}},
		"there and removed":      {"organization: {slug: a}\nmembers:\n- {email: A@x.test, role: ADMIN}\nremoved: {members: [a@x.test]}", []string{"4: member a@x.test is there twice"}},
		"a condition of nothing": {"organization: {slug: a}\npolicies:\n- name: p\n  conditions:\n  - attribute: model", []string{"5: policy p: a condition on model has no values"}},
		"percents of a policy":   {"organization: {slug: a}\npolicies:\n- name: p\n  budgetLimits:\n  - {type: COST, amount: 5, alertThresholdPercents: [50]}", []string{"5: policy p: budget COST NONE: alertThresholdPercents"}},
		"all of it": {"organization: {slug: a, x: 1}\nowner: 5\napiKeys:\n- {name: a, y: 2}\nprices: 7",
			[]string{"1: organization.x", "2: owner", "4: apiKeys[0].y", "5: prices: want a list"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, test.text)
			if err == nil {
				t.Fatal("it is read")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not said of it, but %s", want, err)
				}
			}
			if lines := strings.Split(err.Error(), "\n"); !strings.HasPrefix(lines[0], "standard input:") {
				t.Errorf("the first line is %q", lines[0])
			}
		})
	}
}

// Guarantee: a file whose aliases stand for each other a billion times is refused, not read until memory is full; one whose alias is in its own anchor, too.
func TestAliasesAreBounded(t *testing.T) {
	t.Parallel()
	bomb := "organization: {slug: a}\napiKeys:\n- name: a\n  recipients: &a [x, x, x, x, x, x, x, x]\n"
	for letter := 'b'; letter < 'j'; letter++ {
		before := string(letter - 1)
		bomb += "- name: " + string(letter) + "\n  recipients: &" + string(letter) + " [" + strings.Repeat("*"+before+", ", 20) + "x]\n"
	}
	if _, err := load(t, bomb); err == nil {
		t.Error("a bomb is read")
	}
	if _, err := load(t, "organization: {slug: a}\napiKeys: &a\n- name: b\n  recipients: *a\n"); err == nil {
		t.Error("an alias in its own anchor is read")
	}
}

// Guarantee: the JSON schema takes every example, and what the files' reader refuses by its form; editors and bursar apply say the same.
func TestSchemaAndReaderAgree(t *testing.T) {
	t.Parallel()
	text, err := document.Schema()
	if err != nil {
		t.Fatal(err)
	}
	schema := &jsonschema.Schema{}
	if err := json.Unmarshal(text, schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	valid := func(t *testing.T, text []byte) error {
		var value any
		if err := yaml.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		plain, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(plain, &value); err != nil {
			t.Fatal(err)
		}
		return resolved.Validate(value)
	}
	examples, err := filepath.Glob("../../examples/apply/*.yaml")
	if err != nil || len(examples) < 2 {
		t.Fatalf("%v, %v", examples, err)
	}
	for _, example := range examples {
		content, err := os.ReadFile(example)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, content); err != nil {
			t.Errorf("%s: %v", example, err)
		}
	}
	if _, err := document.Load([]string{"../../examples/apply"}, nil); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{
		"owner: x", "organization: {slug: a, x: 1}", "organization: {slug: 5}", "organization: {slug: a, plan: GOLD}", "organization: {slug: a}\napiKeys: {}",
		"organization: {slug: a, budgetLimits: [{type: COST, amount: -1}]}", "organization: {slug: a, budgetLimits: [{type: COST, amount: x}]}",
		"organization: {slug: a}\napiKeys: [{name: a, metadata: {a: 1}}]", "organization: {slug: a}\napiKeys: [{name: a, enabled: 1}]", "organization: {slug: a, plan: null}",
	} {
		if _, err := load(t, wrong); err == nil {
			t.Errorf("the reader takes %s", wrong)
		}
		if valid(t, []byte(wrong)) == nil {
			t.Errorf("the schema takes %s", wrong)
		}
	}
	committed, err := os.ReadFile("../../examples/apply/schema.json")
	if err != nil || !bytes.Equal(bytes.TrimSpace(committed), bytes.TrimSpace(text)) {
		t.Errorf("examples/apply/schema.json is not what bursar apply --schema prints: %v", err)
	}
}

// Guarantee: whatever texts a document has, it is read as it was written.
func TestWrittenIsRead(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.StringN(0, 30, 200).Filter(func(s string) bool { return !strings.ContainsRune(s, 0) }),
		rapid.SampledFrom([]string{"true", "null", "~", "0x10", "1_0", "1e3", "- a", "a: b", "#a", "a #b", "'", "\"", "yes", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "2026-01-01", ".inf", "a\nb", "\n", " a", "a ", "\ta", "a\r\nb", "{", "[", "?", "---", "...", "=", "<<", "\u2028", "\u0085", "\ufeff", "\x7f"}))
	rapid.Check(t, func(r *rapid.T) {
		description := texts.Draw(r, "description")
		metadata := rapid.MapOfN(texts.Filter(func(s string) bool { return s != "" && !strings.HasPrefix(s, document.MetadataPrefix) }), texts, 1, 3).Draw(r, "metadata")
		d := &document.Document{Organization: document.Organization{Slug: "a"}, APIKeys: []*document.APIKey{{
			Name: texts.Draw(r, "name"), Description: document.Nullable[string]{Given: true, Value: &description}, Metadata: &metadata,
		}}}
		var written strings.Builder
		if err := document.Write(&written, d); err != nil {
			r.Fatal(err)
		}
		read, err := load(t, written.String())
		if err != nil {
			r.Fatalf("%v\n%s", err, written.String())
		}
		k, want := read[0].APIKeys[0], d.APIKeys[0]
		if k.Name != want.Name || k.Description.Value == nil || *k.Description.Value != description {
			r.Fatalf("%q and %q are read as %q and %v of\n%s", want.Name, description, k.Name, k.Description.Value, written.String())
		}
		for name, value := range metadata {
			if got := (*k.Metadata)[name]; got != value {
				r.Fatalf("%q: %q is read as %q of\n%s", name, value, got, written.String())
			}
		}
	})
}

// Guarantee: times are written in quotes, since without them they are no strings for parsers of YAML 1.1, and the schema has them as strings.
func TestTimesAreWrittenAsStrings(t *testing.T) {
	t.Parallel()
	at := document.Time{Time: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	d := &document.Document{
		Organization: document.Organization{Slug: "a"}, Prices: []*document.Price{{Provider: "p", Model: "m", EffectiveFrom: &at}},
		APIKeys: []*document.APIKey{{Name: "n", ExpiresAt: document.Nullable[document.Time]{Given: true, Value: &at}}},
	}
	var written strings.Builder
	if err := document.Write(&written, d); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{`effectiveFrom: "2030-01-01T00:00:00Z"`, `expiresAt: "2030-01-01T00:00:00Z"`} {
		if !strings.Contains(written.String(), line) {
			t.Errorf("no %s in\n%s", line, written.String())
		}
	}
}
