package document

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"bursar/fault"
)

// The bounds of a document. The contract's as a whole has 1,200 tokens and 34 operations; a single operation of it has at
// most 200 tokens, 6 levels, one root field and no alias. docs/operations.md says what the worst document that is admitted costs.
const (
	maxDocumentBytes = 64 << 10
	MaxTokens        = 2_000 // tokens
	maxOperations    = 50
	maxDepth         = 15 // levels of selections; introspection is not counted
	maxRootFields    = 10 // of an operation, each of which is a statement of its own
	maxAliases       = 50
	maxDirectives    = 100
	maxRepeated      = 100   // names that their selection set has already: validation compares each with each
	maxVisited       = 5_000 // selections of an operation once fragments are put in
)

// Check refuses a document that is too large, from its tree alone. It does not validate: what is no document at all is
// validation's to refuse.
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
		case whole.visited > maxVisited:
			return tooComplex("the operation has more than %d selections once its fragments are put in", maxVisited)
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

// unreadable returns what is wrong with a document that the parser gave up; nil when it is not its size: then the same parser
// says it once more, with its place.
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

// size is what a selection set comes to with its fragments put in.
type size struct{ depth, roots, visited int }

// screen adds up what a document has.
type screen struct {
	fragments            map[string]*ast.FragmentDefinition
	sizes                map[string]size // of fragments; a fragment within itself is empty, for validation refuses it
	aliases, directives  int
	repeated             int // response names and fragments that their selection set has already
	aliasedIntrospection bool
}

// count adds up what stands in a selection set, within introspection or outside, without following fragments. An inline
// fragment's fields are its parent's, so they share the names.
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

func (s *screen) note(name string, names map[string]bool) {
	if names[name] {
		s.repeated++
	}
	names[name] = true
}

// sizeOf returns what a selection set comes to. Each fragment is looked at once, however often it is spread, so that
// fragments that double each other cost nothing here.
func (s *screen) sizeOf(selections ast.SelectionSet) size {
	var whole size
	add := func(nested size) {
		whole.depth = max(whole.depth, nested.depth)
		whole.roots = min(whole.roots+nested.roots, maxVisited+1)
		whole.visited = min(whole.visited+nested.visited+1, maxVisited+1)
	}
	for _, selection := range selections {
		switch selected := selection.(type) {
		case *ast.Field:
			nested := s.sizeOf(selected.SelectionSet)
			depth := nested.depth + 1
			if selected.Name == "__schema" || selected.Name == "__type" {
				depth = 0
			}
			add(size{depth: depth, roots: 1, visited: nested.visited})
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
