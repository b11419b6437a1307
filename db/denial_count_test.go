package db_test

import (
	"context"
	"testing"

	"bursar/db"
)

// The counts of denied requests that a server writes are of the hour that it says, but of no future hour and of none that is more than a day
// ago; of the key's organization, whatever organization it says; and of nothing for a key or an organization that does not exist.
func TestDenialsAreCountedWhereTheyBelong(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.Factory.Organization(db.PlanFREE)
	count := `select count_denials(array[$1::uuid], array[$2::uuid], array['00000000-0000-0000-0000-000000000000'::uuid], array['BUDGET'::limit_kind],
		array['KEY_DISABLED'::denial_reason], array[date_trunc('hour', now()) + $3::interval], array[1::bigint], array[1::bigint], array[false])`
	const none = "00000000-0000-0000-0000-000000000000"
	for _, c := range []struct {
		organization, key any
		shift             string
		written           int64
	}{
		{g.Organization.ID, g.Key.ID, "0", 1}, {other.ID, g.Key.ID, "3 hours", 1}, {none, g.Key.ID, "-2 hours", 1}, {none, g.Key.ID, "-5 days", 1},
		{g.Organization.ID, none, "0", 1}, {none, none, "0", 0}, {g.Organization.ID, other.ID, "0", 0}, {g.Key.ID, none, "0", 0},
	} {
		var written int64
		must(t, 0, server.ServerPool(t, g.Pool).QueryRow(context.Background(), count, c.organization, c.key, c.shift).Scan(&written))
		equal(t, "rows of "+c.shift, written, c.written)
	}
	equal(t, "counts", query[string](g, `select string_agg(concat_ws(' ', coalesce(api_key_id::text, 'unknown'), requests,
			(extract(epoch from date_trunc('hour', now()) - hour) / 3600)::integer), ', ' order by hour desc, api_key_id) from denial_counts where organization_id = $1`, g.Organization.ID),
		g.Key.ID.String()+" 2 0, unknown 1 0, "+g.Key.ID.String()+" 1 2, "+g.Key.ID.String()+" 1 24")
	equal(t, "counts of others", query[int64](g, `select count(*) from denial_counts where organization_id <> $1`, g.Organization.ID), 0)
}
