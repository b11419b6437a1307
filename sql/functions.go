package sql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"strings"

	"github.com/jackc/pgx/v5"
)

// fixSearchPath is the search path that a function keeps which says "set search_path from current": this schema alone, and
// temporary tables last, so that nobody can put a table of their own before ours.
const fixSearchPath = `select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)`

// dropFunctions drops every form of the named functions, so that one whose arguments or result changed leaves no older form
// behind. Triggers keep theirs, which has no arguments; nothing else holds on to a function.
const dropFunctions = `
do $$
declare
  old regprocedure;
begin
  for old in
    select p.oid from pg_proc p
    where p.pronamespace = current_schema()::regnamespace and p.prorettype <> 'trigger'::regtype
      and p.proname = any (string_to_array(current_setting('bursar.functions'), ' '))
  loop
    execute 'drop function ' || old;
  end loop;
end
$$`

// functions returns all functions as one script, their names, and the script's hash.
func functions() (script string, names []string, hash string) {
	var all strings.Builder
	paths, err := fs.Glob(files, "functions/*/*.sql")
	if err != nil {
		panic(err) // the pattern is well-formed
	}
	for _, file := range paths {
		names = append(names, strings.TrimSuffix(path.Base(file), ".sql"))
		all.WriteString(text(file))
		all.WriteByte('\n')
	}
	sum := sha256.Sum256([]byte(all.String()))
	return all.String(), names, hex.EncodeToString(sum[:])
}

// text returns the text of an embedded file.
func text(name string) string {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(content)
}

// applyFunctions replaces all functions when any of them differs from what was applied, says who may do what, and makes the
// ledger's next partitions, in one transaction.
func applyFunctions(ctx context.Context, connection *pgx.Conn, logger *slog.Logger) error {
	script, names, hash := functions()
	return pgx.BeginFunc(ctx, connection, func(tx pgx.Tx) error {
		var applied string
		err := tx.QueryRow(ctx, `select hash from schema_functions`).Scan(&applied)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		if _, err := tx.Exec(ctx, `select set_config('bursar.functions', $1, true)`, strings.Join(names, " ")); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, fixSearchPath); err != nil {
			return err
		}
		if applied != hash {
			if err := replaceFunctions(ctx, tx, script, hash); err != nil {
				return err
			}
			logger.Info("applied functions", "hash", hash[:12])
		}
		if err := applyAccess(ctx, tx); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `select create_usage_partitions(1)`)
		return err
	})
}

func replaceFunctions(ctx context.Context, tx pgx.Tx, script, hash string) error {
	// they call each other: bodies are looked at when they run
	if _, err := tx.Exec(ctx, `set local check_function_bodies = off`); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, dropFunctions); err != nil {
		return fmt.Errorf("drop the functions of another version: %w", err)
	}
	if _, err := tx.Exec(ctx, script); err != nil {
		return fmt.Errorf("apply functions: %w", err)
	}
	if _, err := tx.Exec(ctx, `delete from schema_functions`); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `insert into schema_functions (hash) values ($1)`, hash)
	return err
}

// applyAccess makes the roles that servers act as, if the cluster has none, and says what they may do and see.
func applyAccess(ctx context.Context, tx pgx.Tx) error {
	for _, name := range []string{"role", "policies", "grants"} {
		if _, err := tx.Exec(ctx, text("access/"+name+".sql")); err != nil {
			return fmt.Errorf("apply access/%s.sql: %w", name, err)
		}
	}
	return nil
}
