package db_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgerrcode"

	"bursar/db"
)

// keysWithoutOrganization returns the keys of tables with an organization that do not contain it, as table and name of the key: primary keys, unique
// constraints and indexes, exclusions, and foreign keys. A table without a primary key is among them with "no primary key".
const keysWithoutOrganization = `
	with tables as (
		select c.oid, c.relname, a.attnum as organization
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
			and not a.attisdropped
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition)
	select t.relname || ' ' || i.relname as key
	from tables t join pg_index x on x.indrelid = t.oid and x.indisunique join pg_class i on i.oid = x.indexrelid
	where t.organization <> all (x.indkey::smallint[])
	union all
	select t.relname || ' ' || k.conname from tables t join pg_constraint k on k.conrelid = t.oid and k.contype in ('f', 'x')
	where t.organization <> all (k.conkey)
	union all
	select t.relname || ' no primary key' from tables t where not exists (select from pg_index x where x.indrelid = t.oid and x.indisprimary)`

// sharedKeys says why a key of a table with an organization does not contain it, or why there is no primary key.
func sharedKeys() map[string]string {
	const (
		shape  = "it has no rows: functions answer with it"
		rollup = "the workspace, the owner or what denied may be null: a unique index, and the whole row as identity for replication"
		hashed = "the organization is a part of the expression that is compared"
	)
	return map[string]string{
		"chosen_mails no primary key":         shape,
		"enforced_limits no primary key":      shape,
		"ledger_differences no primary key":   shape,
		"limit_details no primary key":        shape,
		"limit_statuses no primary key":       shape,
		"listed_groups no primary key":        shape,
		"organization_changes no primary key": shape,
		"quota_statuses no primary key":       shape,

		"usage_hours no primary key":           rollup,
		"usage_days no primary key":            rollup,
		"usage_key_days no primary key":        rollup,
		"usage_owner_days no primary key":      rollup,
		"usage_workspace_hours no primary key": rollup,
		"usage_workspace_days no primary key":  rollup,
		"denial_days no primary key":           rollup,
		"estimate_rules no primary key":        "the API key is null for the organization's own rule: a unique constraint, and the whole row as identity for replication",

		"organizations organizations_slug_key":                 "people and gateways name an organization by its slug, of which there is one in a database",
		"organization_cells organization_cells_slug_key":       "a slug is one organization's among all cells",
		"organization_cells organization_cells_cell_fkey":      "cells belong to the installation",
		"organization_cells organization_cells_moving_to_fkey": "cells belong to the installation",
		"organization_moves organization_moves_source_fkey":    "cells belong to the installation",
		"organization_moves organization_moves_target_fkey":    "cells belong to the installation",
		"imported_objects imported_objects_pkey":               "an object of another system is imported once, into whichever organization",
		"mails mails_call_id_fkey":                             "a call to the mail provider carries mail of several organizations",
		"prices prices_pkey":                                   "everybody's prices have no organization",
		"prices prices_overlap_excl":                           hashed,
		"price_multipliers price_multipliers_overlap_excl":     hashed,
	}
}

// sharedTables says why a table belongs to no organization.
func sharedTables() map[string]string {
	const (
		shape    = "it has no rows: functions answer with it"
		river    = "River's: jobs belong to the database"
		schema   = "which release the schema is of"
		instance = "what workers share"
	)
	return map[string]string{
		"burn_down_points": shape, "exported_usage": shape, "forgotten_groups": shape, "found_prices": shape, "imported_prices": shape,
		"projected_exhaustions": shape, "released_holds": shape, "report_buckets": shape, "subject_recipients": shape, "usage_answers": shape,
		"usage_buckets": shape,
		"river_job":     river, "river_leader": river, "river_migration": river, "river_notification": river, "river_queue": river,
		"goose_db_version": schema, "schema_objects": schema, "schema_release": schema,
		"clock_checks": instance, "jobs": instance, "workers": instance, "mail_pace": instance,
		"cells": "they belong to the installation", "cell_identity": "it is the database's own",
		"mail_calls":   "a call to the mail provider carries mail of several organizations, which are in mails",
		"outbox_mails": "mail that is shown in place of being sent, for tests and trials",
	}
}

// Guarantee: a table belongs to no organization and says why, or each of its rows names one, and so does each of its keys and references, but for
// those that say why not. So the rows of one organization can be told from all others, and can be copied to another database beside them.
func TestKeysOfTenantsNameTheirOrganization(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	wantNames(t, "key", query[[]string](g, `select array_agg(key) from (`+keysWithoutOrganization+`) k`), sharedKeys())
	wantNames(t, "table", query[[]string](g, `select array_agg(c.relname::text) from pg_class c
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'organizations'
			and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)`), sharedTables())
}

// wantNames fails the test for each name that is not explained, and for each explanation of none.
func wantNames(t *testing.T, what string, names []string, explained map[string]string) {
	t.Helper()
	for _, name := range names {
		if explained[name] == "" {
			t.Errorf("the %s %s is of no organization, and nothing says why", what, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(explained)) {
		if !slices.Contains(names, name) {
			t.Errorf("there is no %s %s without an organization", what, name)
		}
	}
}

// Guarantee: rows of every table can be updated and deleted while all tables are published for logical replication: roll-ups go on, and are
// computed again. A table whose rows have no identity would stop them.
func TestPublishedTablesAreWritten(t *testing.T) {
	t.Parallel()
	g := newGatewayIn(t, server.Pool(t, server.NewURL(t)))
	g.exec(`create publication everything for all tables`)
	g.tokenBudget(1000)
	for range 2 { // the second time rows are updated
		g.book(reportTokens(7))
		g.rollUp()
	}
	g.exec(`select rebuild_rollups($1)`, g.Organization.ID)
	g.verified()
	unidentified := query[[]string](g, `select coalesce(array_agg(c.relname::text), '{}') from pg_class c
		where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relreplident = 'd'
			and not exists (select from pg_index x where x.indrelid = c.oid and x.indisprimary)
			and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id')`)
	for _, table := range unidentified {
		if sharedKeys()[table+" no primary key"] != sharedKeys()["limit_statuses no primary key"] {
			t.Errorf("rows of %s have no identity", table)
		}
	}

	g.exec(`alter table usage_hours replica identity default`)
	g.book(reportTokens(7))
	_, err := db.New().RollUpUsage(t.Context(), g.Pool, &db.RollUpUsageParams{OrganizationID: g.Organization.ID, Number: 10})
	equal(t, "without an identity", stateOf(err), pgerrcode.ObjectNotInPrerequisiteState)
}
