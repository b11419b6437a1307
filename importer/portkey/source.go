// Package portkey plans how what Portkey governs is taken over: out of answers of its Admin API.
package portkey

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"bursar/importer"
)

// Source is what Portkey has.
type Source struct {
	Keys, Workspaces, UsagePolicies, RatePolicies []map[string]any

	Unknown int // objects that are none of these
}

// Read reads answers of its API.
func Read(names []string) (*Source, error) {
	s := &Source{}
	return s, importer.ReadFiles(names, func(value any) error { s.take(value, ""); return nil })
}

// take sorts a value by what it has, in a list of a name.
func (s *Source) take(value any, list string) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			s.take(item, list)
		}
	case map[string]any:
		s.takeObject(v, list)
	default:
		s.Unknown++
	}
}

func (s *Source) takeObject(o map[string]any, list string) {
	has := func(name string) bool { _, there := o[name]; return there }
	kind, _ := o["object"].(string)
	switch {
	case kind == "api-key", list == "api_keys":
		s.Keys = append(s.Keys, o)
	case kind == "workspace", list == "workspaces":
		s.Workspaces = append(s.Workspaces, o)
	case kind == "policy_usage_limits", list == "usage_limits_policies", has("conditions") && has("credit_limit"):
		s.UsagePolicies = append(s.UsagePolicies, o)
	case kind == "policy_rate_limits", list == "rate_limits_policies", has("conditions") && has("value"):
		s.RatePolicies = append(s.RatePolicies, o)
	case has("id") && (has("key") || has("creation_mode") || has("scopes")):
		s.Keys = append(s.Keys, o)
	case has("id") && has("slug"):
		s.Workspaces = append(s.Workspaces, o)
	default:
		known := false
		for _, name := range []string{"data", "api_keys", "workspaces", "usage_limits_policies", "rate_limits_policies"} {
			if items, isList := o[name].([]any); isList {
				known = true
				s.take(items, strings.TrimPrefix(name, "data"))
			}
		}
		if !known {
			s.Unknown++
		}
	}
}

const leastSecret = 20 // characters of a secret that is given

// ReadSecrets reads the secrets of API keys that the importer's user has: a CSV with the columns id and secret.
func ReadSecrets(name string) (map[string]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	secrets, err := readSecrets(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return secrets, nil
}

func readSecrets(from io.Reader) (map[string]string, error) {
	reader := csv.NewReader(from)
	reader.FieldsPerRecord = 2
	head, err := reader.Read()
	if err != nil || strings.TrimPrefix(head[0], "\xef\xbb\xbf") != "id" || head[1] != "secret" {
		return nil, errors.New("want a CSV whose first line is id,secret")
	}
	secrets, of := map[string]string{}, map[string]string{}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return secrets, nil
		}
		if err != nil {
			return nil, errors.New("a line cannot be read as id,secret") // the error may have the secret
		}
		id, secret := cells[0], cells[1]
		switch {
		case len(secret) < leastSecret:
			return nil, fmt.Errorf("the secret of %q has less than %d characters: it could be guessed", id, leastSecret)
		case strings.ContainsFunc(secret, func(c rune) bool { return c > unicode.MaxASCII || c <= ' ' || c == 0x7f }):
			return nil, fmt.Errorf("the secret of %q has blanks or characters that no header has", id)
		case secrets[id] != "":
			return nil, fmt.Errorf("%q is there twice", id)
		case of[secret] != "":
			return nil, fmt.Errorf("%q and %q have the same secret", of[secret], id)
		}
		secrets[id], of[secret] = secret, id
	}
}
