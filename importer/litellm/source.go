// Package litellm plans how what a LiteLLM proxy governs is taken over: out of answers of its API, exports of its tables, or its database.
package litellm

import (
	"strconv"
	"strings"

	"bursar/importer"
)

// Source is what LiteLLM has.
type Source struct {
	Keys, Teams, Organizations, Budgets []map[string]any

	HashesAlone int             // API keys of which the export has the hash alone
	Unknown     int             // objects that are none of these
	Untaken     []importer.Line // what its database has and nothing becomes of
	Zoneless    bool            // times have no zone because its database keeps them in UTC without
}

// Read reads answers of its API and exports of its tables.
func Read(names []string) (*Source, error) {
	s := &Source{}
	return s, importer.ReadFiles(names, func(value any) error { s.take(value); return nil })
}

// take sorts a value by what it has.
func (s *Source) take(value any) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			s.take(item)
		}
	case map[string]any:
		s.takeObject(v)
	case string:
		s.HashesAlone++
	default:
		s.Unknown++
	}
}

func (s *Source) takeObject(o map[string]any) {
	has := func(name string) bool { return o[name] != nil }
	switch {
	case has("token"):
		s.Keys = append(s.Keys, o)
	case has("info") && has("key"): // /key/info, where the key is outside
		if info, isObject := o["info"].(map[string]any); isObject {
			info["token"] = o["key"]
			s.Keys = append(s.Keys, info)
		}
	case has("team_id") && !has("key_name") && !has("user_id"):
		s.Teams = append(s.Teams, o)
		if keys, isList := o["keys"].([]any); isList { // /team/list has the keys of teams
			s.take(keys)
		}
	case has("organization_alias") || has("organization_id") && has("budget_id") && !has("user_id"):
		s.Organizations = append(s.Organizations, o)
	case has("budget_id") && !has("user_id") && !has("tag_name"):
		s.Budgets = append(s.Budgets, o)
	default:
		known := false
		for _, list := range []string{"keys", "teams", "organizations", "budgets", "data"} {
			if items, isList := o[list].([]any); isList {
				known = true
				s.take(items)
			}
		}
		if !known {
			s.Unknown++
		}
	}
}

// name returns how the report names an API key: never with its secret.
func keyName(o map[string]any) string {
	alias, _ := o["key_alias"].(string)
	shown, _ := o["key_name"].(string)
	token, _ := o["token"].(string)
	switch {
	case isHash(token):
		token = token[:8] + "…"
	default:
		token = ""
	}
	parts := []string{"API key"}
	for _, part := range []string{strings.ToValidUTF8(alias, ""), shortened(shown), token} {
		if part != "" {
			parts = append(parts, printable(part))
		}
	}
	return strings.Join(parts, " ")
}

// shortened returns what LiteLLM shows of a secret, sk-... and its last characters; "" for anything longer, which may be the secret.
func shortened(shown string) string {
	if strings.Contains(shown, "...") && len(shown) <= 16 {
		return printable(shown)
	}
	return ""
}

// printable quotes what would break a line.
func printable(text string) string {
	quoted := strconv.Quote(text)
	if quoted == `"`+text+`"` {
		return text
	}
	return quoted
}

// isHash tells whether a text is a SHA-256 in hexadecimal digits.
func isHash(text string) bool {
	return len(text) == 64 && strings.Trim(text, "0123456789abcdef") == ""
}
