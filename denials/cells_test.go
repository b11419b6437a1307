package denials_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/denials"
)

// route has an organization in the second of two databases.
type route struct {
	pools  []*pgxpool.Pool
	second uuid.UUID
}

func (r route) Of(_ context.Context, organizationID *uuid.UUID) (*pgxpool.Pool, error) {
	if *organizationID == r.second {
		return r.pools[1], nil
	}
	return r.pools[0], nil
}

func (r route) Moved(context.Context, uuid.UUID, *pgxpool.Pool) (*pgxpool.Pool, error) {
	return r.pools[0], nil
}

func (r route) All() []*pgxpool.Pool { return r.pools }

// Guarantee: with several databases each denied request is counted once, where its organization is decided for; so are the operator's, who names none.
func TestCountsAreOfTheDatabase(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	other := &fixture{t: t, pool: server.New(t)}
	other.Tenant = dbtest.NewTenant(t, other.pool)
	c := denials.New(denials.Config{
		Route: route{[]*pgxpool.Pool{server.ServerPool(t, f.pool), server.ServerPool(t, other.pool)}, other.Organization.ID}, Interval: time.Hour,
		Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	limit := uuid.New()
	for range 3 {
		for _, each := range []*fixture{f, other} {
			c.Denied(each.Organization.ID, "", each.refusedBy(limit))
			c.Denied(uuid.Nil, "", each.refusedBy(limit))
		}
	}
	c.Close()
	for _, each := range []*fixture{f, other} {
		each.want(`true`, 1, 6, 6)
	}
}
