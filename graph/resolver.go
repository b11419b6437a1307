// Package graph resolves the fields of the GraphQL schema. A resolver checks its input, makes one call, and returns the row; who may
// call it is said by @auth in the schema. Requests, documents and admission are package api's.
package graph

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/api/requestid"
	"bursar/auth"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
)

// Config says what resolvers work with.
type Config struct {
	Database *db.TenantDB      // for all operations but enforcement calls
	Enforcer *enforce.Enforcer // for enforcement calls
	Logger   *slog.Logger      // gets what operators should change
	// ReportShare returns the share of the time, from 0 to 1, that PostgreSQL may work on a usage report; nil is all of it.
	ReportShare func() *float32
}

// Resolver answers the schema's fields.
type Resolver struct {
	database    *db.TenantDB
	queries     *db.Queries
	enforcer    *enforce.Enforcer
	reportShare func() *float32
	keyIDUses   *auth.KeyIDUses
}

// New returns the resolvers.
func New(config Config) *Resolver {
	return &Resolver{
		database: config.Database, queries: db.New(), enforcer: config.Enforcer, reportShare: config.ReportShare,
		keyIDUses: auth.NewKeyIDUses(config.Logger, time.Now),
	}
}

// callerOrganization returns the organization of the caller, to which they are restricted; nil for the operator, who sees every one.
func callerOrganization(ctx context.Context) *uuid.UUID {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return principal.OrganizationID
}

// scopeOrZero is callerOrganization for the functions of enforcement, for which the zero id is any organization.
func scopeOrZero(ctx context.Context) uuid.UUID {
	if organizationID := callerOrganization(ctx); organizationID != nil {
		return *organizationID
	}
	return uuid.Nil
}

// within returns the rows that the caller may see: those of their organization, or of every organization for the operator.
func (r *Resolver) within(ctx context.Context) db.DBTX {
	return r.database.For(callerOrganization(ctx))
}

// change runs the statements of a mutation in one transaction. The audit rows that triggers write name the caller, the mutation and
// the request.
func (r *Resolver) change(ctx context.Context, statements func(tx pgx.Tx) error) error {
	return r.changeBecause(ctx, "", statements)
}

// changeBecause is change with a reason for the audit log.
func (r *Resolver) changeBecause(ctx context.Context, reason string, statements func(tx pgx.Tx) error) error {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return r.database.InTx(ctx, callerOrganization(ctx), db.Actor{
		Name: principal.Actor, Action: graphql.GetFieldContext(ctx).Field.Name, RequestID: requestid.FromContext(ctx), Reason: reason,
	}, statements)
}

// found returns the only row of a look-up; NOT_FOUND about a field of the input when there is none.
func found[T any](rows []*T, err error, field, what string) (*T, error) {
	if err != nil {
		return nil, db.Fault(err)
	}
	if len(rows) == 0 {
		return nil, notFound(field, what)
	}
	return rows[0], nil
}

// missing turns the absence of a changed row into NOT_FOUND about a field of the input. Other errors are returned as they are.
func missing(err error, field, what string) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return notFound(field, what)
	}
	return err
}

func notFound(field, what string) *fault.Fault {
	return &fault.Fault{Code: fault.NotFound, Field: field, Message: field + ": no such " + what}
}
