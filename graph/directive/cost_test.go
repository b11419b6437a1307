package directive

import (
	"reflect"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/complexity"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph/exec"
)

// counted returns the schema with its costs, as the server has it.
func counted(t *testing.T) *countedSchema {
	t.Helper()
	schema, err := CountCosts(exec.NewExecutableSchema(exec.Config{}), 100, nil)
	if err != nil {
		t.Fatal(err)
	}
	return schema.(*countedSchema)
}

// An operation's complexity is the number of values that it asks for: a page counts as many times as it has edges, 1 to 100 and 50
// by default, a list without a page four times, limits six times (as many as a subject can have), a report 12,000 values more.
func TestComplexity(t *testing.T) {
	t.Parallel()
	schema := counted(t)
	const page, edges = `query ($first: Int = 70) { apiKeys(first: $first) `, `{ edges { node { id } } } }`
	for text, want := range map[string]int{
		`{ viewer { role } }`: 2,
		`{ apiKeys { edges { node { id } } pageInfo { endCursor } totalCount } }`: 1 + 50*6,
		`{ apiKeys(first: 3) { edges { node { id } } } }`:                         1 + 3*3,
		`{ apiKeys(first: null) { edges { node { id } } } }`:                      1 + 50*3,
		`{ apiKeys(last: 7) { nodes { id } } }`:                                   1 + 7*2,
		`{ apiKeys(first: 2, last: 7) { nodes { id } } }`:                         1 + 7*2,
		`{ nodes(ids: ["a", "b"]) { id } }`:                                       1 + 2*1,
		`{ nodes(ids: []) { id } }`:                                               1 + 1*1,
		`{ apiKeys(first: 0) { edges { node { id } } } }`:                         1 + 1*3,
		`{ apiKeys(first: -5) { edges { node { id } } } }`:                        1 + 1*3,
		`{ apiKeys(first: 101) { edges { node { id } } } }`:                       1 + 100*3,
		page + edges: 1 + 70*3,
		`{ alerts(first: 1) { edges { node { deliveries { status } } } } }`:                                                1 + 1*(2+1+4*1),
		`{ auditLog(first: 2) { edges { node { id } } } }`:                                                                 1 + 2*3,
		`{ organizations(first: 2) { edges { node { workspaces(first: 3) { edges { node { rateLimits { id } } } } } } } }`: 1 + 2*(2+1+3*(2+1+6*1)),
		`{ viewer { organization { members(first: 9) { totalCount } recipients { email } } } }`:                            2 + 1 + 9*1 + 1 + 4*1,
		`{ node(id: "x") { ... on BudgetLimit { periods(first: 5) { pageInfo { endCursor } } } } }`:                        1 + 1 + 5*2,
		`{ jobs { name } }`: 2,
		`{ organizations(first: 9) { edges { node { quotas { name used } } } } }`:                                                         1 + 9*(2+100+9*2),
		`{ usage(filter: {subjectId: "x", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z"}, interval: DAY) { total { cost } } }`: 12_000 + 2,
		`mutation { addRecipients(input: {subjectId: "x", emails: []}) { recipients { email } } }`:                                        3,
	} {
		if got := complexity.Calculate(t.Context(), schema, operationOf(t, text), map[string]any{"first": 70}); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

// Every list that a client pages through counts as many times as the page has edges: none is forgotten.
func TestEveryConnectionCounts(t *testing.T) {
	t.Parallel()
	schema := counted(t)
	connections := 0
	for _, definition := range schema.Schema().Types {
		for _, field := range definition.Fields {
			if !strings.HasSuffix(field.Type.Name(), "Connection") {
				continue
			}
			connections++
			want := cost{weight: 1, size: 50, slicingArguments: []string{"first", "last"}}
			if field.Arguments.ForName("last") == nil {
				want.slicingArguments = []string{"first"}
			}
			if got := schema.costs[fieldName{definition.Name, field.Name}]; !reflect.DeepEqual(got, want) {
				t.Errorf("%s.%s: %+v, want %+v", definition.Name, field.Name, got, want)
			}
		}
	}
	if connections < 8 {
		t.Errorf("%d connections were looked at, want 8 at least", connections)
	}
}

// Every other list of objects says how many times it counts, or is known to be bounded: none grows unnoticed. Those of which nobody knows the
// length before they are read are counted then, by loader.CountList.
func TestEveryListCounts(t *testing.T) {
	t.Parallel()
	bounded := map[string]string{
		"UsageDecision.denials": "of the limits of three subjects", "UsageDecision.limits": "of three subjects", "RecordUsagePayload.limits": "of three subjects", "RecordUsageAnswer.limits": "of three subjects",
		"UsageReport.series": "counted with the report", "UsageReport.comparedBuckets": "counted with the report",
		"UsageSeries.dimensions": "counted with the report", "UsageSeries.buckets": "counted with the report",
		"AddRecipientsPayload.recipients": "of one subject, counted when they are read", "RemoveRecipientsPayload.recipients": "of one subject, counted when they are read",
		"Query.jobs":             "one for each kind of job",
		"BudgetLimit.thresholds": "as many as were given, which is bounded", "PolicyOverride.values": "one for each attribute of groupBy", "PolicyGroup.values": "one for each attribute of groupBy",
		"PolicyGroupReference.values": "one for each attribute of groupBy", "Alert.groupValues": "one for each attribute of groupBy",
		"PolicyRaise.values": "one for each attribute of groupBy", "RaiseRequest.groupValues": "one for each attribute of groupBy",
		"PolicyBudgetLimit.thresholds": "as many as were given, which is bounded",
	}
	schema, seen := counted(t), map[string]bool{}
	for _, definition := range schema.Schema().Types {
		for _, field := range definition.Fields {
			name := definition.Name + "." + field.Name
			of := schema.Schema().Types[field.Type.Name()]
			if field.Type.Elem == nil || definition.Kind != ast.Object || definition.BuiltIn || of.Kind == ast.Scalar || of.Kind == ast.Enum ||
				strings.HasSuffix(definition.Name, "Connection") {
				continue
			}
			seen[name] = true
			if size := schema.costs[fieldName{definition.Name, field.Name}].size; (size > 1) == (bounded[name] != "") {
				t.Errorf("%s counts %d times, and is known to be bounded: %q", name, size, bounded[name])
			}
		}
	}
	for name := range bounded {
		if !seen[name] {
			t.Errorf("%s is no list any more", name)
		}
	}
}
