package litellm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"bursar/importer"
)

// ReadDatabase reads LiteLLM's PostgreSQL, in one snapshot and without writing. It reads rows as JSON, so that columns may be there or not.
func ReadDatabase(ctx context.Context, url string) (s *Source, err error) {
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("connect to LiteLLM's database: %w", err)
	}
	defer func() { _ = connection.Close(context.WithoutCancel(ctx)) }()
	s = &Source{Zoneless: true}
	err = pgx.BeginTxFunc(ctx, connection, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if there, err := isTable(ctx, tx, "LiteLLM_VerificationToken"); err != nil || !there {
			return cmp.Or(err, errors.New("there is no table LiteLLM_VerificationToken: is it LiteLLM's database, and its schema in search_path?"))
		}
		for _, table := range []struct {
			name string
			rows *[]map[string]any
		}{{"LiteLLM_VerificationToken", &s.Keys}, {"LiteLLM_TeamTable", &s.Teams}, {"LiteLLM_OrganizationTable", &s.Organizations}, {"LiteLLM_BudgetTable", &s.Budgets}} {
			if *table.rows, err = rowsOf(ctx, tx, table.name); err != nil {
				return fmt.Errorf("read %s: %w", table.name, err)
			}
		}
		return s.readUntaken(ctx, tx)
	})
	return s, err
}

func isTable(ctx context.Context, tx pgx.Tx, name string) (there bool, err error) {
	err = tx.QueryRow(ctx, `select to_regclass(quote_ident($1)) is not null`, name).Scan(&there)
	return there, err
}

// rowsOf returns the rows of a table; none when there is no such table, as in older versions.
func rowsOf(ctx context.Context, tx pgx.Tx, name string) ([]map[string]any, error) {
	if there, err := isTable(ctx, tx, name); err != nil || !there {
		return nil, err
	}
	rows, err := tx.Query(ctx, fmt.Sprintf(`select to_jsonb(t) from %s t`, pgx.Identifier{name}.Sanitize()))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (object map[string]any, err error) {
		var text []byte
		if err := row.Scan(&text); err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		return object, decoder.Decode(&object)
	})
}

// readUntaken counts rows with limits that nothing becomes of.
func (s *Source) readUntaken(ctx context.Context, tx pgx.Tx) error {
	for _, table := range []struct{ name, what, limited string }{
		{"LiteLLM_UserTable", "users", `t.max_budget is not null or t.tpm_limit is not null or t.rpm_limit is not null`},
		{"LiteLLM_EndUserTable", "end users", `t.budget_id is not null`},
		{"LiteLLM_TeamMembership", "members of teams", `t.budget_id is not null`},
		{"LiteLLM_OrganizationMembership", "members of organizations", `t.budget_id is not null`},
		{"LiteLLM_TagTable", "tags", `t.budget_id is not null`},
		{"LiteLLM_ProjectTable", "projects", `t.budget_id is not null`},
	} {
		there, err := isTable(ctx, tx, table.name)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		var number int
		if err := tx.QueryRow(ctx, fmt.Sprintf(`select count(*) from %s t where %s`, pgx.Identifier{table.name}.Sanitize(), table.limited)).Scan(&number); err != nil {
			return fmt.Errorf("read %s: %w", table.name, err)
		}
		if number > 0 {
			s.Untaken = append(s.Untaken, importer.Line{Level: importer.Lost, Object: fmt.Sprintf("%d %s", number, table.what), Field: table.name,
				Message: "limits of users, end users, members, tags and projects are left out: make policies by metadata"})
		}
	}
	return nil
}
