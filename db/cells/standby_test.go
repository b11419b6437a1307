package cells_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/cells/cellstest"
	"bursar/db/dbtest"
	"bursar/db/standby"
)

// Guarantee: standbys are home's: they answer about organizations that are there, and about no others.
func TestStandbysAnswerForHomeAlone(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts a primary and a standby")
	primary := dbtest.NewPrimary(t)
	atHome := dbtest.NewTenant(t, primary.Pool)
	copied := primary.Standby()
	copied.CatchUp(primary)
	eu := cellstest.New(t, server, "eu").Others[0]
	inEU := dbtest.NewTenant(t, eu.Owner)

	home, logger := &cells.Cell{Name: cells.Home, Control: primary.ServerPool()}, slog.New(slog.NewTextHandler(t.Output(), nil))
	standbys, err := standby.New(standby.Config{
		Primary: home.Control, Standbys: []*pgxpool.Pool{copied.ServerPool()}, MaxLag: time.Hour, Logger: logger, History: db.AuditHistory{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), promptly)
	var running sync.WaitGroup
	running.Go(func() { standbys.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })

	on := db.NewRoutedDB(cells.New(logger, home, eu.Cell).Control())
	byStandby := func(tenant *dbtest.Tenant) (byStandby bool) {
		t.Helper()
		var slug string
		err := on.For(&tenant.Organization.ID).QueryRow(standbys.Begin(ctx), `select pg_is_in_recovery(), slug from organizations`).Scan(&byStandby, &slug)
		if err != nil || slug != tenant.Organization.Slug {
			t.Fatalf("%q, %v", slug, err)
		}
		return byStandby
	}
	for !byStandby(atHome) {
		select {
		case <-ctx.Done():
			t.Fatal("the standby answers nothing")
		case <-time.After(5 * time.Millisecond):
		}
	}
	if byStandby(inEU) {
		t.Error("home's standby answers about an organization of another cell")
	}
}
