package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Route says which of several databases has an organization's rows. Its errors are faults, UNAVAILABLE when that cannot be found out now.
type Route interface {
	// Of returns the pool of the database that decides for an organization; nil is the operator, whose database the context may name.
	Of(ctx context.Context, organizationID *uuid.UUID) (*pgxpool.Pool, error)
	// Moved is called when a database has refused a statement because it does not decide for an organization (see [MovedOrganizations]). It returns
	// the pool of the one that does, as soon as there is one, and an error when the context ends before.
	Moved(ctx context.Context, organizationID uuid.UUID, from *pgxpool.Pool) (*pgxpool.Pool, error)
	// All returns the pools of all databases, home first.
	All() []*pgxpool.Pool
}
