package identity

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/cells"
)

// Database is a cell of an installation, reached by a pool that asks whatever it is.
type Database struct {
	Name string
	Pool *pgxpool.Pool
}

// place is what one database says of an organization.
type place struct {
	residence  db.Residence
	generation int32
}

// whereabouts is what all databases say of one organization.
type whereabouts struct {
	id     uuid.UUID
	slug   string
	entry  *db.OrganizationCell // of the directory; nil: it has none
	places map[string]place     // by the names of the databases that have a row of it
}

// survey is what the directory and all databases say.
type survey struct {
	organizations map[uuid.UUID]*whereabouts
}

func (s *survey) of(id uuid.UUID) *whereabouts {
	w := s.organizations[id]
	if w == nil {
		w = &whereabouts{id: id, places: map[string]place{}}
		s.organizations[id] = w
	}
	return w
}

// takeSurvey asks all of them, batch by batch, home first among the databases. The directory comes before them: of what is made meanwhile it has no entry
// yet, and no entry is without a row for that.
func takeSurvey(ctx context.Context, databases []Database) (*survey, error) {
	s := &survey{organizations: map[uuid.UUID]*whereabouts{}}
	for after := uuid.Nil; ; {
		rows, err := db.New().ListDirectory(ctx, databases[0].Pool, &db.ListDirectoryParams{AfterID: after, Number: directoryBatch})
		if err != nil {
			return nil, fmt.Errorf("read the directory: %w", db.Fault(err))
		}
		for _, row := range rows {
			w := s.of(row.OrganizationID)
			w.slug, w.entry = row.Slug, row
		}
		if len(rows) < directoryBatch {
			break
		}
		after = rows[len(rows)-1].OrganizationID
	}
	for _, d := range databases {
		if err := s.readDatabase(ctx, d); err != nil {
			return nil, fmt.Errorf("read the organizations of the cell %s: %w", d.Name, db.Fault(err))
		}
	}
	return s, nil
}

// readDatabase reads what one database says. What has moved away may have another slug there.
func (s *survey) readDatabase(ctx context.Context, d Database) error {
	for after := uuid.Nil; ; {
		rows, err := db.New().ListResidences(ctx, d.Pool, &db.ListResidencesParams{AfterID: after, Number: directoryBatch})
		if err != nil {
			return err
		}
		for _, row := range rows {
			w := s.of(row.ID)
			w.places[d.Name] = place{row.Residence, row.ResidenceGeneration}
			if w.entry == nil && (w.slug == "" || row.Residence == db.ResidenceHERE) {
				w.slug = row.Slug
			}
		}
		if len(rows) < directoryBatch {
			return nil
		}
		after = rows[len(rows)-1].ID
	}
}

// here returns the databases that say that they decide for an organization, the one that began last first.
func (w *whereabouts) here() (names []string) {
	for name, p := range w.places {
		if p.residence == db.ResidenceHERE {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return int(w.places[b].generation) - int(w.places[a].generation) })
	return names
}

// Step is what is done about an organization that directory and databases disagree about, or what is left to the operator.
type Step struct {
	ID     uuid.UUID
	Slug   string
	Decide string   // the cell that decides, which the directory says afterwards; "": nothing is done
	Leave  []string // the cells in which it becomes LEFT
	Text   string   // what is done, or why nothing is, and what helps
}

// steps returns what has to be done, by slug.
func (s *survey) steps() (steps []Step) {
	for _, w := range s.organizations {
		if step, wanted := w.step(); wanted {
			steps = append(steps, step)
		}
	}
	slices.SortFunc(steps, func(a, b Step) int {
		return slices.Compare([]string{a.Slug, a.ID.String()}, []string{b.Slug, b.ID.String()})
	})
	return steps
}

// step says what has to be done about an organization, if anything has.
func (w *whereabouts) step() (step Step, wanted bool) {
	here := w.here()
	step = Step{ID: w.id, Slug: w.slug}
	switch {
	case w.entry != nil && w.entry.ClaimedAt != nil && len(here) == 0:
		return step, false // it is being made, or never was: the claim ends by itself
	case len(here) == 1 && w.entry != nil && (w.entry.Cell == here[0] || w.entry.MovingTo != nil):
		return step, false // the directory is right, or the move makes it so
	case len(here) == 1:
		step.Decide, step.Text = here[0], fmt.Sprintf("is in the cell %s, and the directory says %s: the directory is corrected", here[0], w.entered())
	case len(here) > 1 && w.places[here[0]].generation == w.places[here[1]].generation:
		step.Text = fmt.Sprintf("is in the cells %v, and none says that it began later: nothing is done; look which has the newer usage, and in the other "+
			"say: select set_residence('%s', 'LEAVING'), set_residence('%[2]s', 'LEFT')", here, w.id)
	case len(here) > 1:
		step.Decide, step.Leave = here[0], here[1:]
		step.Text = fmt.Sprintf("is in the cells %v: %s decides, which began last; it becomes LEFT in %v", here, here[0], here[1:])
	case w.entry != nil && w.entry.MovingTo != nil:
		step.Text = fmt.Sprintf("is being moved from %s to %s: nothing is done; run bursar move again, which ends the move", w.entry.Cell, *w.entry.MovingTo)
	case len(w.places) == 0:
		step.Text = fmt.Sprintf("is in no database, and the directory says %s: nothing is done; it was made after what was restored: restore a later backup, or make "+
			"it anew after: delete from organization_cells where organization_id = '%s'", w.entered(), w.id)
	default:
		step.Text = w.rest()
	}
	return step, true
}

// rest words that no database decides for an organization, although some have its rows.
func (w *whereabouts) rest() string {
	last := ""
	for name, p := range w.places {
		if last == "" || p.generation > w.places[last].generation {
			last = name
		}
	}
	return fmt.Sprintf("is in no cell (the directory says %s): nothing is done; restore a later backup of that one, or go on with the rows that the cell %s has of it "+
		"from when it left, and lose what came afterwards: there, select set_residence('%s', 'ARRIVING'), set_residence('%[3]s', 'HERE')", w.entered(), last, w.id)
}

func (w *whereabouts) entered() string {
	if w.entry == nil {
		return "nothing"
	}
	return w.entry.Cell
}

// take takes a step: first the cells that it leaves, so that at no time two decide, then the directory.
func (s Step) take(ctx context.Context, databases []Database) error {
	for _, d := range databases {
		if slices.Contains(s.Leave, d.Name) {
			if err := db.New().LeaveOrganization(ctx, d.Pool, s.ID); err != nil {
				return fmt.Errorf("leave the organization %s in the cell %s: %w", s.Slug, d.Name, err)
			}
		}
	}
	if s.Decide == "" {
		return nil
	}
	err := db.New().SetDirectory(ctx, databases[0].Pool, &db.SetDirectoryParams{OrganizationID: s.ID, Slug: s.Slug, Cell: s.Decide})
	if err != nil {
		return fmt.Errorf("enter the organization %s in the directory: %w", s.Slug, db.Fault(err))
	}
	return nil
}

// find returns a database by its name.
func find(databases []Database, name string) (Database, error) {
	for _, d := range databases {
		if d.Name == name {
			return d, nil
		}
	}
	return Database{}, fmt.Errorf("there is no cell %s in BURSAR_CELLS (%s is the database in DATABASE_URL)", name, cells.Home)
}
