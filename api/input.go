package api

import (
	"context"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/api/document"
	"bursar/fault"
	"bursar/graph/coercion"
)

// inputRules is an extension of gqlgen that parses documents and checks all input, literals and variables alike, before gqlgen coerces
// it; see package coercion. It comes behind what finds a document and what has one wait that is not known.
type inputRules struct {
	schema    *ast.Schema
	documents *document.Cache[*ast.QueryDocument] // parsed and validated, by their texts
	suggest   bool                                // whether errors about names that the schema does not have suggest others
	// check returns what else is wrong with an input object of a type, when some of its values are null because they are wrong.
	check func(inputType string, value any) []*fault.Fault
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = inputRules{}

// ExtensionName implements [graphql.HandlerExtension].
func (inputRules) ExtensionName() string { return "InputRules" }

// Validate implements [graphql.HandlerExtension]. It accepts every schema.
func (inputRules) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses a document that is not valid, and variables of another kind than their types, with all that is
// wrong with them. A document that cannot be parsed, and an operation that is not in it, are left to gqlgen.
func (r inputRules) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	parsed, known := r.documents.Get(ctx, params.Query)
	if !known {
		var errs gqlerror.List
		if parsed, errs = coercion.Parse(r.schema, params.Query, document.MaxTokens, r.suggest); len(errs) > 0 {
			return invalid(errs)
		}
		if parsed == nil {
			return nil
		}
		r.documents.Add(ctx, params.Query, parsed)
	}
	graphql.GetOperationContext(ctx).Doc = parsed // parsedDocument finds it there
	operation := parsed.Operations.ForName(params.OperationName)
	if operation == nil {
		return nil
	}
	if err := readVariables(graphql.GetOperationContext(ctx), operation, params); err != nil {
		return gqlerror.Wrap(err)
	}
	faults := coercion.Variables(r.schema, operation, params.Variables)
	if len(faults) > 0 {
		faults = append(faults, r.others(operation, params.Variables, faults)...)
	}
	var errs gqlerror.List
	for _, f := range faults {
		errs = append(errs, gqlerror.Wrap(f))
	}
	return invalid(errs)
}

// others returns what is wrong with input objects in variables beside the faults that were found, so that a form learns of all at once.
// The operation is refused in any case.
func (r inputRules) others(operation *ast.OperationDefinition, variables map[string]any, found []*fault.Fault) []*fault.Fault {
	var others []*fault.Fault
	for _, variable := range operation.VariableDefinitions {
		for _, f := range r.check(variable.Type.Name(), variables[variable.Variable]) {
			if !slices.ContainsFunc(found, func(known *fault.Fault) bool { return dependsOn(f.Field, known.Field) }) {
				others = append(others, f)
			}
		}
	}
	return others
}

// dependsOn tells whether what is right for a field depends on another one: on the whole input, on itself, on what it is a part of or has
// as a part, on its object's type or kind, and on numbers that it is compared with; recipients of alerts on the thresholds.
func dependsOn(field, other string) bool {
	within := func(a, b string) bool { return a == b || strings.HasPrefix(a, b+".") }
	if budget, _, of := strings.Cut(other, "alertThreshold"); of {
		return within(field, other) || within(other, field) || strings.HasPrefix(field, budget+"alertRecipients.")
	}
	object, name := "", other
	if at := strings.LastIndexByte(other, '.'); at >= 0 {
		object, name = other[:at+1], other[at+1:]
	}
	switch {
	case other == "input" || within(field, other) || within(other, field):
		return true
	case name == "type" || name == "kind":
		return strings.HasPrefix(field, object)
	case name == "thresholdPercent":
		return field == object+"threshold"
	case name == "includeSubjectRecipients":
		return field == object+"emails"
	case name == "inputTokens" || name == "cachedInputTokens":
		return field == "cachedInputTokens" || field == "cacheWriteTokens" || field == "audioInputTokens"
	case name == "cacheWriteTokens":
		return field == "cacheWrite1hTokens"
	case name == "outputTokens":
		return field == "reasoningTokens" || field == "audioOutputTokens"
	case name == "allowZeroRequests":
		return field == object+"requests"
	}
	return false
}

// invalid returns errors as the one that an extension can return; the presenter takes them apart. nil when there are none.
func invalid(errs gqlerror.List) *gqlerror.Error {
	if len(errs) == 0 {
		return nil
	}
	for _, err := range errs {
		errcode.Set(err, errcode.ValidationFailed)
	}
	one := gqlerror.Wrap(errs)
	errcode.Set(one, errcode.ValidationFailed)
	return one
}

// parsedDocument is gqlgen's cache of documents. It has the document that inputRules found for the operation, also one that is too
// large to be kept.
type parsedDocument struct{}

var _ graphql.Cache[*ast.QueryDocument] = parsedDocument{}

// Get implements [graphql.Cache].
func (parsedDocument) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	parsed := graphql.GetOperationContext(ctx).Doc
	return parsed, parsed != nil
}

// Add implements [graphql.Cache]. It keeps nothing.
func (parsedDocument) Add(context.Context, string, *ast.QueryDocument) {}
