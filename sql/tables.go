package sql

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
)

// makeRoles makes the roles that servers act as, if the cluster does not have them. Roles that could bypass row-level security are
// an error.
func (u *upgrade) makeRoles(ctx context.Context) error {
	return u.change(ctx, "make roles", func(tx pgx.Tx) error { return u.runFile(ctx, tx, "access/role.sql") })
}

// grantTables grants tables and sequences, and tells whether that changed anything. It rolls the grants back when they change nothing,
// so that servers' caches of the catalog stay valid.
func (u *upgrade) grantTables(ctx context.Context, tx pgx.Tx) (changed bool, err error) {
	const privileges = `
		select coalesce(md5(string_agg(concat_ws(' ', t.object, t.part, a.grantor, a.grantee, a.privilege_type, a.is_grantable), ','
			order by t.object, t.part, a.grantor, a.grantee, a.privilege_type, a.is_grantable)), '')
		from (
			select n.oid as object, 0 as part, coalesce(n.nspacl, acldefault('n', n.nspowner)) as privileges
			from pg_namespace n where n.nspname = current_schema()
			union all
			select c.oid, 0, coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))
			from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind not in ('i', 'I', 'c')
			union all
			select c.oid, f.attnum, f.attacl from pg_class c join pg_attribute f on f.attrelid = c.oid
			where c.relnamespace = current_schema()::regnamespace) t
		cross join aclexplode(t.privileges) a`
	var before, after string
	if err := tx.QueryRow(ctx, privileges).Scan(&before); err != nil {
		return false, err
	}
	attempt, err := tx.Begin(ctx)
	if err != nil {
		return false, err
	}
	if err := u.runFile(ctx, attempt, "access/grants.sql"); err != nil {
		return false, err
	}
	if err := attempt.QueryRow(ctx, privileges).Scan(&after); err != nil {
		return false, err
	}
	if before == after {
		return false, attempt.Rollback(ctx)
	}
	return true, attempt.Commit(ctx)
}

// grantFunctions grants the functions. New ones, which PostgreSQL grants to public, are not visible to others before this
// transaction commits.
func (u *upgrade) grantFunctions(ctx context.Context, tx pgx.Tx, functions []function) error {
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.name
	}
	_, err := tx.Exec(ctx, `select set_config('bursar.functions', $1, true), set_config('bursar.kept_functions', $2, true)`,
		strings.Join(names, " "), strings.Join(u.source.kept, " "))
	if err != nil {
		return err
	}
	return u.runFile(ctx, tx, "access/execute.sql")
}

func (u *upgrade) runFile(ctx context.Context, tx pgx.Tx, name string) error {
	script, err := fs.ReadFile(u.release.Files, name)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, string(script)); err != nil {
		return fmt.Errorf("apply %s: %w", name, err)
	}
	return nil
}

// applyTriggers makes the triggers that are missing or whose statement has changed, and drops those that the release does not have.
// Each is done in a transaction of its own, so that at most one table is locked at a time.
func (u *upgrade) applyTriggers(ctx context.Context) error {
	known, existing, err := u.objects(ctx, kindTrigger, existingTriggers)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, t := range u.source.triggers {
		identity := t.identity()
		if wanted[identity] {
			return fmt.Errorf("trigger %s is made twice", identity)
		}
		wanted[identity] = true
		if existing[identity] && known[identity] == hash(t.statement) {
			continue
		}
		err := u.makeObject(ctx, kindTrigger, identity, t.statement, func(tx pgx.Tx) error {
			if existing[identity] && !strings.HasPrefix(strings.ToLower(t.statement), "create or replace") {
				if err := execute(ctx, tx, dropStatement(kindTrigger, identity)); err != nil {
					return err
				}
			}
			return execute(ctx, tx, t.statement)
		})
		if err != nil {
			return err
		}
	}
	return u.dropObjects(ctx, kindTrigger, known, existing, wanted)
}

// policy is one policy that the release wants on a table that is there.
type policy struct {
	Table, Name, Statement string
	Open                   bool // whether row-level security is off for the table
}

