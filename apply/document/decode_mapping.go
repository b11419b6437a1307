package document

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// pairs returns the pairs of a mapping.
func (d *decoder) pairs(node ast.Node, where string) []*ast.MappingValueNode {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	if where == "" {
		where = "the document"
	}
	d.note(node.GetToken(), "%s: want a mapping of fields", where)
	return nil
}

// object reads a mapping of known fields.
func (d *decoder) object(node ast.Node, into reflect.Value, where string, depth int) {
	if placed, ok := reflect.TypeAssert[interface{ At() *Place }](into.Addr()); ok {
		*placed.At() = Place{d.file, lineOf(node.GetToken())}
	}
	known, seen, mistaken := fieldsOf(into.Type()), map[string]bool{}, len(d.mistakes)
	for _, pair := range d.pairs(node, where) {
		name, at := pair.Key.GetToken().Value, pair.Key.GetToken()
		if placed, ok := reflect.TypeAssert[interface{ At() *Place }](into.Addr()); ok {
			placed.At().Line = min(placed.At().Line, lineOf(at))
		}
		path := strings.TrimPrefix(where+"."+name, ".")
		index := slices.IndexFunc(known, func(f field) bool { return f.name == name })
		switch {
		case seen[name]:
			d.note(at, "%s is there twice", path)
		case index < 0:
			d.note(at, "%s: there is no such field here, want one of %s", path, names(known))
		default:
			target := into.FieldByIndex(known[index].index)
			before := len(d.mistakes)
			d.value(pair.Value, target, path, depth+1)
			if words := known[index].words; len(words) > 0 && len(d.mistakes) == before {
				d.oneOf(pair.Value, target, words, path)
			}
		}
		seen[name] = true
	}
	for _, f := range known {
		if f.required && !seen[f.name] && (len(seen) > 0 || len(d.mistakes) == mistaken) {
			d.note(node.GetToken(), "%s is missing", strings.TrimPrefix(where+"."+f.name, "."))
		}
	}
}

// oneOf notes a text that is none of some words.
func (d *decoder) oneOf(node ast.Node, value reflect.Value, words []string, where string) {
	if text := reflect.Indirect(value).String(); !slices.Contains(words, text) {
		d.note(node.GetToken(), "%s is %q, want one of %s", where, text, strings.Join(words, ", "))
	}
}

// list reads a sequence.
func (d *decoder) list(node ast.Node, into reflect.Value, where string, depth int) {
	sequence, ok := node.(*ast.SequenceNode)
	if !ok {
		d.note(node.GetToken(), "%s: want a list", where)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), len(sequence.Values), len(sequence.Values)))
	for i, each := range sequence.Values {
		d.value(each, into.Index(i), fmt.Sprintf("%s[%d]", where, i), depth+1)
	}
}

// texts reads a mapping of texts.
func (d *decoder) texts(node ast.Node, into reflect.Value, where string) {
	texts := map[string]string{}
	for _, pair := range d.pairs(node, where) {
		name := pair.Key.GetToken().Value
		if _, twice := texts[name]; twice {
			d.note(pair.Key.GetToken(), "%s.%s is there twice", where, name)
		}
		value := d.resolve(pair.Value)
		if value == nil {
			d.note(pair.Value.GetToken(), "%s.%s: there is no anchor before it of the alias's name", where, name)
		} else if text, ok := d.text(value, where+"."+name, false); ok {
			texts[name] = text
		}
	}
	into.Set(reflect.ValueOf(texts))
}
