package sql

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// fixSearchPath sets the search path that functions with "set search_path from current" get: this schema alone, and temporary
// tables last, so that a caller's temporary table cannot replace one of the schema.
const fixSearchPath = `select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)`

// keepRights has grants.sql and execute.sql take nothing away from the servers' roles; see takeRights.
const keepRights = `select set_config('bursar.keep_rights', 'on', true)`

// The kinds of objects in schema_objects.
const (
	kindFunction = "FUNCTION"
	kindTrigger  = "TRIGGER"
	kindPolicy   = "POLICY"
)

// applyAccessFunctions makes the functions that policies call, before the tables that need policies can be reached.
func (u *upgrade) applyAccessFunctions(ctx context.Context) error {
	return u.applyTogether(ctx, u.source.access, false)
}

// applyFunctions makes all others, and says who may do what with tables, in one transaction. A call that begins after it sees all
// of the functions as they are. One that is under way may go on with functions of both releases, which is why those that mean
// something else to each other have other names or arguments; see compatibility/README.md.
func (u *upgrade) applyFunctions(ctx context.Context) error {
	return u.applyTogether(ctx, u.source.functions, true)
}

func (u *upgrade) applyTogether(ctx context.Context, functions []function, tables bool) error {
	var changed []string
	err := u.change(ctx, "replace functions", func(tx pgx.Tx) (err error) {
		if _, err := tx.Exec(ctx, keepRights); err != nil {
			return err
		}
		if tables {
			if _, err := u.grantTables(ctx, tx); err != nil {
				return err
			}
			if err := u.addColumns(ctx, tx); err != nil {
				return err
			}
		}
		if changed, err = u.replaceFunctions(ctx, tx, functions); err != nil {
			return err
		}
		return u.grantFunctions(ctx, tx, functions)
	})
	if err != nil {
		return err
	}
	for _, identity := range changed {
		u.noteMade("function", identity)
	}
	return nil
}

// replaceFunctions makes the functions that are missing or whose statement has changed, and returns their identities. One with the
// same arguments and result as before is replaced in place: triggers and policies keep it, and no table is locked.
func (u *upgrade) replaceFunctions(ctx context.Context, tx pgx.Tx, functions []function) ([]string, error) {
	// they call each other: bodies are not checked before all are made
	if _, err := tx.Exec(ctx, `set local check_function_bodies = off`); err != nil {
		return nil, err
	}
	known, err := recorded(ctx, tx, kindFunction)
	if err != nil {
		return nil, err
	}
	existing, err := identities(ctx, tx, functions)
	if err != nil {
		return nil, err
	}
	made := map[string]bool{}
	var changed []string
	for i, f := range functions {
		identity := existing[i]
		if identity == "" || known[identity] != hash(f.statement) {
			if err := createFunction(ctx, tx, f.statement, identity); err != nil {
				return nil, fmt.Errorf("function %s: %w", f.name, err)
			}
			now, err := identities(ctx, tx, []function{f})
			if err != nil {
				return nil, err
			}
			if identity = now[0]; identity == "" {
				return nil, fmt.Errorf("function %s is not there after it was made", f.signature)
			}
			if err := u.record(ctx, tx, kindFunction, identity, f.statement); err != nil {
				return nil, err
			}
			changed = append(changed, identity)
		}
		if made[identity] {
			return nil, fmt.Errorf("function %s is made twice", identity)
		}
		made[identity] = true
	}
	return changed, nil
}

// addColumns adds the columns that shapes do not have yet.
func (u *upgrade) addColumns(ctx context.Context, tx pgx.Tx) error {
	for _, c := range u.source.columns {
		var shape, there bool
		err := tx.QueryRow(ctx, `
			select exists (select from pg_constraint s where s.conrelid = t.oid and s.conname like '%\_shape\_check'),
				exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = $2 and not a.attisdropped)
			from pg_class t where t.oid = to_regclass($1)`, c.table, c.name).Scan(&shape, &there)
		switch {
		case err != nil:
			return fmt.Errorf("column %s of %s: %w", c.name, c.table, err)
		case !shape:
			return fmt.Errorf("%s has rows: a migration adds its columns", c.table)
		case there:
			continue
		}
		if err := execute(ctx, tx, c.statement); err != nil {
			return fmt.Errorf("column %s of %s: %w", c.name, c.table, err)
		}
	}
	return nil
}

