// Package document bounds, finds and keeps the documents of GraphQL requests: limits of a document and of an operation's complexity,
// trusted documents, automatic persisted queries, and a cache of parsed documents.
package document

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"bursar/fault"
)

// MaxTokens is how many tokens a document has at most.
const MaxTokens = 3_000

// The limits of a document. That of the contract as a whole has more than 2,000 tokens and 53 operations; a single operation of it has at most
// 200 tokens, 6 levels, one root field and no alias. docs/operations.md says what the worst document within the limits costs.
const (
	maxDocumentBytes = 64 << 10
	maxOperations    = 100
	maxDepth         = 15 // levels of selections, but for introspection
	maxRootFields    = 10 // of an operation; each needs at least one statement
	maxAliases       = 50
	maxDirectives    = 100
	maxRepeated      = 100   // repeated names in selection sets: validation compares each with each
	maxSelections    = 5_000 // of an operation, with its fragments inlined
)

// Check refuses a document that exceeds a limit, with QUERY_TOO_COMPLEX. It looks at the syntax tree alone: a document with a syntax
// error, or one that is not valid by the schema, is left to gqlgen.
func Check(query string) error {
	if len(query) > maxDocumentBytes {
		return tooComplex("the document has more than %d bytes", maxDocumentBytes)
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, MaxTokens)
	if err != nil {
		return unreadable(err)
	}
	if len(document.Operations) > maxOperations {
		return tooComplex("the document has more than %d operations", maxOperations)
	}
	s := &screen{fragments: map[string]*ast.FragmentDefinition{}, sizes: map[string]size{}}
	for _, fragment := range document.Fragments {
		s.fragments[fragment.Name] = fragment
		s.count(fragment.SelectionSet, strings.HasPrefix(fragment.TypeCondition, "__"), map[string]bool{})
		s.directives += len(fragment.Directives)
	}
	for _, operation := range document.Operations {
		s.count(operation.SelectionSet, false, map[string]bool{})
		s.directives += len(operation.Directives)
		whole := s.sizeOf(operation.SelectionSet)
		switch {
		case whole.depth > maxDepth:
			return tooComplex("the document is nested deeper than %d levels", maxDepth)
		case whole.roots > maxRootFields:
			return tooComplex("an operation has at most %d fields at its root", maxRootFields)
		case whole.selections > maxSelections:
			return tooComplex("the operation has more than %d selections once its fragments are put in", maxSelections)
		}
	}
	switch {
	case s.aliases > maxAliases:
		return tooComplex("the document has more than %d aliases", maxAliases)
	case s.directives > maxDirectives:
		return tooComplex("the document has more than %d directives", maxDirectives)
	case s.repeated > maxRepeated:
		return tooComplex("the document repeats fields of the same selection more than %d times", maxRepeated)
	case s.aliasedIntrospection:
		return tooComplex("introspection is asked for without aliases, so that it is answered once")
	}
	return nil
}

// unreadable returns the fault for a document that the parser refused for its size; nil for a syntax error, which gqlgen's parser then
// reports with its location.
func unreadable(err error) error {
	switch {
	case strings.Contains(err.Error(), "exceeded token limit"):
		return tooComplex("the document has more than %d tokens", MaxTokens)
	case strings.Contains(err.Error(), "exceeded maximum nesting depth"):
		return tooComplex("the document is nested too deeply to be read")
	default:
		return nil
	}
}

func tooComplex(format string, args ...any) error {
	return fault.New(fault.QueryTooComplex, format, args...)
}

// size is that of a selection set with its fragments inlined.
type size struct{ depth, roots, selections int }

// screen counts what a document has.
type screen struct {
	fragments            map[string]*ast.FragmentDefinition
	sizes                map[string]size // of fragments; one within itself counts as empty, for validation refuses it
	aliases, directives  int
	repeated             int // response names and fragment spreads that occurred in their selection set before
	aliasedIntrospection bool
}

// count counts what a selection set has, without following fragment spreads. introspection tells whether it lies within __schema or
// __type. names are those that occurred in the selection set before; an inline fragment shares them with its parent.
func (s *screen) count(selections ast.SelectionSet, introspection bool, names map[string]bool) {
	for _, selection := range selections {
		switch selected := selection.(type) {
		case *ast.Field:
			s.note(selected.Alias, names)
			s.directives += len(selected.Directives)
			within := introspection || selected.Name == "__schema" || selected.Name == "__type"
			if selected.Alias != selected.Name {
				s.aliases++
				s.aliasedIntrospection = s.aliasedIntrospection || within
			}
			s.count(selected.SelectionSet, within, map[string]bool{})
		case *ast.InlineFragment:
			s.directives += len(selected.Directives)
			s.count(selected.SelectionSet, introspection, names)
		case *ast.FragmentSpread:
			s.note("..."+selected.Name, names)
			s.directives += len(selected.Directives)
		}
	}
}

// note counts a name that occurred in the selection set before.
func (s *screen) note(name string, names map[string]bool) {
	if names[name] {
		s.repeated++
	}
	names[name] = true
}

// sizeOf returns the size of a selection set. Each fragment is visited once, however often it is spread, so that fragments that double
// each other cost nothing here.
func (s *screen) sizeOf(selections ast.SelectionSet) size {
	var whole size
	add := func(nested size) {
		whole.depth = max(whole.depth, nested.depth)
		whole.roots = min(whole.roots+nested.roots, maxSelections+1)
		whole.selections = min(whole.selections+nested.selections+1, maxSelections+1)
	}
	for _, selection := range selections {
		switch selected := selection.(type) {
		case *ast.Field:
			nested := s.sizeOf(selected.SelectionSet)
			depth := nested.depth + 1
			if selected.Name == "__schema" || selected.Name == "__type" {
				depth = 0
			}
			add(size{depth: depth, roots: 1, selections: nested.selections})
		case *ast.InlineFragment:
			add(s.sizeOf(selected.SelectionSet))
		case *ast.FragmentSpread:
			nested, known := s.sizes[selected.Name]
			if fragment := s.fragments[selected.Name]; !known && fragment != nil {
				s.sizes[selected.Name] = size{}
				nested = s.sizeOf(fragment.SelectionSet)
				s.sizes[selected.Name] = nested
			}
			add(nested)
		}
	}
	return whole
}
