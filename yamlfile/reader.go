// Package yamlfile reads files of settings in YAML, and tells all that is wrong with one, a line for each mistake.
package yamlfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Mistakes are all that is wrong with a file of settings, one line each, in the order of the file.
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
		lines[i] = each.String()
	}
	return strings.Join(lines, "\n")
}

// String returns the mistake with its place, as compilers write it.
func (m Mistake) String() string { return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Message) }

// Reader reads values out of YAML and collects what is wrong with them: each function takes over a value that is right, and notes a
// mistake otherwise.
type Reader struct {
	file     string
	mistakes Mistakes
	anchors  map[string]ast.Node
}

// NewReader returns a reader of the file of a name.
func NewReader(file string) *Reader { return &Reader{file: file} }

// Mistakes returns how many mistakes were noted so far.
func (r *Reader) Mistakes() int { return len(r.mistakes) }

// Fields are the fields that a mapping may have, and what reads each.
type Fields map[string]func(ast.Node)

// Parse returns the root of a file; nil when it is none.
func (r *Reader) Parse(content []byte) ast.Node {
	file, err := parser.ParseBytes(content, 0, parser.AllowDuplicateMapKey()) // mapping tells of duplicates, of all of them
	if err != nil {
		if failed, ok := errors.AsType[yaml.Error](err); ok {
			r.Note(failed.GetToken(), "%s", failed.GetMessage())
		} else {
			r.Note(nil, "%v", err)
		}
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		r.Note(nil, "want one document, the settings")
		return nil
	}
	return file.Docs[0].Body
}

// Note notes a mistake at a token; nil is the file's beginning.
func (r *Reader) Note(at *token.Token, format string, values ...any) {
	line := 1
	if at != nil && at.Position != nil {
		line = at.Position.Line
	}
	r.mistakes = append(r.mistakes, Mistake{r.file, line, fmt.Sprintf(format, values...)})
}

// Sorted returns the mistakes in the order of the file; nil when there are none.
func (r *Reader) Sorted() error {
	if len(r.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(r.mistakes, func(a, b Mistake) int { return a.Line - b.Line })
	return r.mistakes
}

// Resolve returns what a node stands for.
func (r *Reader) Resolve(node ast.Node) ast.Node {
	for {
		switch n := node.(type) {
		case *ast.AnchorNode:
			if r.anchors == nil {
				r.anchors = map[string]ast.Node{}
			}
			r.anchors[n.Name.String()] = n.Value
			node = n.Value
		case *ast.AliasNode:
			target, known := r.anchors[n.Value.String()]
			if !known {
				r.Note(n.GetToken(), "*%s is no anchor", n.Value.String())
				return nil
			}
			return target
		default:
			return node
		}
	}
}

// Mapping reads a mapping of known fields. Those that are required must be there.
func (r *Reader) Mapping(node ast.Node, where string, known Fields, required ...string) {
	seen := map[string]bool{}
	pairs, ok := r.Pairs(node, where)
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		read, isKnown := known[name]
		switch {
		case seen[name]:
			r.Note(pair.Key.GetToken(), "%s is there twice", name)
		case !isKnown:
			r.Note(pair.Key.GetToken(), "%s is not known here, want one of %s", name, strings.Join(names(known), ", "))
		default:
			read(pair.Value)
		}
		seen[name] = true
	}
	for _, name := range required {
		if ok && !seen[name] {
			r.Note(node.GetToken(), "%s has no %s", where, name)
		}
	}
}

// Pairs returns the pairs of a mapping; ok is false, and a mistake noted, when it is none.
func (r *Reader) Pairs(node ast.Node, where string) (pairs []*ast.MappingValueNode, ok bool) {
	switch n := r.Resolve(node).(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	default:
		r.Note(node.GetToken(), "%s: want a mapping of fields", where)
		return nil, false
	}
}

func names(of Fields) []string {
	all := make([]string, 0, len(of))
	for name := range of {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// List reads each entry of a list.
func (r *Reader) List(node ast.Node, where string, read func(ast.Node)) {
	sequence, ok := r.Resolve(node).(*ast.SequenceNode)
	if !ok || len(sequence.Values) == 0 {
		r.Note(node.GetToken(), "%s: want a list with at least one entry", where)
		return
	}
	for _, each := range sequence.Values {
		read(each)
	}
}

// Scalar returns the text of a scalar; ok is false, and a mistake noted, for another value.
func (r *Reader) Scalar(node ast.Node, where string) (text string, ok bool) {
	switch n := r.Resolve(node).(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	r.Note(node.GetToken(), "%s: want a value, in quotes if there is a colon in it", where)
	return "", false
}

// Text reads a text that is not empty.
func (r *Reader) Text(where string, into *string) func(ast.Node) {
	return func(node ast.Node) {
		if value, ok := r.Scalar(node, where); ok && strings.TrimSpace(value) == "" {
			r.Note(node.GetToken(), "%s is empty", where)
		} else if ok {
			*into = value
		}
	}
}

// OneOf reads one of several words.
func (r *Reader) OneOf(where string, into *string, words ...string) func(ast.Node) {
	return func(node ast.Node) {
		if value, ok := r.Scalar(node, where); ok && !slices.Contains(words, value) {
			r.Note(node.GetToken(), "%s is %q, want one of %s", where, value, strings.Join(words, ", "))
		} else if ok {
			*into = value
		}
	}
}
