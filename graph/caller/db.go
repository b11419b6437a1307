package caller

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/api/requestid"
	"bursar/auth"
	"bursar/db"
)

// DB is the database as callers may use it: each sees and changes the rows of their organization alone, the operator those of all.
type DB struct {
	Queries *db.Queries
	tenants *db.TenantDB
}

// New returns the database as callers may use it.
func New(tenants *db.TenantDB, queries *db.Queries) *DB {
	return &DB{Queries: queries, tenants: tenants}
}

// Within returns the rows that the caller may see: those of their organization, or of every organization for the operator.
func (d *DB) Within(ctx context.Context) db.DBTX {
	return d.tenants.For(Organization(ctx))
}

// Change runs the statements of a mutation in one transaction. The audit rows that triggers write name the caller, the mutation and
// the request.
func (d *DB) Change(ctx context.Context, statements func(tx pgx.Tx) error) error {
	return d.ChangeBecause(ctx, "", statements)
}

// ChangeBecause is Change with a reason for the audit log.
func (d *DB) ChangeBecause(ctx context.Context, reason string, statements func(tx pgx.Tx) error) error {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return d.tenants.InTx(ctx, Organization(ctx), db.Actor{
		Name: principal.Actor, MemberID: principal.MemberID, TokenID: tokenOf(principal), Action: graphql.GetFieldContext(ctx).Field.Name,
		RequestID: requestid.FromContext(ctx), Reason: reason,
	}, statements)
}

// tokenOf returns the access token that a principal presents; nil for the operator and for people who have signed in.
func tokenOf(principal *auth.Principal) *uuid.UUID {
	if principal.TokenID == uuid.Nil {
		return nil
	}
	return &principal.TokenID
}
