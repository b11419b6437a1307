package db

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Route says which of several databases has an organization's rows. Its errors are faults, UNAVAILABLE when that cannot be found out now.
type Route interface {
	// Of returns the pool of the database that decides for an organization, as far as is known; nil is the operator, whose database the context may name.
	Of(ctx context.Context, organizationID *uuid.UUID) (*pgxpool.Pool, error)
	// Moved is called when a database has refused a statement because it does not decide for an organization (see [MovedOrganizations]). It returns
	// the pool of the one that does, as soon as there is one. It is UNAVAILABLE when the context ends before, and NOT_FOUND for an organization that no
	// database has rows of.
	Moved(ctx context.Context, organizationID uuid.UUID, from *pgxpool.Pool) (*pgxpool.Pool, error)
	// All returns the pools of all databases, home first.
	All() []*pgxpool.Pool
}

const (
	minMovedDelay = 10 * time.Millisecond  // before the third attempt, doubled up to
	maxMovedDelay = 200 * time.Millisecond // this
)

// Decide runs a statement or a transaction on the pool of the database that decides for an organization; nil is the operator. When the database refuses it
// because it does not decide (see [MovedOrganizations]), nothing has taken effect, and it is run again where the organization is, as often as that changes
// until the context ends. The operator's goes where the organization is that it was refused for.
func Decide(ctx context.Context, route Route, organizationID *uuid.UUID, run func(pool *pgxpool.Pool) error) error {
	pool, err := route.Of(ctx, organizationID)
	if err != nil {
		return err
	}
	for delay := time.Duration(0); ; delay = min(max(2*delay, minMovedDelay), maxMovedDelay) {
		refused := run(pool)
		moved := MovedOrganizations(refused)
		switch {
		case moved == nil:
			return refused
		case organizationID != nil:
			moved = []uuid.UUID{*organizationID}
		case len(moved) == 0:
			return refused
		}
		select { // a database that is refused again at once is not asked without a pause
		case <-ctx.Done():
			return refused
		case <-time.After(delay):
		}
		if pool, err = route.Moved(ctx, moved[0], pool); err != nil {
			return err
		}
	}
}
