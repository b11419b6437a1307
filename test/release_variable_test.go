package test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/sql"
)

// A column that a migration adds has the name of no variable of a function of the last release that uses its table: until functions are replaced,
// servers of both releases call the old ones, which PostgreSQL would refuse because the name is ambiguous.
func TestNewColumnsAreNoOldVariables(t *testing.T) {
	t.Parallel()
	for _, r := range storedReleases(t) {
		if r.number < sql.ThisRelease().Oldest || r.number == sql.ThisRelease().Number {
			continue
		}
		_, old := r.restore(t)
		had, variables := columnNames(t, old), 0
		functions := rowsOf[struct{ Name, Source string }](t, old, `select p.proname, p.prosrc from pg_proc p join pg_language l on l.oid = p.prolang
			where p.pronamespace = 'public'::regnamespace and l.lanname = 'plpgsql'`)
		now := columnNames(t, postgres.New(t))
		for _, f := range functions {
			for _, name := range variablesOf(f.Source) {
				variables++
				for table, columns := range now {
					if columns[name] && had[table] != nil && !had[table][name] && regexp.MustCompile(`\b`+table+`\b`).MatchString(f.Source) {
						t.Errorf("release %d: %s has a variable %s, and uses %s, which has a column of that name now", r.number, f.Name, name, table)
					}
				}
			}
		}
		if len(functions) == 0 || variables < len(functions)/2 {
			t.Errorf("release %d: %d variables in %d functions: the test has looked at nothing", r.number, variables, len(functions))
		}
	}
}

// variablesOf returns the names that a function's text declares.
func variablesOf(source string) (names []string) {
	_, declared, found := strings.Cut(source, "declare\n")
	if !found {
		return nil
	}
	declared, _, _ = strings.Cut(declared, "\nbegin")
	for _, line := range regexp.MustCompile(`(?m)^  (\w+) `).FindAllStringSubmatch(declared, -1) {
		names = append(names, line[1])
	}
	return names
}

// columnNames returns the columns of each table that may have rows.
func columnNames(t *testing.T, pool *pgxpool.Pool) map[string]map[string]bool {
	t.Helper()
	tables := map[string]map[string]bool{}
	for _, c := range rowsOf[struct{ Table, Name string }](t, pool, `select c.relname, a.attname from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`) {
		if tables[c.Table] == nil {
			tables[c.Table] = map[string]bool{}
		}
		tables[c.Table][c.Name] = true
	}
	return tables
}

// rowsOf returns the rows of a query, by position.
func rowsOf[V any](t *testing.T, pool *pgxpool.Pool, query string) []V {
	t.Helper()
	rows, err := pool.Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[V])
	if err != nil {
		t.Fatal(err)
	}
	return all
}
