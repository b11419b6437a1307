package sql

import (
	"slices"
	"testing"
)

// A script is split at the semicolons between its statements, and only comments outside of literals are left out.
func TestStatements(t *testing.T) {
	t.Parallel()
	for script, want := range map[string][]string{
		"":                               nil,
		" ;\n-- nothing;\n/* ; */ ;":     nil,
		"select 1; select 2":             {"select 1", "select 2"},
		"-- why\nselect 1 -- one;\n, 2;": {"select 1 \n, 2"},
		"select /* a ' and ; */ 1;":      {"select  1"},
		"select ';', 'it''s; -- no', \"a;\"\"b\"; select 2":                            {`select ';', 'it''s; -- no', "a;""b"`, "select 2"},
		"do $$ begin; -- kept\nend $$; do $body_1$ $$ ; $a$ $body_1$; select $1, a$b$": {"do $$ begin; -- kept\nend $$", "do $body_1$ $$ ; $a$ $body_1$", "select $1, a$b$"},
	} {
		if got, err := statements(script); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q has the statements %q, %v, want %q", script, got, err, want)
		}
	}
	for _, script := range []string{"select 'a", `select "a`, "do $$ begin", "/* a", "do $a$ $b$"} {
		if got, err := statements(script); err == nil {
			t.Errorf("%q has the statements %q, want an error", script, got)
		}
	}
}

// A function is known by the types of the arguments that it is called with, whatever their names, modes and defaults.
func TestArgumentTypes(t *testing.T) {
	t.Parallel()
	for list, want := range map[string][]string{
		"()":  {},
		"( )": {},
		"(a integer, p_b text[] default null, c numeric(10, 2)) returns text": {"integer", "text[]", "numeric(10, 2)"},
		"(at timestamp with time zone default clock_timestamp(), b text DEFAULT 'a, b)', c text = ')')": {
			"timestamp with time zone", "text", "text"},
		"(in a uuid, out b uuid, inout c bigint,\n  variadic d text[])": {"uuid", "bigint", "text[]"},
		"(a public.limits, default_value double precision)":             {"public.limits", "double precision"},
	} {
		if got, err := argumentTypes(list); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has the types %q, %v, want %q", list, got, err, want)
		}
	}
	for _, list := range []string{"(a integer", "(integer)", "(a integer,, b text", "(a text default '"} {
		if got, err := argumentTypes(list); err == nil {
			t.Errorf("%s has the types %q, want an error", list, got)
		}
	}
}