// policies returns the policies that the release wants on the database's tables.
func (r Release) policies(ctx context.Context, on querier) ([]policy, error) {
	query, err := fs.ReadFile(r.Files, "access/policies.sql")
	if err != nil {
		return nil, err
	}
	rows, err := on.Query(ctx, string(query))
	if err != nil {
		return nil, fmt.Errorf("access/policies.sql: %w", err)
	}
	policies, err := pgx.CollectRows(rows, pgx.RowToStructByName[policy])
	if err != nil {
		return nil, fmt.Errorf("access/policies.sql: %w", err)
	}
	return policies, nil
}

// existingTriggers and existingPolicies return the identities of what there is.
const (
	existingTriggers = `
		select t.tgname || ' on ' || c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid
		where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal and t.tgparentid = 0`
	existingPolicies = `
		select p.polname || ' on ' || c.relname from pg_policy p join pg_class c on c.oid = p.polrelid
		where c.relnamespace = current_schema()::regnamespace`
)

// applyPolicies enables row-level security on the tables that have policies, and makes the policies that are missing or whose
// statement has changed, a table at a time. It drops those that the release does not have.
func (u *upgrade) applyPolicies(ctx context.Context) error {
	known, existing, err := u.objects(ctx, kindPolicy, existingPolicies)
	if err != nil {
		return err
	}
	policies, err := u.release.policies(ctx, u.pool)
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, p := range policies {
		identity := p.Name + " on " + p.Table
		wanted[identity] = true
		same := existing[identity] && known[identity] == hash(p.Statement)
		if same && !p.Open {
			continue
		}
		err := u.makeObject(ctx, kindPolicy, identity, p.Statement, func(tx pgx.Tx) error {
			// does nothing if it is enabled already, as by the table's first policy
			if p.Open {
				if err := execute(ctx, tx, "alter table "+pgx.Identifier{p.Table}.Sanitize()+" enable row level security"); err != nil || same {
					return err
				}
			}
			if existing[identity] {
				if err := execute(ctx, tx, dropStatement(kindPolicy, identity)); err != nil {
					return err
				}
			}
			return execute(ctx, tx, p.Statement)
		})
		if err != nil {
			return err
		}
	}
	return u.dropObjects(ctx, kindPolicy, known, existing, wanted)
}

// objects returns the hashes of a kind's objects that upgrades made, by identity, and which objects of the kind there are.
func (u *upgrade) objects(ctx context.Context, kind, existing string) (known map[string]string, there map[string]bool, err error) {
	there = map[string]bool{}
	err = u.change(ctx, "read schema_objects", func(tx pgx.Tx) error {
		if known, err = recorded(ctx, tx, kind); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, existing)
		if err != nil {
			return err
		}
		var identity string
		_, err = pgx.ForEachRow(rows, []any{&identity}, func() error {
			there[identity] = true
			return nil
		})
		return err
	})
	return known, there, err
}

// makeObject makes one trigger or policy and records it.
func (u *upgrade) makeObject(ctx context.Context, kind, identity, statement string, apply func(tx pgx.Tx) error) error {
	kindName := strings.ToLower(kind)
	err := u.change(ctx, kindName+" "+identity, func(tx pgx.Tx) error {
		if err := apply(tx); err != nil {
			return err
		}
		return u.record(ctx, tx, kind, identity, statement)
	})
	if err == nil {
		u.noteMade(kindName, identity)
	}
	return err
}

// dropObjects drops the triggers or policies that upgrades made and the release has no more.
func (u *upgrade) dropObjects(ctx context.Context, kind string, known map[string]string, existing, wanted map[string]bool) error {
	for identity := range known {
		if wanted[identity] {
			continue
		}
		what := strings.ToLower(kind) + " " + identity
		err := u.change(ctx, "drop "+what, func(tx pgx.Tx) error {
			if existing[identity] {
				if err := execute(ctx, tx, dropStatement(kind, identity)); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `delete from schema_objects where kind = $1 and identity = $2`, kind, identity)
			return err
		})
		if err != nil {
			return err
		}
		u.logger.Info("dropped the " + what)
	}
	return nil
}

// dropStatement drops a trigger or a policy.
func dropStatement(kind, identity string) string {
	name, table, _ := strings.Cut(identity, " on ")
	return "drop " + strings.ToLower(kind) + " " + pgx.Identifier{name}.Sanitize() + " on " + pgx.Identifier{table}.Sanitize()
}
