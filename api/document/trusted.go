package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"bursar/fault"
)

// Trusted are the only operations that a server executes. A client sends the text of an operation, in any layout, or the id that it
// has in the file. The text from the file is executed.
type Trusted struct {
	texts      map[string]string // documents by their ids in the file
	operations map[string]bool   // each with the fragments that it needs, as normalize writes it
	normalized *Cache[string]    // trusted operations by what clients sent
}

// NewTrusted reads a file of trusted documents: a .graphql file, or .json in the form of Relay and graphql-codegen
// ({"id": "document"}) or of Apollo ({"operations": [{"id": …, "body": …}]}). Each document must be valid by the schema and
// within the limits.
func NewTrusted(schema *ast.Schema, name string, content []byte) (*Trusted, error) {
	texts, err := documentsIn(name, content)
	if err != nil {
		return nil, err
	}
	trusted := &Trusted{
		texts: texts, operations: map[string]bool{},
		normalized: NewCache(persistedBytes, func(text, normal string) int { return len(text) }),
	}
	for _, documentID := range slices.Sorted(maps.Keys(texts)) {
		text := texts[documentID]
		document, err := parser.ParseQuery(&ast.Source{Name: documentID, Input: text})
		if err != nil {
			return nil, err
		}
		if errs := validator.ValidateWithRules(schema, document, rules.NewDefaultRules()); len(errs) > 0 {
			return nil, errs[0]
		}
		for _, operation := range document.Operations {
			one := normalize(document, operation)
			if err := Check(one); err != nil {
				return nil, fmt.Errorf("%s: %w", documentID, err)
			}
			trusted.operations[one] = true
		}
	}
	if len(trusted.operations) == 0 {
		return nil, errors.New("there is no operation in it")
	}
	return trusted, nil
}

// documentsIn returns the documents of a file by their ids. A .graphql file is one document, whose id is the file's name.
func documentsIn(name string, content []byte) (map[string]string, error) {
	switch filepath.Ext(name) {
	case ".graphql", ".gql":
		return map[string]string{filepath.Base(name): string(content)}, nil
	case ".json":
	default:
		return nil, errors.New("the name ends with .json, .graphql or .gql")
	}
	var manifest struct {
		Operations []struct{ ID, Body string } `json:"operations"`
	}
	texts := map[string]string{}
	if err := json.Unmarshal(content, &manifest); err == nil && manifest.Operations != nil {
		for _, operation := range manifest.Operations {
			texts[operation.ID] = operation.Body
		}
		return texts, nil
	}
	if err := json.Unmarshal(content, &texts); err != nil {
		return nil, errors.New(`want JSON such as {"id": "document"} or {"operations": [{"id": "…", "body": "document"}]}`)
	}
	return texts, nil
}

// normalize returns the text of one operation and the fragments that it needs, in one layout for the same contents.
func normalize(document *ast.QueryDocument, operation *ast.OperationDefinition) string {
	one, seen := &ast.QueryDocument{Operations: ast.OperationList{operation}}, map[string]bool{}
	var visit func(ast.SelectionSet)
	visit = func(selections ast.SelectionSet) {
		for _, selection := range selections {
			switch selected := selection.(type) {
			case *ast.Field:
				visit(selected.SelectionSet)
			case *ast.InlineFragment:
				visit(selected.SelectionSet)
			case *ast.FragmentSpread:
				if fragment := document.Fragments.ForName(selected.Name); fragment != nil && !seen[selected.Name] {
					seen[selected.Name] = true
					one.Fragments = append(one.Fragments, fragment)
					visit(fragment.SelectionSet)
				}
			}
		}
	}
	visit(operation.SelectionSet)
	slices.SortFunc(one.Fragments, func(a, b *ast.FragmentDefinition) int { return strings.Compare(a.Name, b.Name) })
	var text bytes.Buffer
	formatter.NewFormatter(&text, formatter.WithCompacted()).FormatQueryDocument(one)
	return text.String()
}

// ExtensionName implements [graphql.HandlerExtension].
func (*Trusted) ExtensionName() string { return "TrustedDocuments" }

// Validate implements [graphql.HandlerExtension]. It accepts every schema.
func (*Trusted) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements [graphql.OperationParameterMutator]. It replaces the document with the trusted operation that
// the client means, or refuses it: with PERSISTED_QUERY_NOT_FOUND for an unknown id, with FORBIDDEN for another operation.
func (d *Trusted) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if params.Query == "" {
		persisted, _ := params.Extensions["persistedQuery"].(map[string]any)
		documentID, _ := persisted["sha256Hash"].(string)
		text, known := d.texts[documentID]
		if !known {
			return gqlerror.Wrap(fault.New(fault.PersistedQueryNotFound, "PersistedQueryNotFound"))
		}
		params.Query = text
	}
	key := params.OperationName + "\n" + params.Query
	one, known := d.normalized.Get(ctx, key)
	if !known {
		if one = d.find(params); one == "" {
			return gqlerror.Wrap(fault.New(fault.Forbidden, "this server runs known operations only, and this is none of them"))
		}
		d.normalized.Add(ctx, key, one)
	}
	params.Query = one
	return nil
}

// find returns the trusted operation with the same contents as the one that a client sent; "": there is none.
func (d *Trusted) find(params *graphql.RawParams) string {
	if len(params.Query) > maxDocumentBytes {
		return ""
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, MaxTokens)
	if err != nil {
		return ""
	}
	operation := document.Operations.ForName(params.OperationName)
	if operation == nil {
		return ""
	}
	if one := normalize(document, operation); d.operations[one] {
		return one
	}
	return ""
}
