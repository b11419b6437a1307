package api

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/graph/bulk"
	"bursar/graph/rawjson"
)

// unread is the text of a request's variables. It stands among them, under a name that no variable has, until the operation is known: how
// they are read depends on their types.
type unread string

const (
	unreadName = ""
	bulkInputs = "BulkInputs" // the extension of an operation's statistics that has them
)

// split takes a request apart, of a body that is valid JSON. It reports false, for encoding/json to read the body, unless it has each field
// once, by its exact name and of its type.
func (b *requestBody) split(text string) bool {
	var hasQuery, hasDocumentID, hasName bool
	once := func(has *bool, into *string, value string) (isText bool) {
		*into, isText = rawjson.Text(value)
		isText = isText && !*has
		*has = true
		return isText
	}
	return rawjson.Members(text, func(name, value string) bool {
		isObject := strings.HasPrefix(value, "{")
		switch name {
		case "query":
			return once(&hasQuery, &b.Query, value)
		case "documentId":
			return once(&hasDocumentID, &b.DocumentID, value)
		case "operationName":
			return once(&hasName, &b.OperationName, value)
		case "variables":
			first := b.Variables == nil
			b.Variables = map[string]any{unreadName: unread(value)}
			return first && isObject
		case "extensions":
			return b.Extensions == nil && isObject && decodeJSON(strings.NewReader(value), &b.Extensions) == nil
		}
		return false
	})
}

// readVariables reads the variables of an operation that are not read yet. What package bulk reads is put into the operation by
// MutateOperationContext: until then something stands for it that gqlgen accepts.
func readVariables(to *graphql.OperationContext, operation *ast.OperationDefinition, params *graphql.RawParams) error {
	text, isUnread := params.Variables[unreadName].(unread)
	if !isUnread {
		return nil
	}
	variables, taken := map[string]any{}, map[string]bulk.Input{}
	isRead := rawjson.Members(string(text), func(name, value string) bool {
		delete(taken, name) // of the same name twice the last counts
		if variable := operation.VariableDefinitions.ForName(name); variable != nil && variable.Type.Elem == nil {
			input, standIn, ok := bulk.Take(variable.Type.NamedType, value)
			if ok {
				variables[name], taken[name] = standIn, input
				return true
			}
		}
		var read any
		err := decodeJSON(strings.NewReader(value), &read)
		variables[name] = read
		return err == nil
	})
	if !isRead { // a name is escaped
		variables, taken = nil, nil
		if decodeJSON(strings.NewReader(string(text)), &variables) != nil {
			return errVariables
		}
	}
	params.Variables = variables
	if len(taken) > 0 {
		to.Stats.SetExtension(bulkInputs, taken)
	}
	return nil
}

var errVariables = errors.New("the variables could not be read")

// MutateOperationContext implements [graphql.OperationContextMutator].
func (inputRules) MutateOperationContext(_ context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	taken, _ := operation.Stats.GetExtension(bulkInputs).(map[string]bulk.Input)
	for name, input := range taken {
		operation.Variables[name] = input
	}
	return nil
}
