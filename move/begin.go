package move

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/id"
)

// RefusedError is a move that would not begin; nothing was changed.
type RefusedError struct{ Reason string }

// Error implements [error].
func (e *RefusedError) Error() string { return e.Reason }

func refused(format string, arguments ...any) error {
	return &RefusedError{fmt.Sprintf(format, arguments...)}
}

// Begin returns the move of an organization, by its slug or its id (org_…), to a cell: a new one, which is not begun before Run, or the one that has not
// ended. A [RefusedError] says why there is none.
func (c *Cells) Begin(ctx context.Context, named, to string) (*Move, error) {
	m, entry, err := c.find(ctx, named)
	if err != nil {
		return nil, err
	}
	from := entry.Cell
	if m.begun != nil {
		from = m.begun.Source
		if to != m.begun.Target {
			return nil, refused("%s is being moved from %s to %s: end that with --to %s, or undo it with --to %s --abort", m.Slug, from, m.begun.Target, m.begun.Target, m.begun.Target)
		}
	} else if from == to {
		return nil, refused("%s is in %s already", m.Slug, to)
	}
	if m.Source, err = c.named(from); err != nil {
		return nil, err
	}
	if m.Target, err = c.named(to); err != nil {
		return nil, err
	}
	if err := m.check(ctx, entry); err != nil {
		return nil, err
	}
	if m.plan, err = m.planned(ctx); err != nil {
		return nil, err
	}
	return m, nil
}

// Plan returns what is there to be moved.
func (m *Move) Plan() *Plan { return m.plan }

// Resumes tells whether the move was begun before.
func (m *Move) Resumes() bool { return m.begun != nil }

// find looks an organization up in the directory, and its move that has not ended.
func (c *Cells) find(ctx context.Context, named string) (*Move, *db.OrganizationCell, error) {
	params := &db.FindCellOfParams{Slug: &named}
	if prefix, parsed, ok := id.Parse(named); ok && prefix == id.Organization {
		params = &db.FindCellOfParams{OrganizationID: &parsed}
	}
	entry, err := db.New().FindCellOf(ctx, c.Home, params)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil, refused("the directory has no organization %q", named)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("look into the directory: %w", err)
	}
	if entry.ClaimedAt != nil {
		return nil, nil, refused("%s is being made; try again when it is", named)
	}
	m := &Move{Organization: entry.OrganizationID, Slug: entry.Slug, home: c.Home}
	if err := m.findOpen(ctx, c.Home); err != nil {
		return nil, nil, fmt.Errorf("look for a move of it: %w", err)
	}
	return m, entry, nil
}

// check refuses a move that cannot succeed, or that somebody must decide on first.
func (m *Move) check(ctx context.Context, entry *db.OrganizationCell) error {
	cells, err := db.New().FindCells(ctx, m.home)
	if err != nil {
		return fmt.Errorf("read the cells: %w", err)
	}
	known := map[string]*db.Cell{}
	for _, cell := range cells {
		known[cell.Name] = cell
	}
	target := known[m.Target.Name]
	switch {
	case target == nil:
		return refused("home knows no cell %s: add it with bursar cells add", m.Target.Name)
	case known[m.Source.Name] == nil:
		return refused("home knows no cell %s: add it with bursar cells add", m.Source.Name)
	case m.begun != nil: // it has begun, and is to end
	case target.State != db.CellStateOPEN:
		return refused("%s is %s and takes no organizations: bursar cells open %s", m.Target.Name, target.State, m.Target.Name)
	case entry.Region != nil && (target.Region == nil || *target.Region != *entry.Region):
		return refused("%s must not leave the region %s, and %s is not in it", m.Slug, *entry.Region, m.Target.Name)
	}
	if err := m.checkSchemas(ctx, known); err != nil {
		return err
	}
	return m.checkTarget(ctx)
}

// checkTarget refuses where who decides is not as it should be, and what would be in the way in the target.
func (m *Move) checkTarget(ctx context.Context) error {
	var source, target *db.Residence
	for cell, into := range map[*Cell]**db.Residence{&m.Source: &source, &m.Target: &target} {
		err := cell.Pool.QueryRow(ctx, `select (select o.residence from organizations o where o.id = $1)`, m.Organization).Scan(into)
		if err != nil {
			return fmt.Errorf("ask %s who decides: %w", cell.Name, err)
		}
	}
	decides := func(r *db.Residence) bool { return r != nil && *r == db.ResidenceHERE }
	switch {
	case source == nil:
		return refused("%s has no row of %s, where the directory says that it is: bursar cells open says what to do", m.Source.Name, m.Slug)
	case decides(source) && decides(target):
		return refused("%s and %s both decide for %s: bursar cells open says what to do", m.Source.Name, m.Target.Name, m.Slug)
	case m.begun == nil && !decides(source):
		return refused("%s does not decide for %s, it is %s there: bursar cells open says what to do", m.Source.Name, m.Slug, *source)
	case decides(target):
		return nil
	}
	inTheWay := map[string]string{}
	var slug *string
	if err := m.Target.Pool.QueryRow(ctx, `select (select o.id::text from organizations o where o.slug = $1 and o.id <> $2)`, m.Slug, m.Organization).Scan(&slug); err != nil {
		return err
	}
	if slug != nil {
		inTheWay["the slug"] = *slug
	}
	imported, err := m.importedElsewhere(ctx)
	if err != nil {
		return err
	}
	if imported != "" {
		inTheWay["what was imported"] = imported
	}
	for _, what := range slices.Sorted(keysOf(inTheWay)) {
		return refused("%s of %s is another organization's in %s (%s): if that has moved away, bursar move purge frees it", what, m.Slug, m.Target.Name, inTheWay[what])
	}
	return nil
}

func keysOf(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

// importedElsewhere returns an object of another system that is imported into both: there is one of it in a database.
func (m *Move) importedElsewhere(ctx context.Context) (object string, err error) {
	var objects []byte
	err = m.Source.Pool.QueryRow(ctx, `select coalesce(jsonb_agg(jsonb_build_object('source', i.source, 'kind', i.kind, 'external_id', i.external_id)), '[]')
		from imported_objects i where i.organization_id = $1`, m.Organization).Scan(&objects)
	if err != nil {
		return "", err
	}
	err = m.Target.Pool.QueryRow(ctx, `select coalesce((select concat_ws(' ', i.source, i.kind, i.external_id)
		from jsonb_populate_recordset(null::imported_objects, $1) o join imported_objects i using (source, kind, external_id)
		where i.organization_id <> $2 limit 1), '')`, objects, m.Organization).Scan(&object)
	return object, err
}
