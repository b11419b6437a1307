package demomodel

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The tokens of a text are together the text, and never more than its bytes: whoever bounds them by the bytes is on the safe side.
func TestTokensAreTheText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("a b\n€𝄞")), 0, 60, -1)).Draw(t, "text")
		tokens := SplitTokens(text)
		if strings.Join(tokens, "") != text || int64(len(tokens)) != CountTokens(text) || len(tokens) > len(text) {
			t.Fatalf("%q has %d tokens %q, counted %d", text, len(tokens), tokens, CountTokens(text))
		}
		for _, token := range tokens {
			if len(token) == 0 || len(token) > tokenBytes {
				t.Fatalf("the token %q has %d bytes", token, len(token))
			}
		}
	})
}

// A sample is what its schema allows, also of schemas with references, in circles, and with Gemini's spelling.
func TestSamplesFitTheirSchemas(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		``:                   `{}`,
		`null`:               `{}`,
		`{"type": "object"}`: `{}`,
		`{"type": "OBJECT", "properties": {"n": {"type": "INTEGER", "minimum": 3}, "s": {"type": "STRING"}}}`: `{"n":3,"s":"demo"}`,
		`{"type": ["null", "string"], "minLength": 6}`:                                                        `"demooo"`,
		`{"type": "string", "maxLength": 2}`:                                                                  `"de"`,
		`{"type": "string", "format": "date"}`:                                                                `"2026-01-01"`,
		`{"enum": ["b", "a"]}`:                                                                                `"b"`,
		`{"const": 5}`:                                                                                        `5`,
		`{"anyOf": [{"type": "boolean"}, {"type": "null"}]}`:                                                  `true`,
		`{"type": "array", "items": {"type": "number", "exclusiveMinimum": 4}, "minItems": 2}`:                `[5,5]`,
		`{"$defs": {"x": {"type": "integer"}}, "type": "object", "properties": {"a": {"$ref": "#/$defs/x"}}}`: `{"a":1}`,
		`{"properties": {"a": {"$ref": "#/nowhere"}}}`:                                                        `{"a":null}`,
		`{"type": "array"}`:                                                                                   `[]`,
		`{"$ref": "#"}`:                                                                                       `null`,
		`{"type": "object", "properties": {"list": {"type": "array", "items": {"type": "string"}}, "flag": {"type": "boolean"}}, "x": false}`: `{"flag":true,"list":["demo"]}`,
	} {
		if got := Sample(json.RawMessage(schema)); string(got) != want {
			t.Errorf("%s: %s, want %s", schema, got, want)
		}
	}
	circle := `{"type": "object", "properties": {"next": {"$ref": "#"}, "n": {"type": "integer"}}}`
	if got := Sample(json.RawMessage(circle)); !json.Valid(got) || len(got) > 1000 {
		t.Errorf("a schema in a circle: %s", got)
	}
}

// A bound on the output is kept, thoughts first, and the usage is that of what was said.
func TestBoundsAreKept(t *testing.T) {
	t.Parallel()
	for bound := int64(0); bound < 100; bound += 9 {
		q := &Ask{Model: &Models()[2], Candidates: 2, MaxOutput: &bound}
		q.Conversation.Say(User, "Hello", 1)
		a, err := q.Answer(nil)
		if err != nil {
			t.Fatal(err)
		}
		if u := a.Usage; u.OutputTokens > 2*bound || u.OutputTokens < 2*min(bound, OwnEffort) || u.ReasoningTokens != 2*min(bound, OwnEffort) ||
			u.InputTokens != 1+tokensOfTurn+TokensOfImage || a.Short != (int64(a.Tokens()) == bound) {
			t.Errorf("bound %d: %+v, short %v", bound, u, a.Short)
		}
	}
}
