package dbtest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// kept is what stays in a database when its rows are deleted, and what must not differ then.
type kept struct {
	transaction string   // the last one before the first test; "": the login may not look, as it is no superuser
	tables      []string // that have rows, with their names as SQL has them
	sequences   []string // that have been used
	what        string   // the catalogs' numbers of rows, and of those that are newer than the transaction; what is in the tables and sequences; settings
	size        int64    // in bytes
}

// same tells whether nothing but rows differs from what there was at first.
func (k kept) same(first kept) bool {
	return k.what == first.what && k.size <= first.size+mostGrowth
}

// catalogs hold what statements other than those on rows change, and the planner's statistics.
var catalogs = []string{"pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_proc", "pg_trigger", "pg_policy", "pg_type", "pg_enum",
	"pg_rewrite", "pg_namespace", "pg_default_acl", "pg_event_trigger", "pg_extension", "pg_statistic", "pg_largeobject_metadata"}

// userTables are the tables that are no catalogs.
const userTables = `pg_class c where c.relkind = 'r' and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`

// look returns what stays in a database that no test has used.
func look(ctx context.Context, pool *pgxpool.Pool) (k kept, err error) {
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return k, err
	}
	defer connection.Release()
	if connection.Conn().PgConn().ParameterStatus("is_superuser") != "on" {
		return k, nil
	}
	var filled []string
	err = connection.QueryRow(ctx, `select pg_current_xact_id()::text,
			array(select c.oid::regclass::text from `+userTables+` and pg_relation_size(c.oid) > 0 order by 1),
			array(select format('%I.%I', schemaname, sequencename) from pg_sequences where last_value is not null order by 1)`).
		Scan(&k.transaction, &filled, &k.sequences)
	if err != nil {
		return k, err
	}
	for _, table := range filled { // some have pages and no rows
		var hasRows bool
		if err := connection.QueryRow(ctx, `select exists (select from `+table+`)`).Scan(&hasRows); err != nil {
			return k, err
		}
		if hasRows {
			k.tables = append(k.tables, table)
		}
	}
	return k.now(ctx, connection.Conn())
}

// now returns what there is.
func (k kept) now(ctx context.Context, connection *pgx.Conn) (kept, error) {
	var numbers []string
	for _, catalog := range catalogs {
		numbers = append(numbers, `(select count(*) || '/' || count(*) filter (where age(xmin) < age($1::text::xid)) from `+catalog+`)`)
	}
	for _, table := range k.tables {
		numbers = append(numbers, `(select md5(string_agg(x::text, '' order by x::text)) from `+table+` x)`)
	}
	for _, sequence := range k.sequences {
		numbers = append(numbers, `(select last_value from `+sequence+`)`)
	}
	err := connection.QueryRow(ctx, `select concat_ws(' ', (select count(*) from pg_class where reltuples >= 0),
			(select count(*) from pg_db_role_setting where setdatabase = d.oid), (select count(*) from pg_prepared_xacts where database = d.datname),
			`+strings.Join(numbers, ", ")+`),
			pg_database_size(d.oid)
		from pg_database d where d.datname = current_database()`, k.transaction).Scan(&k.what, &k.size)
	return k, err
}

// empty deletes all rows but those that were there from the start, and has the sequences begin anew.
func (k kept) empty(ctx context.Context, connection *pgx.Conn) error {
	_, err := connection.PgConn().Exec(ctx, fmt.Sprintf(`do $do$
		declare
			name text;
		begin
			set local session_replication_role = replica; -- no triggers
			for name in select c.oid::regclass from %s and pg_relation_size(c.oid) > 0 loop
				if name <> all (%s) then
					execute 'delete from only ' || name;
				end if;
			end loop;
			for name in select format('%%I.%%I', schemaname, sequencename) from pg_sequences where last_value is not null loop
				if name <> all (%s) then
					perform setval(name, (select seqstart from pg_sequence where seqrelid = name::regclass), false);
				end if;
			end loop;
		end $do$`, userTables, textArray(k.tables), textArray(k.sequences))).ReadAll()
	return err
}

// textArray returns texts as an array in SQL.
func textArray(texts []string) string {
	quoted := slices.Clone(texts)
	for i, text := range quoted {
		quoted[i] = "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return "array[" + strings.Join(quoted, ", ") + "]::text[]"
}
