package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"bursar/db/dbtest"
)

// bothWays runs an operation whose input has a number, once in a variable and once in the document, and returns what was answered each
// way. The query has %s for the variable's declaration and %s for the number.
func bothWays(t *testing.T, post func(body any) string, query, scalar, number string) (variable, literal string) {
	t.Helper()
	variable = post(object{"query": fmt.Sprintf(query, "($n: "+scalar+")", "$n"), "variables": object{"n": json.RawMessage(number)}})
	literal = post(object{"query": fmt.Sprintf(query, "", number)})
	return variable, literal
}

// A decimal is booked exactly as it was written, or refused with its field, and both ways are the same: in a variable and in the
// document.
func TestDecimalsAreExactInDocumentsToo(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	post := func(body any) string {
		answer := a.Post(a.Gateway, body)
		if len(answer.Errors) == 0 {
			return answer.Text("recordUsage", "usageEvent", "cost")
		}
		answer.Must("BAD_USER_INPUT", "cost")
		return "refused: " + answer.Errors[0].Message
	}
	query := `mutation%s { recordUsage(input: {key: "` + a.KeyID() + `", cost: %s}) { usageEvent { cost } } }`
	for number, want := range map[string]string{
		"1.0000000000000001": "", "1e-400": "", "1e-10": "", "-1e-9": "", "1e400": "", "0.1234567891": "",
		"99999999999999999999": "", "9007199254740993.1": "", "123456789012345678901234567890123456789012345": "",
		"0.1": "0.1", "0.123456789": "0.123456789", "12345678.123456789": "12345678.123456789", "8999999999.999999999": "8999999999.999999999",
		"1e3": "1000", "1000.0": "1000", "1E-9": "0.000000001", "0": "0", "-0": "0", "0.0": "0", "1.10": "1.1", "7": "7",
	} {
		variable, literal := bothWays(t, post, query, "Decimal", number)
		if variable != literal || want == "" != strings.HasPrefix(variable, "refused: ") || want != "" && variable != want {
			t.Errorf("%s: %q as a variable, %q in the document, want %q", number, variable, literal, want)
		}
		if text, _ := bothWays(t, post, query, "Decimal", `"`+number+`"`); text != variable {
			t.Errorf("%s is %q as a string, %q as a number", number, text, variable)
		}
	}
}

// A whole number may be written with a point or an exponent where it is whole, and is refused otherwise, and where it stands in quotes;
// both ways are the same, for Int and for Int64.
func TestWholeNumbersAreTheSameBothWays(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	record := `mutation%s { recordUsage(input: {key: "` + a.KeyID() + `", inputTokens: %s}) { usageEvent { inputTokens } } }`
	reserve := `mutation%s { reserveUsage(input: {key: "` + a.KeyID() + `", ttlSeconds: %s}) { decision { allowed } } }`
	post := func(field string) func(body any) string {
		return func(body any) string {
			answer := a.Post(a.Gateway, body)
			if len(answer.Errors) == 0 {
				return answer.Body
			}
			answer.Must("BAD_USER_INPUT", field)
			return "refused: " + answer.Errors[0].Message
		}
	}
	for number, want := range map[string]string{"1000.0": "1000", "60.0": "60", "6e1": "60", "1.5e3": "1500", "60": "60",
		"1.5": "", "60.0000000000000001": "", "1e99": "", `"60"`: "", "9223372036854775808": "", "9223372036854775808.0": "", "-1.5": ""} {
		variable, literal := bothWays(t, post("inputTokens"), record, "Int64", number)
		if variable != literal || want == "" != strings.HasPrefix(variable, "refused: ") || !strings.Contains(variable, `"inputTokens":`+want) && want != "" {
			t.Errorf("Int64 %s: %q as a variable, %q in the document, want %q", number, variable, literal, want)
		}
		variable, literal = bothWays(t, post("ttlSeconds"), reserve, "Int", number)
		if variable != literal || want == "" != strings.HasPrefix(variable, "refused: ") {
			t.Errorf("Int %s: %q as a variable, %q in the document", number, variable, literal)
		}
	}
	for _, first := range []string{"2.0", "2e0", "2"} { // also in a list's argument, as what complexity is counted by
		list := `query%s { apiKeys(first: %s) { totalCount } }`
		for _, body := range []object{
			{"query": fmt.Sprintf(list, "($n: Int)", "$n"), "variables": object{"n": json.RawMessage(first)}},
			{"query": fmt.Sprintf(list, "($n: Int = "+first+")", "$n")},
			{"query": fmt.Sprintf(list, "", first)},
		} {
			if answer := a.Post(a.Admin, body); len(answer.Errors) > 0 {
				t.Errorf("first: %s is refused with %v", first, answer.Errors)
			}
		}
	}
}

// Metadata may hold a variable where they are written in the document, and an enum's name is no text.
func TestLiteralsThatHoldVariables(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	query := `mutation($team: String!, $tokens: Int64) { recordUsage(input: {key: "` + a.KeyID() + `", inputTokens: $tokens, provider: $team, metadata: {team: $team}}) {
		usageEvent { inputTokens metadata } } }`
	a.Post(a.Gateway, object{"query": query, "variables": object{"team": "x", "tokens": 5}}).
		Equal(object{"inputTokens": 5, "metadata": object{"team": "x"}}, "recordUsage", "usageEvent")
	a.Post(a.Gateway, object{"query": query, "variables": object{"team": "x", "tokens": "5"}}).Must("BAD_USER_INPUT", "inputTokens")
	a.Post(a.Gateway, object{"query": strings.Replace(query, "$team}", "TEAM}", 1), "variables": object{"team": "x"}}).Must("BAD_USER_INPUT", "metadata")
}
