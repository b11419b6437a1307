package identity

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/cells"
	"bursar/db/session"
)

// Opening is a cell that is about to be put into service again, and what that takes.
type Opening struct {
	Reason string // why it is not in service; "": it is, and takes organizations when it is FULL
	Steps  []Step

	databases []Database
	cell      Database
	home      *db.CellIdentity
}

// PlanOpening compares what the directory and all databases, home first, say of each organization. All must be reached, because any of them may decide.
func PlanOpening(ctx context.Context, databases []Database, name string) (*Opening, error) {
	o := &Opening{databases: databases}
	var err error
	if o.cell, err = find(databases, name); err != nil {
		return nil, err
	}
	if o.home, err = readIdentity(ctx, databases[0].Pool); err != nil {
		return nil, fmt.Errorf("read what home is: %w", db.Fault(err))
	}
	known, err := readCells(ctx, databases[0].Pool)
	if err != nil {
		return nil, fmt.Errorf("read the cells: %w", db.Fault(err))
	}
	for _, d := range databases {
		if known[d.Name] == nil {
			return nil, fmt.Errorf("home does not know the cell %s: run bursar cells add %[1]s, or take it out of BURSAR_CELLS", d.Name)
		}
		delete(known, d.Name)
		found, err := readIdentity(ctx, d.Pool)
		if err != nil {
			return nil, fmt.Errorf("the cell %s cannot be asked, and it may decide for organizations: %w", d.Name, db.Fault(err))
		}
		// incarnation and moves are what is to be put right
		if err := Compare(d.Name, expected(d.Name, o.home, found), of(found)); err != nil {
			return nil, err
		}
	}
	for missing := range known {
		return nil, fmt.Errorf("home knows the cell %s, which may decide for organizations: name it in BURSAR_CELLS", missing)
	}
	if o.Reason, err = o.reason(ctx); err != nil || o.Reason == "" {
		return o, err
	}
	s, err := takeSurvey(ctx, databases)
	if err != nil {
		return nil, err
	}
	o.Steps = s.steps()
	return o, nil
}

// reason says why the cell is not in service.
func (o *Opening) reason(ctx context.Context) (string, error) {
	g := &Guard{}
	for _, d := range o.databases {
		g.members = append(g.members, newMember(d.Name, d.Pool))
	}
	before, err := readHome(ctx, o.databases[0].Pool)
	if err != nil {
		return "", err
	}
	found := make([]*db.CellIdentity, len(o.databases))
	for i, d := range o.databases {
		if found[i], err = readIdentity(ctx, d.Pool); err != nil {
			return "", err
		}
	}
	after, err := readHome(ctx, o.databases[0].Pool)
	if err != nil {
		return "", err
	}
	if o.cell.Name == cells.Home {
		return text(after.outdated(g.names()[1:], found[1:])), nil
	}
	v := after.verdict(o.cell.Name)
	for i, d := range o.databases {
		if d.Name == o.cell.Name && v.refused == nil {
			v.refused = before.judge(d.Name, found[i])
		}
	}
	return text(v.refused), nil
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// expected is what a database must say of itself, whatever its incarnation and its moves.
func expected(name string, home, found *db.CellIdentity) (e session.Identity) {
	e = of(found)
	e.Name, e.Installation = name, home.Installation
	return e
}

// Carry carries the plan out, step by step, and puts the cell into service: as a new incarnation if it was refused, so that connections to the database that
// was in service before are refused. Interrupted, it is planned and carried out again.
func (o *Opening) Carry(ctx context.Context) error {
	if o.Reason == "" {
		return db.New().SetCellState(ctx, o.databases[0].Pool, &db.SetCellStateParams{Name: o.cell.Name, State: db.CellStateOPEN})
	}
	for _, step := range o.Steps {
		if err := step.take(ctx, o.databases); err != nil {
			return err
		}
	}
	incarnation := uuid.Must(uuid.NewV7())
	if o.cell.Name == cells.Home {
		return o.renewHome(ctx, incarnation)
	}
	known, err := readCells(ctx, o.databases[0].Pool)
	if err != nil {
		return err
	}
	// first the cell, which is refused until home says the same
	stored, err := renew(ctx, o.cell, &db.RenewIdentityParams{Incarnation: incarnation, Moves: known[o.cell.Name].Moves, Home: o.home.Home})
	if err != nil {
		return err
	}
	return db.New().RenewCell(ctx, o.databases[0].Pool, &db.RenewCellParams{Name: o.cell.Name, Incarnation: incarnation, Moves: stored.Moves})
}

// renewHome makes home a new incarnation, and has it know of the cells what they say of themselves.
func (o *Opening) renewHome(ctx context.Context, incarnation uuid.UUID) error {
	moves := map[string]int64{}
	for _, d := range o.databases[1:] {
		stored, err := readIdentity(ctx, d.Pool)
		if err != nil {
			return err
		}
		moves[d.Name] = stored.Moves
	}
	err := pgx.BeginFunc(ctx, o.databases[0].Pool, func(tx pgx.Tx) error {
		known, err := readCells(ctx, tx)
		if err != nil {
			return err
		}
		for name, count := range moves {
			if err := db.New().RaiseCellMoves(ctx, tx, &db.RaiseCellMovesParams{Name: name, Moves: count}); err != nil {
				return err
			}
		}
		err = db.New().RenewIdentity(ctx, tx, &db.RenewIdentityParams{Incarnation: incarnation, Moves: known[cells.Home].Moves, Home: &incarnation})
		if err != nil {
			return err
		}
		own, err := findIdentity(ctx, tx)
		if err != nil {
			return err
		}
		return db.New().RenewCell(ctx, tx, &db.RenewCellParams{Name: cells.Home, Incarnation: incarnation, Moves: own.Moves})
	})
	if err != nil {
		return err
	}
	for _, d := range o.databases[1:] {
		if err := db.New().NoteHome(ctx, d.Pool, &incarnation); err != nil {
			return fmt.Errorf("tell the cell %s of the new home: %w", d.Name, db.Fault(err))
		}
	}
	return nil
}

// renew changes a cell's identity, and returns it.
func renew(ctx context.Context, d Database, params *db.RenewIdentityParams) (stored *db.CellIdentity, err error) {
	err = pgx.BeginFunc(ctx, d.Pool, func(tx pgx.Tx) error {
		if err := db.New().RenewIdentity(ctx, tx, params); err != nil {
			return err
		}
		stored, err = findIdentity(ctx, tx)
		return err
	})
	return stored, err
}
