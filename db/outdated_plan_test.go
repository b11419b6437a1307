package db_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// A statement that a session prepared before a migration changed the type of one of its columns is UNAVAILABLE once and works
// when it is sent again, on the same connection.
func TestOutdatedPlanIsUnavailableOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	connection, err := g.Pool.Acquire(ctx)
	must(t, 0, err)
	defer connection.Release()
	find := func() error {
		_, err := db.New().FindOrganizations(ctx, connection, &db.FindOrganizationsParams{IDs: []uuid.UUID{g.Organization.ID}})
		return db.Fault(err)
	}
	must(t, 0, find())
	g.exec(`alter table organizations alter column updated_by type varchar(300)`)
	err = find()
	equal(t, "the first time", fault.CodeOf(err), fault.Unavailable)
	equal(t, "it may be sent again", db.TookNoEffect(err), true)
	must(t, 0, find())
}
