package graph_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/db/dbtest"
	"bursar/graph"
	"bursar/graph/graphtest"
)

// right has a right value for each scalar, rightFor for fields that want another one, and wrong has values of other kinds. A literal is
// written as JSON has it, but for enums and names of fields.
var (
	right = map[string]string{"String": `"x"`, "ID": `"key_x"`, "Boolean": `true`, "Int": `1`, "Int64": `1`, "Decimal": `"1"`,
		"Time": `"2099-01-01T00:00:00Z"`, "Metadata": `{}`}
	rightFor = map[string]string{"attribute": `"model"`, "groupBy": `"model"`, "maxGroups": `5`, "email": `"a@acme.test"`, "emails": `"a@acme.test"`, "recipients": `"a@acme.test"`, "amount": `"5"`,
		"to": `"2099-01-02T00:00:00Z"`, "cacheWriteTokens": `0`, "cacheWrite1hTokens": `0`, "audioInputTokens": `0`, "audioOutputTokens": `0`, "requestId": `null`, "allowZeroRequests": `false`, "expectedVersion": `null`,
		"last": `null`, "resetDays": `null`, "resetAnchor": `null`, "timeZone": `null`, "thresholdPercent": `null`}
	wrong = map[string][]string{
		"String":   {`123`, `1.5`, `true`, `{}`, `[[]]`},
		"ID":       {`1.5`, `true`, `{}`, `[[]]`},
		"Boolean":  {`"true"`, `1`, `{}`, `[[]]`},
		"Int":      {`"2"`, `1.5`, `true`, `{}`, `1e99`, `9223372036854775808`, `[[]]`},
		"Int64":    {`"2"`, `1.5`, `true`, `{}`, `1e99`, `9223372036854775808`, `[[]]`},
		"Decimal":  {`true`, `{}`, `"x"`, `""`, `1e-400`, `[[]]`},
		"Time":     {`"tomorrow"`, `5`, `true`, `{}`, `"2026-13-01T00:00:00Z"`, `[[]]`},
		"Metadata": {`"x"`, `5`, `{"a": 1}`, `{"a": {"b": "c"}}`, `[]`},
	}
)

// inputField is a value in the input of an operation: its path in the arguments, and its type.
type inputField struct {
	path []string
	of   *ast.Type
}

// fieldsOf returns all fields of the input below a path, those of lists in their first element.
func fieldsOf(schema *ast.Schema, path []string, of *ast.Type) []inputField {
	fields := []inputField{{path, of}}
	if of.Elem != nil {
		return append(fields, fieldsOf(schema, append(slices.Clone(path), "0"), of.Elem)...)
	}
	if definition := schema.Types[of.NamedType]; definition.Kind == ast.InputObject {
		for _, f := range definition.Fields {
			fields = append(fields, fieldsOf(schema, append(slices.Clone(path), f.Name), f.Type)...)
		}
	}
	return fields
}

