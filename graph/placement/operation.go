package placement

import (
	"context"
	"errors"
	"net/url"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
	"bursar/db/cells"
	"bursar/fault"
	"bursar/graph/directive"
	"bursar/id"
)

// maxNamed is in how many values of a field's arguments an organization's id is looked for.
const maxNamed = 1000

// OfOperation has the fields of the operator's operations, where no cell was named, asked in the cell of the organizations that they name by their ids or are below. Others
// ask home. Enforcement calls name no organization, so they do, too.
func (p *Places) OfOperation(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	if p.set == nil || !p.isUndecided(ctx) || !graphql.HasOperationContext(ctx) {
		return next(ctx)
	}
	operation := graphql.GetOperationContext(ctx)
	if operation.Operation == nil || directive.IsEnforcement(operation.Operation) {
		return next(ctx)
	}
	ofRoot, ofField := operation.RootResolverMiddleware, operation.ResolverMiddleware
	operation.RootResolverMiddleware = func(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
		if field := graphql.GetRootFieldContext(ctx); field != nil {
			ctx = p.Naming(ctx, field.Field.ArgumentMap(operation.Variables))
		}
		return ofRoot(ctx, next)
	}
	operation.ResolverMiddleware = func(ctx context.Context, next graphql.Resolver) (any, error) {
		if _, chosen := cells.Chosen(ctx); chosen {
			return ofField(ctx, next)
		}
		field := graphql.GetFieldContext(ctx)
		if organization := above(field); organization != nil {
			if cell, err := p.CellOf(ctx, organization); err == nil {
				ctx = cells.Choose(ctx, cell)
			}
		}
		result, err := ofField(ctx, next)
		return result, whereElse(err)
	}
	return next(ctx)
}

// isUndecided tells whether the caller is the operator and has named no cell.
func (p *Places) isUndecided(ctx context.Context) bool {
	principal, err := auth.FromContext(ctx)
	_, chosen := cells.Chosen(ctx)
	return err == nil && principal.OrganizationID == nil && auth.Person(ctx) == "" && !chosen
}

// Naming returns a context in which the operator asks the cell of the organizations whose ids are among values, if it is one.
func (p *Places) Naming(ctx context.Context, values ...any) context.Context {
	if p.set == nil || !p.isUndecided(ctx) {
		return ctx
	}
	left, name := maxNamed, ""
	for organizationID := range organizationsOf(values, &left) {
		cell, err := p.set.Of(ctx, &organizationID)
		if err != nil || name != "" && cell.Name != name {
			return ctx
		}
		name = cell.Name
	}
	if name == "" {
		return ctx
	}
	return cells.Choose(ctx, name)
}

// NamedBy is Naming by the parameters of a URL.
func (p *Places) NamedBy(ctx context.Context, parameters url.Values) context.Context {
	values := []any{}
	for _, given := range parameters {
		for _, value := range given {
			values = append(values, value)
		}
	}
	return p.Naming(ctx, values...)
}

// organizationsOf returns the organizations whose ids are among values.
func organizationsOf(value any, left *int) map[uuid.UUID]bool {
	found := map[uuid.UUID]bool{}
	var look func(value any)
	look = func(value any) {
		if *left--; *left < 0 {
			return
		}
		switch v := value.(type) {
		case string:
			if prefix, organizationID, ok := id.Parse(v); ok && prefix == id.Organization {
				found[organizationID] = true
			}
		case []any:
			for _, each := range v {
				look(each)
			}
		case map[string]any:
			for _, each := range v {
				look(each)
			}
		}
	}
	look(value)
	return found
}

// above returns the organization that a field is below in the answer; nil: none.
func above(field *graphql.FieldContext) *db.Organization {
	for at := field.Parent; at != nil; at = at.Parent {
		switch row := at.Result.(type) {
		case *db.Organization:
			return row
		case **db.Organization:
			return *row
		}
	}
	return nil
}

// whereElse adds to NOT_FOUND that another cell may have it.
func whereElse(err error) error {
	known, ok := errors.AsType[*fault.Fault](err)
	if !ok || known.Code != fault.NotFound {
		return err
	}
	told := *known
	told.Message += "; it was looked for in the cell " + cells.Home + ": name another one in the header " + cells.Header
	return &told
}
