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

// Trusted are the only operations that a server executes. A client sends the text of an operation, or the id that it has in the file.
// A text is that of a trusted operation whatever its layout and order, and with or without __typename, which clients add. The text of
// the client is executed, so that the answer has what the client asked for, in its order.
type Trusted struct {
	texts      map[string]string // documents by their ids in the file
	operations map[string]bool   // as canonical writes them
	known      *Cache[string]    // operations with the fragments that they need, by what clients sent
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
		known: NewCache(persistedBytes, func(text, operation string) int { return len(text) + len(operation) }),
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
			if err := Check(extract(document, operation)); err != nil {
				return nil, fmt.Errorf("%s: %w", documentID, err)
			}
			trusted.operations[canonical(document, operation)] = true
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

// extract returns the text of one operation and the fragments that it needs.
func extract(document *ast.QueryDocument, operation *ast.OperationDefinition) string {
	var text bytes.Buffer
	formatter.NewFormatter(&text, formatter.WithCompacted()).FormatQueryDocument(
		&ast.QueryDocument{Operations: ast.OperationList{operation}, Fragments: fragmentsOf(document, operation)})
	return text.String()
}

// ExtensionName implements [graphql.HandlerExtension].
func (*Trusted) ExtensionName() string { return "TrustedDocuments" }

// Validate implements [graphql.HandlerExtension]. It accepts every schema.
func (*Trusted) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters implements [graphql.OperationParameterMutator]. It finds the trusted operation that the client means, or
// refuses the request: with PERSISTED_QUERY_NOT_FOUND for an unknown id, with FORBIDDEN for another operation.
func (d *Trusted) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	if params.Query == "" {
		persisted, _ := params.Extensions["persistedQuery"].(map[string]any)
		documentID, _ := persisted["sha256Hash"].(string)
		text, known := d.text(documentID)
		if !known {
			return gqlerror.Wrap(fault.New(fault.PersistedQueryNotFound, "PersistedQueryNotFound"))
		}
		params.Query = text
	}
	key := params.OperationName + "\n" + params.Query
	operation, known := d.known.Get(ctx, key)
	if !known {
		if operation = d.find(params); operation == "" {
			return gqlerror.Wrap(fault.New(fault.Forbidden, "this server runs known operations only, and this is none of them"))
		}
		d.known.Add(ctx, key, operation)
	}
	params.Query = operation
	return nil
}

// sha256Prefix stands before an id that is a document's SHA-256 in some manifests, and in requests of some clients.
const sha256Prefix = "sha256:"

// text returns the document with an id, which has the prefix or not, in the file as in the request.
func (d *Trusted) text(documentID string) (text string, known bool) {
	plain := strings.TrimPrefix(documentID, sha256Prefix)
	for _, name := range []string{documentID, plain, sha256Prefix + plain} {
		if text, known = d.texts[name]; known {
			break
		}
	}
	return text, known
}

// find returns the operation that a client sent, with the fragments that it needs, if it is a trusted one; "" otherwise.
func (d *Trusted) find(params *graphql.RawParams) string {
	if len(params.Query) > maxDocumentBytes {
		return ""
	}
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: params.Query}, MaxTokens)
	if err != nil {
		return ""
	}
	operation := document.Operations.ForName(params.OperationName)
	if operation == nil || !d.operations[canonical(document, operation)] {
		return ""
	}
	return extract(document, operation)
}
