package move

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// table is one whose rows move.
type table struct {
	Name     string
	Columns  []string // all but generated ones, each with its type
	Local    []string // columns that mean nothing in another database: numbers of transactions
	Keys     []string // by which a row is found
	Nullable []string // of the keys
	owner    string   // the column with the organization

	since   uint32 // the transaction from which on its rows have not been copied; see changed
	copied  bool
	there   int64 // rows in the target, where nobody else writes any
	count   int64 // rows in the source, as of the round
	changed int64 // of them, those that may have changed since
}

const (
	organizations = "organizations"
	ledger        = "usage_events"
)

// stays says which tables with an organization do not move, and why.
func stays() map[string]string {
	return map[string]string{
		"mails":              "a call to the mail provider has mail of several organizations; who began it ends it, and tells the other (move_outcomes)",
		"organization_cells": "the directory is at home",
		"organization_moves": "what was moved is noted at home",
	}
}

// catalogue returns the tables that move: those whose rows name an organization, but for shapes, which have none. Which come first is all the same: no foreign
// key is looked at where they are written (asReplica), and each of their rows is there in the end.
const catalogue = `
	with tables as (
		select c.oid, c.relname::text as name, o.attname::text as owner
		from pg_class c
		join pg_attribute o on o.attrelid = c.oid and not o.attisdropped and o.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and not exists (select from pg_constraint k where k.conrelid = c.oid and k.conname = c.relname || '_shape_check'))
	select t.name,
		array(select a.attname || ' ' || format_type(a.atttypid, a.atttypmod) from pg_attribute a
			where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attname),
		array(select a.attname::text from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
			where a.attrelid = t.oid and a.attgenerated = '' and pg_get_expr(d.adbin, d.adrelid) like '%pg_current_xact_id%' order by 1),
		k.keys, k.nullable, t.owner
	from tables t
	left join lateral (
		select array_agg(a.attname::text order by a.attnum) as keys,
			coalesce(array_agg(a.attname::text order by a.attnum) filter (where not a.attnotnull), '{}') as nullable
		from (
			select x.indkey from pg_index x
			where x.indrelid = t.oid and x.indisunique and x.indimmediate and x.indpred is null and x.indexprs is null and (x.indisprimary or x.indnullsnotdistinct)
			order by x.indisprimary desc, x.indexrelid limit 1) x
		join pg_attribute a on a.attrelid = t.oid and a.attnum = any (x.indkey::smallint[])) k on true
	order by t.name = 'organizations' desc, t.name`

// tablesOf returns the tables that move out of a database.
func tablesOf(ctx context.Context, on interface {
	Query(ctx context.Context, statement string, arguments ...any) (pgx.Rows, error)
}) ([]*table, error) {
	rows, err := on.Query(ctx, catalogue)
	if err != nil {
		return nil, err
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*table, error) {
		t := &table{}
		return t, row.Scan(&t.Name, &t.Columns, &t.Local, &t.Keys, &t.Nullable, &t.owner)
	})
	tables = slices.DeleteFunc(tables, func(t *table) bool { return stays()[t.Name] != "" })
	for _, t := range tables {
		if err == nil && len(t.Keys) == 0 {
			err = fmt.Errorf("%s has no key by which its rows could be found again", t.Name)
		}
	}
	return tables, err
}

// differ returns the tables that two databases do not have alike.
func differ(a, b []*table) (names []string) {
	forms := map[string]string{}
	for _, t := range a {
		forms[t.Name] = strings.Join(t.Columns, ", ")
	}
	for _, t := range b {
		if forms[t.Name] == strings.Join(t.Columns, ", ") {
			delete(forms, t.Name)
		} else {
			forms[t.Name] = ""
		}
	}
	for name := range forms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// stage is the temporary table in the target for rows that replace others.
func (t *table) stage() string { return quoted("move_stage_" + t.Name) }

// names returns the columns, as a list.
func (t *table) names() string {
	names := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		name, _, _ := strings.Cut(column, " ")
		names[i] = quoted(name)
	}
	return strings.Join(names, ", ")
}

// values returns what is copied for the columns, as a list.
func (m *Move) values(t *table) string {
	values := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		name, _, _ := strings.Cut(column, " ")
		switch {
		case slices.Contains(t.Local, name):
			values[i] = "null"
		case t.Name == organizations && name == "residence":
			values[i] = "'ARRIVING'"
		case t.Name == organizations && name == "residence_generation":
			values[i] = fmt.Sprint(m.generation)
		default:
			values[i] = "t." + quoted(name)
		}
	}
	return strings.Join(values, ", ")
}

// of is the condition that a row of an alias t is the organization's. COPY takes no parameters.
func (t *table) of(organization uuid.UUID) string {
	return fmt.Sprintf("t.%s = '%s'", quoted(t.owner), organization)
}

// since is the condition that a row may have been written by a transaction that was not visible when the table was copied last. Numbers of transactions wrap
// around: what is so old that it seems new is copied once more.
func (t *table) isChanged() string {
	if !t.copied {
		return "true"
	}
	return fmt.Sprintf("age(t.xmin) <= age('%d'::xid)", t.since)
}

// matches is the condition that a row of an alias t has the key of one of an alias k.
func (t *table) matches() string {
	conditions := make([]string, len(t.Keys))
	for i, key := range t.Keys {
		conditions[i] = fmt.Sprintf("t.%[1]s = k.%[1]s", quoted(key))
		if slices.Contains(t.Nullable, key) {
			conditions[i] = fmt.Sprintf("(t.%[1]s = k.%[1]s or t.%[1]s is null and k.%[1]s is null)", quoted(key))
		}
	}
	return strings.Join(conditions, " and ")
}
