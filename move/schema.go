package move

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"bursar/db"
)

// schemaOf is what two databases must have alike.
type schemaOf struct {
	release      int32
	fingerprint  string
	identity     *string
	installed    *uuid.UUID
	incarnation  *uuid.UUID
	moves        *int64
	mayReplicate bool
}

const askSchema = `
	select s.number, s.fingerprint, i.name, i.installation, i.incarnation, i.moves, has_parameter_privilege(current_user, 'session_replication_role', 'SET') and acts_as_owner()
	from schema_release s left join cell_identity i on true`

func readSchema(ctx context.Context, cell Cell) (s schemaOf, err error) {
	err = cell.Pool.QueryRow(ctx, askSchema).Scan(&s.release, &s.fingerprint, &s.identity, &s.installed, &s.incarnation, &s.moves, &s.mayReplicate)
	if err != nil {
		err = fmt.Errorf("read the schema of %s: %w", cell.Name, err)
	}
	return s, err
}

// checkSchemas refuses databases whose rows have other forms, and those that are not what they are taken for.
func (m *Move) checkSchemas(ctx context.Context, known map[string]*db.Cell) error {
	source, err := readSchema(ctx, m.Source)
	if err != nil {
		return err
	}
	target, err := readSchema(ctx, m.Target)
	if err != nil {
		return err
	}
	for name, s := range map[string]schemaOf{m.Source.Name: source, m.Target.Name: target} {
		switch {
		case s.identity == nil || *s.identity != name:
			return refused("the database that is named %s says that it is %s: correct BURSAR_CELLS, or add it with bursar cells add", name, spelled(s.identity))
		case *s.incarnation != known[name].Incarnation || *s.moves < known[name].Moves:
			return refused("the database of %s was restored to an earlier time, or is one that was replaced: bursar cells open %[1]s says what to do", name)
		case !s.mayReplicate:
			return refused("the login in %s may not set session_replication_role, or does not own the tables: connect as their owner, and have an administrator "+
				"grant set on parameter session_replication_role to it", name)
		}
	}
	if *source.installed != *target.installed {
		return refused("%s and %s are of two installations", m.Source.Name, m.Target.Name)
	}
	if source.release != target.release || source.fingerprint != target.fingerprint {
		return refused("%s has the schema of release %d (%.12s), %s that of release %d (%.12s): run bursar migrate up for both", m.Source.Name, source.release,
			source.fingerprint, m.Target.Name, target.release, target.fingerprint)
	}
	from, err := tablesOf(ctx, m.Source.Pool)
	if err != nil {
		return err
	}
	into, err := tablesOf(ctx, m.Target.Pool)
	if err != nil {
		return err
	}
	if names := differ(from, into); len(names) > 0 {
		return refused("%s and %s have other columns of %s, of the same release %d: make them the same first", m.Source.Name, m.Target.Name, strings.Join(names, ", "), source.release)
	}
	m.tables = from
	return nil
}

func spelled(name *string) string {
	if name == nil {
		return "no cell"
	}
	return *name
}
