package sql

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// LackingOf returns what a database with this binary's schema lacks of it; see [Release.LackingOf].
func LackingOf(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	return ThisRelease().LackingOf(ctx, pool)
}

// LackingOf returns, in words, what a database with the release's schema lacks of it: nothing, unless it was restored from a dump into
// a cluster without the roles of servers, which takes policies and grants along, or somebody has dropped something. Up makes it again.
// Every login may ask.
func (r Release) LackingOf(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	source, err := r.source()
	if err != nil {
		return nil, err
	}
	var lacking []string
	roles, err := texts(ctx, pool, `
		select r.name from unnest(array['bursar_server', 'bursar_authenticator', 'bursar_operator']) r (name)
		where not exists (select from pg_roles p where p.rolname = r.name)`)
	if err != nil {
		return nil, err
	}
	lacking = append(lacking, counted("role", roles)...)
	functions := append(append([]function(nil), source.access...), source.functions...)
	found, err := identities(ctx, pool, functions)
	if err != nil {
		return nil, err
	}
	var missing []string
	for i, identity := range found {
		if identity == "" {
			missing = append(missing, functions[i].signature)
		}
	}
	lacking = append(lacking, counted("function", missing)...)

	triggers := make([]string, len(source.triggers))
	for i, t := range source.triggers {
		triggers[i] = t.identity()
	}
	if missing, err = missingOf(ctx, pool, existingTriggers, triggers); err != nil {
		return nil, err
	}
	lacking = append(lacking, counted("trigger", missing)...)

	policies, err := r.policies(ctx, pool)
	if err != nil {
		return nil, err
	}
	names, open := make([]string, len(policies)), map[string]bool{}
	for i, p := range policies {
		names[i] = p.Name + " on " + p.Table
		if p.Open && !open[p.Table] {
			open[p.Table] = true
			lacking = append(lacking, "row-level security on "+p.Table)
		}
	}
	if missing, err = missingOf(ctx, pool, existingPolicies, names); err != nil {
		return nil, err
	}
	lacking = append(lacking, counted("policy", missing)...)
	if len(roles) > 0 {
		return lacking, nil // without roles there are no grants
	}
	grants, err := texts(ctx, pool, `
		select g.role || '''s on ' || g.name
		from (values ('bursar_server', 'organizations'), ('bursar_server', 'goose_db_version'), ('bursar_authenticator', 'members'),
			('bursar_operator', 'jobs')) g (role, name)
		where not has_any_column_privilege(g.role, g.name, 'SELECT')
		union all
		select 'bursar_server''s on ' || p.oid::regprocedure from pg_proc p
		where p.pronamespace = current_schema()::regnamespace and p.proname in ('reserve_usage', 'record_usage')
			and not has_function_privilege('bursar_server', p.oid, 'EXECUTE')`)
	if err != nil {
		return nil, err
	}
	return append(lacking, counted("grant", grants)...), nil
}

// LackingError is the error for what a database lacks; nil if that is nothing.
func LackingError(lacking []string) error {
	if len(lacking) == 0 {
		return nil
	}
	return fmt.Errorf("the database lacks %s, as after a restore into another cluster: run bursar migrate up", strings.Join(lacking, ", "))
}

// missingOf returns the wanted names that a query of one column does not.
func missingOf(ctx context.Context, on querier, query string, wanted []string) ([]string, error) {
	found, err := texts(ctx, on, query)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, name := range found {
		there[name] = true
	}
	var missing []string
	for _, name := range wanted {
		if !there[name] {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// counted returns what is missing of a kind, in words: the names of up to three, else how many they are and the first.
func counted(kind string, names []string) []string {
	switch {
	case len(names) == 0:
		return nil
	case len(names) > 3:
		return []string{fmt.Sprintf("%d of its %s (%s and others)", len(names), plural(kind), names[0])}
	case len(names) > 1:
		return []string{"the " + plural(kind) + " " + strings.Join(names, ", ")}
	}
	return []string{"the " + kind + " " + names[0]}
}

func plural(kind string) string {
	if stem, y := strings.CutSuffix(kind, "y"); y {
		return stem + "ies"
	}
	return kind + "s"
}

// texts returns the values of a query of one column.
func texts(ctx context.Context, on querier, query string) ([]string, error) {
	rows, err := on.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
