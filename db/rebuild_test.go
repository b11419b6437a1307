package db_test

import (
	"context"
	"testing"

	"golang.org/x/sync/errgroup"

	"bursar/db"
)

// A rebuild makes roll-ups that somebody spoiled equal to the ledger again, leaves the watermark where it was, and touches
// no other organization's.
func TestRebuildRepairs(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	for _, each := range []*gateway{g, other} {
		each.book(reportTokens(5).from("openai", "small"))
		each.book(reportTokens(7).from("openai", "large"))
		each.rollUp()
		each.book(reportTokens(9))
	}
	g.exec(`update usage_hours set input_tokens = input_tokens + 1 where organization_id = $1`, g.Organization.ID)
	g.exec(`delete from usage_days where organization_id = $1`, g.Organization.ID)
	g.exec(`update usage_key_days set requests = requests + 1 where organization_id = $1`, g.Organization.ID)
	g.exec(`delete from usage_owner_days where organization_id = $1`, g.Organization.ID)
	g.exec(`update usage_workspace_days set model = 'other' where organization_id = $1 and model = 'small'`, g.Organization.ID)
	hours, err := db.New().RebuildRollups(context.Background(), g.Pool, g.Organization.ID)
	equal(t, "hours", must(t, hours, err), 2)
	equal(t, "left to roll up", query[int64](g, `select count(*) from usage_events e join rollup_watermarks w
		on w.organization_id = e.organization_id and e.position > w.position where e.organization_id = $1`, g.Organization.ID), 1)
	for _, each := range []*gateway{g, other} {
		each.verified()
		each.sameAsLedger("DAY", "MODEL")
	}
	empty := g.neighbour()
	hours, err = db.New().RebuildRollups(context.Background(), g.Pool, empty.Organization.ID)
	equal(t, "hours of an organization without usage", must(t, hours, err), 0)
}

// Rebuilding is exact while reports come in and others roll up: what anybody reads meanwhile is the ledger, and in the end
// every row was counted once.
func TestRebuildUnderTraffic(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	// Workers make it ahead. A statement that was planned before a month's first report made it, and whose snapshot is younger, does not
	// look at it.
	g.exec(`select create_usage_partitions(0, $1)`, noon)
	var group errgroup.Group
	for range 2 {
		group.Go(func() error {
			for range 25 {
				if _, err := g.recordOn(g.Pool, &g.now, reportTokens(1), reportTokens(2).from("openai", "small")); err != nil {
					return err
				}
			}
			return nil
		})
		group.Go(func() error {
			for range 25 {
				if _, err := g.rollUpOn(g.Pool, 7); err != nil {
					return err
				}
			}
			return nil
		})
		group.Go(func() error {
			for range 25 {
				if _, err := db.New().RebuildRollups(context.Background(), g.Pool, g.Organization.ID); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		for range 25 {
			g.verified()
		}
		return nil
	})
	must(t, 0, group.Wait())
	g.rollUp()
	g.verified()
	equal(t, "tokens", query[int64](g, `select sum(input_tokens)::bigint from usage_workspace_hours`), 150)
}
