package document

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Mistakes are all that is wrong with files, in their order.
type Mistakes []Mistake

// Mistake is one of them.
type Mistake struct {
	File    string
	Line    int
	Message string
}

// Error returns the mistakes, one line each.
func (m Mistakes) Error() string {
	lines := make([]string, len(m))
	for i, each := range m {
		lines[i] = fmt.Sprintf("%s:%d: %s", each.File, each.Line, each.Message)
	}
	return strings.Join(lines, "\n")
}

// Err returns the mistakes as an error, nil when there are none.
func (m Mistakes) Err() error {
	if len(m) == 0 {
		return nil
	}
	return m
}

// Add adds a mistake at a place.
func (m *Mistakes) Add(at *Place, format string, values ...any) {
	*m = append(*m, Mistake{at.File, at.Line, fmt.Sprintf(format, values...)})
}

const (
	maxDepth = 50
	maxNodes = 2_000_000 // that are read, with what aliases repeat
)

// decoder reads YAML into documents and collects what is wrong.
type decoder struct {
	file     string
	mistakes Mistakes
	anchors  map[string]ast.Node
	nodes    int
}

// decode reads the documents of a file.
func decode(file string, content []byte) ([]*Document, Mistakes) {
	d := &decoder{file: file}
	parsed, err := parser.ParseBytes(content, 0, parser.AllowDuplicateMapKey()) // object tells of duplicates
	if err != nil {
		if failed, ok := errors.AsType[yaml.Error](err); ok {
			d.note(failed.GetToken(), "%s", failed.GetMessage())
		} else {
			d.note(nil, "%v", err)
		}
		return nil, d.mistakes
	}
	var documents []*Document
	for _, each := range parsed.Docs {
		if each.Body == nil || each.Body.Type() == ast.NullType || each.Body.Type() == ast.CommentType {
			continue
		}
		d.anchors = map[string]ast.Node{}
		document := &Document{}
		d.value(each.Body, reflect.ValueOf(document).Elem(), "", 0)
		documents = append(documents, document)
	}
	if len(documents) == 0 && len(d.mistakes) == 0 {
		d.note(nil, "there is no document in it")
	}
	return documents, d.mistakes
}

func (d *decoder) note(at *token.Token, format string, values ...any) {
	d.mistakes.Add(&Place{d.file, lineOf(at)}, format, values...)
}

// lineOf is the line of a token; 1 without one.
func lineOf(at *token.Token) int {
	if at == nil || at.Position == nil {
		return 1
	}
	return at.Position.Line
}

// resolve returns what a node stands for; nil for an alias of nothing.
func (d *decoder) resolve(node ast.Node) ast.Node {
	for {
		switch n := node.(type) {
		case *ast.AnchorNode:
			d.anchors[n.Name.GetToken().Value] = n.Value
			node = n.Value
		case *ast.AliasNode:
			target, known := d.anchors[n.Value.GetToken().Value]
			if !known {
				return nil
			}
			node = target
		default:
			return node
		}
	}
}

// value reads a node into a value of its type.
func (d *decoder) value(node ast.Node, into reflect.Value, where string, depth int) {
	at := node.GetToken()
	if d.nodes++; d.nodes == maxNodes {
		d.note(at, "with all aliases there are more than %d values", maxNodes)
	}
	if d.nodes >= maxNodes {
		return
	}
	if depth > maxDepth {
		d.note(at, "%s: it is nested too deeply, or an alias is in what it stands for", where)
		return
	}
	resolved := d.resolve(node)
	if resolved == nil {
		d.note(at, "%s: there is no anchor before it of the alias's name", where)
		return
	}
	null := resolved.Type() == ast.NullType
	if nullable, ok := reflect.TypeAssert[interface{ value(null bool) any }](into.Addr()); ok {
		if target := nullable.value(null); target != nil {
			d.value(resolved, reflect.ValueOf(target).Elem(), where, depth+1)
		}
		return
	}
	if null {
		d.note(at, "%s has no value: leave the field out, or give it one", where)
		return
	}
	if scalar, ok := reflect.TypeAssert[interface{ parse(text string) error }](into.Addr()); ok {
		if text, ok := d.text(resolved, where, true); ok {
			if err := scalar.parse(text); err != nil {
				d.note(at, "%s: %v", where, err)
			}
		}
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.value(resolved, into.Elem(), where, depth+1)
	case reflect.Struct:
		d.object(resolved, into, where, depth)
	case reflect.Slice:
		d.list(resolved, into, where, depth)
	case reflect.Map:
		d.texts(resolved, into, where)
	case reflect.Bool:
		if truth, ok := resolved.(*ast.BoolNode); ok {
			into.SetBool(truth.Value)
		} else {
			d.note(at, "%s: want true or false", where)
		}
	case reflect.Int64:
		text, ok := d.text(resolved, where, true)
		number, err := strconv.ParseInt(text, 10, 64)
		if ok && err != nil {
			d.note(at, "%s: want a whole number, got %q", where, text)
		}
		into.SetInt(number)
	case reflect.String:
		if text, ok := d.text(resolved, where, false); ok {
			into.SetString(text)
		}
	}
}

// text returns the text of a scalar; of a number as well, if numbers are right here.
func (d *decoder) text(node ast.Node, where string, number bool) (text string, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		text, ok = n.Value, true
	case *ast.LiteralNode:
		text, ok = n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode:
		text, ok = n.GetToken().Value, number
	}
	switch {
	case !ok && number:
		d.note(node.GetToken(), "%s: want a number", where)
	case !ok:
		d.note(node.GetToken(), "%s: want a text; a number, true and a text with a colon in it are one in quotes", where)
	case strings.ContainsRune(text, 0):
		d.note(node.GetToken(), "%s has a NUL character", where)
		return "", false
	}
	return text, ok
}