// createFunction replaces the function of an identity, or drops and creates it if it has another result or other names of
// arguments than before, which is an error while a trigger or a policy has it.
func createFunction(ctx context.Context, tx pgx.Tx, statement, identity string) error {
	err := pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return execute(ctx, tx, statement) })
	server, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || server.Code != pgerrcode.InvalidFunctionDefinition || identity == "" {
		return err
	}
	if err := execute(ctx, tx, "drop function "+identity); err != nil {
		return err
	}
	return execute(ctx, tx, statement)
}

func execute(ctx context.Context, tx pgx.Tx, statement string) error {
	_, err := tx.Exec(ctx, statement)
	return err
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// identities returns PostgreSQL's identities of the functions; "" for one that does not exist.
func identities(ctx context.Context, on querier, functions []function) ([]string, error) {
	signatures := make([]string, len(functions))
	for i, f := range functions {
		signatures[i] = f.signature
	}
	rows, err := on.Query(ctx, `
		select coalesce(to_regprocedure(quote_ident(current_schema()) || '.' || s.signature)::text, '')
		from unnest($1::text[]) with ordinality s (signature, number) order by s.number`, signatures)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// dropFunctions drops the functions that earlier releases made and this one does not have, and older signatures of functions that
// it has.
func (u *upgrade) dropFunctions(ctx context.Context) error {
	all := append(append([]function(nil), u.source.access...), u.source.functions...)
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.name
	}
	var keep, gone []string
	find := func(tx pgx.Tx) (err error) {
		if keep, err = identities(ctx, tx, all); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `
			select p.oid::regprocedure::text from pg_proc p
			where p.pronamespace = current_schema()::regnamespace and p.oid::regprocedure::text <> all ($1)
				and (p.proname = any ($2)
					or p.oid::regprocedure::text in (select o.identity from schema_objects o where o.kind = 'FUNCTION'))
			order by 1`, keep, names)
		if err != nil {
			return err
		}
		gone, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	}
	if err := u.change(ctx, "find functions to drop", find); err != nil || len(gone) == 0 {
		return err
	}
	if err := u.drain(ctx); err != nil {
		return err
	}
	err := u.change(ctx, "drop functions", func(tx pgx.Tx) error {
		if err := find(tx); err != nil {
			return err
		}
		for _, identity := range gone {
			if err := execute(ctx, tx, "drop function "+identity); err != nil {
				return fmt.Errorf("%s: %w", identity, err)
			}
		}
		_, err := tx.Exec(ctx, `delete from schema_objects where kind = 'FUNCTION' and identity <> all ($1)`, keep)
		return err
	})
	if err == nil {
		u.logger.Info("dropped functions", "functions", strings.Join(gone, " "))
	}
	return err
}

// recorded returns the hashes of a kind's objects that upgrades made, by identity.
func recorded(ctx context.Context, tx pgx.Tx, kind string) (map[string]string, error) {
	hashes := map[string]string{}
	var identity, sum string
	rows, err := tx.Query(ctx, `select identity, hash from schema_objects where kind = $1`, kind)
	if err != nil {
		return nil, err
	}
	_, err = pgx.ForEachRow(rows, []any{&identity, &sum}, func() error {
		hashes[identity] = sum
		return nil
	})
	return hashes, err
}

// record notes that an object was made by a statement.
func (u *upgrade) record(ctx context.Context, tx pgx.Tx, kind, identity, statement string) error {
	_, err := tx.Exec(ctx, `
		insert into schema_objects (kind, identity, hash, release) values ($1, $2, $3, $4)
		on conflict (kind, identity) do update set hash = excluded.hash, release = excluded.release, applied_at = excluded.applied_at`,
		kind, identity, hash(statement), u.release.Number)
	return err
}
