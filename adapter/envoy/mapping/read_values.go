package mapping

import (
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/shopspring/decimal"

	"bursar/id"
	"bursar/yamlfile"
)

// value reads a text, or where one is taken from; nil, and a mistake noted, for another value.
func (r *reader) value(node ast.Node, where string) *Value {
	switch r.Resolve(node).(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
	default:
		var v Value
		r.Text(where, &v.Text)(node)
		return &v
	}
	v, form := &Value{}, "secret"
	known := yamlfile.Fields{
		"entry":   func(n ast.Node) { r.names(n, where+".entry", &v.Entries) },
		"header":  func(n ast.Node) { r.names(n, where+".header", &v.Entries) },
		"strip":   r.Text(where+".strip", &v.Strip),
		"default": r.Text(where+".default", &v.Default),
		"values": func(n ast.Node) {
			v.Values = map[string]string{}
			pairs, _ := r.Pairs(n, where+".values")
			for _, pair := range pairs {
				if to, ok := r.Scalar(pair.Value, where+".values"); ok {
					v.Values[pair.Key.GetToken().Value] = to
				}
			}
		},
	}
	if where == "key" || where == "authorization.key" {
		known["form"] = r.OneOf(where+".form", &form, "secret", "id")
	}
	r.Mapping(node, where, known)
	v.IDs = form == "id"
	if len(v.Entries) == 0 {
		r.Note(node.GetToken(), "%s: want a text, or {entry: NAME}", where)
		return nil
	}
	return v
}

// names reads a name, or a list of them.
func (r *reader) names(node ast.Node, where string, into *[]string) {
	one := func(n ast.Node) {
		name := ""
		if r.Text(where, &name)(n); name != "" {
			*into = append(*into, name)
		}
	}
	if _, isList := r.Resolve(node).(*ast.SequenceNode); isList {
		r.List(node, where, one)
		return
	}
	one(node)
}

// word reads a value that must be one of several words, where the file says which.
func (r *reader) word(where string, into *Value, words []string) func(ast.Node) {
	return func(node ast.Node) {
		v := r.value(node, where)
		if v == nil {
			return
		}
		given := []string{v.Text, v.Default}
		for _, to := range v.Values {
			given = append(given, to)
		}
		for _, word := range given {
			if word != "" && !slices.Contains(words, word) {
				r.Note(node.GetToken(), "%s is %q, want one of %s", where, word, strings.Join(words, ", "))
				return
			}
		}
		*into = *v
	}
}

// keyID reads the id of an API key. A secret does not belong into a file.
func (r *reader) keyID(where string, into *string) func(ast.Node) {
	return func(node ast.Node) {
		text, ok := r.Scalar(node, where)
		if !ok {
			return
		}
		if prefix, _, is := id.Parse(text); !is || prefix != id.APIKey {
			r.Note(node.GetToken(), "%s: want the id of an API key, as key_ and 32 digits; a secret does not belong here", where)
			return
		}
		*into = text
	}
}

func (r *reader) estimate(node ast.Node, e *Estimate) {
	number := func(name string, into **Value) func(ast.Node) {
		return func(n ast.Node) {
			v := r.value(n, name)
			if v == nil {
				return
			}
			for _, text := range []string{v.Text, v.Default} {
				if number, err := strconv.ParseInt(text, 10, 64); text != "" && (err != nil || number < 0 || number > maxHits) {
					r.Note(n.GetToken(), "%s is %q, want a whole number from 0 to %d", name, text, int64(maxHits))
					return
				}
			}
			*into = v
		}
	}
	r.Mapping(node, "estimate", yamlfile.Fields{
		"requests": number("estimate.requests", &e.Requests), "tokens": number("estimate.tokens", &e.Tokens),
		"inputTokens":     number("estimate.inputTokens", &e.InputTokens),
		"maxOutputTokens": number("estimate.maxOutputTokens", &e.MaxOutputTokens),
		"cost":            func(n ast.Node) { e.CostNanos = r.dollars(n, "estimate.cost") },
	})
}

// dollars reads an amount of US dollars as nano-dollars.
func (r *reader) dollars(node ast.Node, where string) int64 {
	text := ""
	r.Money(where, &text)(node)
	amount, _ := decimal.NewFromString(text) // Money has noted what is none
	return amount.Shift(9).IntPart()
}