// valueOf returns the JSON of a right value of a field with every field of its own, but for the one at a path, which is the given JSON.
func valueOf(schema *ast.Schema, name string, of *ast.Type, path []string, given string) string {
	if path != nil && len(path) == 0 {
		return given
	}
	below := func(name string) []string {
		if len(path) > 0 && path[0] == name {
			return append([]string{}, path[1:]...)
		}
		return nil
	}
	if of.Elem != nil {
		return "[" + valueOf(schema, name, of.Elem, below("0"), given) + "]"
	}
	definition := schema.Types[of.NamedType]
	switch definition.Kind {
	case ast.Enum:
		return `"` + definition.EnumValues[0].Name + `"`
	case ast.InputObject:
		var fields []string
		for _, f := range definition.Fields {
			fields = append(fields, fmt.Sprintf("%q: %s", f.Name, valueOf(schema, f.Name, f.Type, below(f.Name), given)))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	if of.NonNull && rightFor[name] == `null` {
		return right[of.NamedType]
	}
	return cmp.Or(rightFor[name], right[of.NamedType])
}

var (
	quotedName = regexp.MustCompile(`"(\w+)":`)
	quotedEnum = regexp.MustCompile(`"([A-Z_]{3,})"`) // no text of right and wrong looks like one
)

// literal returns JSON as a literal of GraphQL.
func literal(text string) string {
	return quotedEnum.ReplaceAllString(quotedName.ReplaceAllString(text, "$1:"), "$1")
}

// goWords are those of Go's own errors, which mean nothing to who fills in a form.
var goWords = regexp.MustCompile(`strconv|json\.Number|float64|int64|map\[|interface|%!|cannot use|ParseInt`)

// Every field of every operation's input, given a value of another kind, is BAD_USER_INPUT that names the field and says what is
// wanted in words for people, in variables and in documents alike. An enum in another case is one of them. Nothing is INTERNAL.
func TestInputOfAnotherKind(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	schema, tried := graph.Schema(), 0
	for operation, root := range map[string]*ast.Definition{"query": schema.Query, "mutation": schema.Mutation} {
		for _, field := range root.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			for _, argument := range field.Arguments {
				for _, input := range fieldsOf(schema, []string{}, argument.Type) {
					for _, value := range wrongValues(schema, input.of) {
						tried++
						tryWrong(a, operation, field, argument, input, value)
					}
				}
			}
		}
	}
	if tried < 800 {
		t.Errorf("only %d values were tried", tried)
	}
}

// wrongValues returns values of other kinds than a type's, as JSON.
func wrongValues(schema *ast.Schema, of *ast.Type) []string {
	var values []string
	if of.NonNull {
		values = append(values, "null")
	}
	if of.Elem != nil {
		return values // a value that is no list is taken for its only element
	}
	switch definition := schema.Types[of.NamedType]; definition.Kind {
	case ast.Enum:
		name := definition.EnumValues[0].Name
		return append(values, `"`+strings.ToLower(name)+`"`, `"`+name[:1]+strings.ToLower(name[1:])+`"`, `"CHEESE"`, `""`, `5`, `true`, `{}`)
	case ast.InputObject:
		return append(values, `"x"`, `5`, `true`)
	}
	return append(values, wrong[of.NamedType]...)
}

// tryWrong sends a value in a variable and in the document.
func tryWrong(a *graphtest.API, operation string, field *ast.FieldDefinition, argument *ast.ArgumentDefinition, input inputField, value string) {
	a.T.Helper()
	schema := graph.Schema()
	want := append([]string{argument.Name}, input.path...)
	if len(want) > 1 && want[0] == "input" {
		want = want[1:]
	}
	selection := bulkSelection[field.Name]
	if selection == "" && schema.Types[field.Type.Name()].IsCompositeType() {
		selection = "{ __typename }"
	}
	given := map[string]string{}
	for _, other := range field.Arguments {
		given[other.Name] = valueOf(schema, other.Name, other.Type, nil, "")
	}
	given[argument.Name] = valueOf(schema, argument.Name, argument.Type, input.path, value)

	var declared, passed, literals []string
	variables := map[string]json.RawMessage{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		// the variable has another name: the error is about the argument
		declared = append(declared, "$my_"+name+": "+field.Arguments.ForName(name).Type.String())
		passed, literals = append(passed, name+": $my_"+name), append(literals, name+": "+literal(given[name]))
		variables["my_"+name] = json.RawMessage(given[name])
	}
	for way, body := range map[string]any{
		"variable": object{"variables": variables, "query": fmt.Sprintf("%s(%s) { %s(%s) %s }",
			operation, strings.Join(declared, ", "), field.Name, strings.Join(passed, ", "), selection)},
		"literal": object{"query": fmt.Sprintf("%s { %s(%s) %s }", operation, field.Name, strings.Join(literals, ", "), selection)},
	} {
		answer := a.Post(graphtest.RootToken, body)
		if way == "variable" && bulkSelection[field.Name] != "" && len(input.path) > 1 { // an item fails alone
			wrongItem(a, answer, field.Name, strings.Join(want, "."), value)
			continue
		}
		if len(answer.Errors) != 1 {
			a.T.Errorf("%s with %v = %s as a %s: %.500s", field.Name, want, value, way, answer.Body)
			continue
		}
		err := answer.Errors[0]
		if err.Extensions.Code != "BAD_USER_INPUT" || err.Extensions.Field != strings.Join(want, ".") || goWords.MatchString(err.Message) ||
			!strings.HasPrefix(err.Message, err.Extensions.Field+": ") || !strings.HasSuffix(err.Extensions.Reason, ".") {
			a.T.Errorf("%s with %v = %s as a %s: %+v", field.Name, want, value, way, err)
		}
	}
}

// bulkSelection is what is asked for of the operations whose items fail alone.
var bulkSelection = map[string]string{"reserveUsages": "{ answers { error { code message field } } }", "recordUsages": "{ answers { error { code message field } } }"}

// wrongItem fails the test unless the only item of an answer is BAD_USER_INPUT about a field.
func wrongItem(a *graphtest.API, answer *graphtest.Answer, operation, field, value string) {
	a.T.Helper()
	if len(answer.Errors) > 0 {
		a.T.Errorf("%s with %s = %s: %.500s", operation, field, value, answer.Body)
		return
	}
	answer.Equal("BAD_USER_INPUT", operation, "answers", 0, "error", "code")
	answer.Equal(field, operation, "answers", 0, "error", "field")
	if message := answer.Text(operation, "answers", 0, "error", "message"); goWords.MatchString(message) || !strings.HasPrefix(message, field+": ") {
		a.T.Errorf("%s with %s = %s: %s", operation, field, value, message)
	}
}
