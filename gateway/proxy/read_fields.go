package proxy

import (
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
	"golang.org/x/net/http/httpguts"

	"bursar/yamlfile"
)

func (r *reader) unbounded(node ast.Node, into *Unbounded) {
	action := "hold"
	r.Mapping(node, "unbounded", yamlfile.Fields{
		"action": r.OneOf("unbounded.action", &action, "hold", "refuse"), "cost": r.Money("unbounded.cost", &into.Cost),
	})
	into.Refuse = action == "refuse"
}

func (r *reader) failOpen(node ast.Node) *FailOpen {
	f := &FailOpen{SeenWithin: time.Hour}
	r.Mapping(node, "failOpen", yamlfile.Fields{
		"dollars":    r.Money("failOpen.dollars", &f.Dollars),
		"for":        r.Duration("failOpen.for", time.Second, &f.For),
		"seenWithin": r.Duration("failOpen.seenWithin", time.Second, &f.SeenWithin),
		"keys": func(n ast.Node) {
			r.List(n, "failOpen.keys", func(each ast.Node) {
				id, ok := r.Scalar(each, "failOpen.keys")
				if ok && !strings.HasPrefix(id, "key_") {
					r.Note(each.GetToken(), "failOpen.keys: %q is no id of a key; a secret does not belong here", abbreviate(id))
					return
				}
				f.Keys = append(f.Keys, id)
			})
		},
	}, "dollars", "for")
	return f
}

// abbreviate returns the beginning of what may be a secret.
func abbreviate(text string) string {
	if len(text) > 8 {
		return text[:8] + "…"
	}
	return text
}

func (r *reader) header(where string, into *string) func(ast.Node) {
	return func(node ast.Node) {
		if name, ok := r.Scalar(node, where); ok && !httpguts.ValidHeaderFieldName(name) {
			r.Note(node.GetToken(), "%s: %q is no name of a header", where, name)
		} else if ok {
			*into = name
		}
	}
}

// headers reads headers that are sent with each call of a provider.
func (r *reader) headers(node ast.Node, into http.Header) {
	pairs, _ := r.Pairs(node, "headers")
	for _, pair := range pairs {
		name := textproto.CanonicalMIMEHeaderKey(pair.Key.GetToken().Value)
		value, ok := r.Scalar(pair.Value, "headers")
		switch {
		case !ok:
		case !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value):
			r.Note(pair.Key.GetToken(), "headers: %q is no header", name)
		case len(into[name]) > 0:
			r.Note(pair.Key.GetToken(), "headers: %s is there twice", name)
		default:
			into.Set(name, value)
		}
	}
}
