package test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// schemaQuery describes everything of a schema by name, but the partitions of the ledger, which go with the months.
const schemaQuery = `
with relations as (
  select c.* from pg_class c where c.relnamespace = 'public'::regnamespace and not c.relispartition)
select 'relation ' || c.relname, concat_ws(' ', c.relkind, c.relrowsecurity, c.reloptions, c.relpersistence)
from relations c where c.relkind <> 'i'
union all
select 'column ' || c.relname || '.' || a.attname,
  concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated, a.attidentity, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum))
from relations c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relkind in ('r', 'p', 'v', 'c')
union all
select 'constraint ' || s.conname || ' on ' || c.relname, pg_get_constraintdef(s.oid)
from pg_constraint s join relations c on c.oid = s.conrelid where s.contype <> 't'
union all
select 'index ' || i.relname, pg_get_indexdef(x.indexrelid)
from pg_index x join relations c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
union all
select 'trigger ' || g.tgname || ' on ' || c.relname, concat_ws(' ', pg_get_triggerdef(g.oid), g.tgenabled)
from pg_trigger g join relations c on c.oid = g.tgrelid where not g.tgisinternal
union all
select 'policy ' || p.polname || ' on ' || c.relname,
  concat_ws(' ', p.polcmd, p.polpermissive, (select string_agg(r::regrole::text, ',' order by r::regrole::text) from unnest(p.polroles) r),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
from pg_policy p join relations c on c.oid = p.polrelid
union all
select 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace = 'public'::regnamespace
union all
select 'enumeration ' || t.typname, string_agg(e.enumlabel, ' ' order by e.enumsortorder)
from pg_type t join pg_enum e on e.enumtypid = t.oid where t.typnamespace = 'public'::regnamespace group by t.oid
union all
select concat('privilege of ', a.grantee::regrole, ' on ', o.name, ' to ', a.privilege_type), concat(a.is_grantable)
from (
  select 'function ' || p.oid::regprocedure, coalesce(p.proacl, acldefault('f', p.proowner)) from pg_proc p where p.pronamespace = 'public'::regnamespace
  union all
  select c.relname, coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) from relations c where c.relkind not in ('i', 'I', 'c')
  union all
  select c.relname || '.' || a.attname, a.attacl from relations c join pg_attribute a on a.attrelid = c.oid where a.attacl is not null
  union all
  select 'schema', coalesce(n.nspacl, acldefault('n', n.nspowner)) from pg_namespace n where n.nspname = 'public') o (name, privileges)
cross join aclexplode(o.privileges) a`

// shapesQuery describes what functions answer with: composite types, and tables that never have a row.
const shapesQuery = `
select case c.relkind when 'c' then 'type ' else 'table ' end || c.relname, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and (c.relkind = 'c'
  or exists (select from pg_constraint s where s.conrelid = c.oid and s.conname like '%\_shape\_check'))
group by c.oid`

// functionsQuery describes functions: PostgreSQL's number of each, which is another one after it was dropped and made again.
const functionsQuery = `select p.oid::regprocedure::text, p.oid::text from pg_proc p where p.pronamespace = 'public'::regnamespace`

// describe returns what a query says of a schema: names, and what each is.
func describe(t *testing.T, pool *pgxpool.Pool, query string) map[string]string {
	t.Helper()
	rows, err := pool.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	var name, what string
	if _, err := pgx.ForEachRow(rows, []any{&name, &what}, func() error {
		all[name] = what
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("the query describes nothing")
	}
	return all
}

// compareSchemas wants two databases to have the same schema.
func compareSchemas(t *testing.T, one, other *pgxpool.Pool) {
	t.Helper()
	differ(t, "the schema's", describe(t, other, schemaQuery), describe(t, one, schemaQuery))
}

// differ fails the test for each difference.
func differ(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s %s is\n%s\nand must be\n%s", what, name, got[name], want[name])
		}
	}
	for name := range got {
		if _, wanted := want[name]; !wanted {
			t.Errorf("%s %s is there and must not be", what, name)
		}
	}
}

// describeStatements returns the types of parameters and results of statements by name, or why one cannot be prepared.
func describeStatements(t *testing.T, on *pgx.Conn, statements map[string]string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, statement := range statements {
		prepared, err := on.Prepare(t.Context(), "", statement)
		if err != nil {
			all[name] = err.Error()
			continue
		}
		text := fmt.Sprint("parameters ", prepared.ParamOIDs, ", result")
		for _, field := range prepared.Fields {
			text += fmt.Sprintf(" %s %d", field.Name, field.DataTypeOID)
		}
		all[name] = text
	}
	return all
}
