// Package command is bursar move: it shows what would be moved, asks, and shows how far it is.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"bursar/cmd/bursar/value"
	"bursar/db"
	"bursar/db/session"
	"bursar/id"
	"bursar/move"
	"bursar/terminal"
)

// Move are the commands that move organizations.
type Move struct {
	Organization Organization `cmd:"" default:"withargs" help:"Move an organization to another cell, or go on with a move that has ended before its end."`
	Purge        Purge        `cmd:"" help:"Delete what is left where organizations were before."`
}

// Where is where home and the cells are.
type Where struct {
	Home  value.DatabaseURL `name:"database-url" variable:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL of home, which has the directory, as the owner of its tables."`
	Cells value.Cells       `name:"cells" variable:"BURSAR_CELLS" placeholder:"NAME=URL,…" help:"PostgreSQL of each further cell, as the owner of its tables."`
}

var errWhere = errors.New("DATABASE_URL and BURSAR_CELLS are not both set: organizations move between the database in the one and those in the other")

// with calls use with the cells.
func (w *Where) with(ctx context.Context, use func(*move.Cells) error) error {
	if w.Home == "" || len(w.Cells) == 0 {
		return errWhere
	}
	cells := &move.Cells{}
	for _, name := range append([]string{"home"}, w.Cells.Names()...) {
		url := w.Cells[name]
		if name == "home" {
			url = string(w.Home)
		}
		pool, err := db.NewPool(ctx, db.PoolConfig{URL: url, ApplicationName: "bursar move", Cell: session.AnyCell{}, MaxConnections: 6, StopAbandoned: true})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		defer pool.Close()
		if name == "home" {
			cells.Home = pool
			continue
		}
		cells.Others = append(cells.Others, move.Cell{Name: name, Pool: pool})
	}
	return use(cells)
}

// Organization is bursar move ORGANIZATION --to CELL.
type Organization struct {
	Named      string        `arg:"" name:"organization" help:"The organization, by its slug or id (org_…)."`
	To         string        `required:"" placeholder:"CELL" help:"The cell that it moves to: home, or a name in BURSAR_CELLS."`
	Plan       bool          `help:"Show what would be moved, and how long the organization would stand still; nothing is."`
	Abort      bool          `help:"Undo a move that has not moved it yet."`
	Standstill time.Duration `default:"30s" placeholder:"DURATION" help:"How long the organization may stand still. If that is not enough, it is where it was."`
	Yes        bool          `help:"Move it without asking."`
	Where      Where         `embed:""`
}

// Help is the long text of --help.
func (Organization) Help() string {
	return `The organization is served while its rows are copied. Then it stands still for a moment: its calls wait, and are answered by the other cell. Whenever
this command ends before its end, the same command goes on; who decides is never both. See docs/moves.md.`
}

// Run moves.
func (c *Organization) Run(ctx context.Context, stdout io.Writer) error {
	return c.Where.with(ctx, func(cells *move.Cells) error {
		m, err := cells.Begin(ctx, c.Named, c.To)
		if err != nil {
			return err
		}
		if c.Abort {
			if err := m.Abort(ctx); err != nil {
				return err
			}
			_, err := fmt.Fprintf(stdout, "%s stays in %s\n", m.Slug, m.Source.Name)
			return err
		}
		if err := show(stdout, m); err != nil || c.Plan {
			return err
		}
		if !c.Yes {
			yes, err := terminal.Ask(os.Stdin, stdout, fmt.Sprintf("Move %s from %s to %s", m.Slug, m.Source.Name, m.Target.Name))
			if err != nil || !yes {
				return err
			}
		}
		m.Standstill = c.Standstill
		return c.run(ctx, m, stdout)
	})
}

// run moves, and shows how far it is.
func (c *Organization) run(ctx context.Context, m *move.Move, stdout io.Writer) error {
	var shown *terminal.Progress
	what := ""
	end := func() error {
		if shown == nil {
			return nil
		}
		return shown.End()
	}
	m.Progress = func(now string, done, of int) {
		if now != what {
			_ = end() // what is written last is told
			what, shown = now, terminal.ShowProgress(stdout, now, of)
		}
		shown.At(done)
	}
	err := m.Run(ctx)
	if shown := end(); err == nil && shown != nil {
		err = shown
	}
	if err != nil {
		return err
	}
	stood := ""
	if m.Took > 0 {
		stood = fmt.Sprintf(", and stood still for %.2f s", m.Took.Seconds())
	}
	_, err = fmt.Fprintf(stdout, "%s is in %s%s. Its rows in %s go with bursar move purge, after %d days\n", m.Slug, m.Target.Name, stood, m.Source.Name,
		int(move.DefaultKeep.Hours()/24))
	return err
}

// show prints the plan.
func show(to io.Writer, m *move.Move) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	line := func(format string, arguments ...any) { _, _ = fmt.Fprintf(table, format+"\n", arguments...) } // Flush has the error
	line("TABLE\tROWS\tBYTES")
	var bytes int64
	for _, t := range m.Plan().Tables {
		line("%s\t%d\t%d", t.Name, t.Rows, t.Bytes)
		bytes += t.Bytes
	}
	line("in all\t%d\t%d", m.Plan().Rows(), bytes)
	line("")
	begun := ""
	if m.Resumes() {
		begun = ", which was begun before,"
	}
	line("The move of %s from %s to %s%s has it stand still for about %.1f s.", m.Slug, m.Source.Name, m.Target.Name, begun, m.Plan().Standstill.Seconds())
	return table.Flush()
}

// Purge is bursar move purge.
type Purge struct {
	After time.Duration `default:"168h" placeholder:"DURATION" help:"Of moves that ended longer ago."`
	Where Where         `embed:""`
}

// Run purges.
func (c *Purge) Run(ctx context.Context, stdout io.Writer) error {
	return c.Where.with(ctx, func(cells *move.Cells) error {
		return cells.Purge(ctx, c.After, func(organization uuid.UUID, cell string) {
			_, _ = fmt.Fprintf(stdout, "%s has no rows in %s any more\n", id.Organization.Format(organization), cell) // what was done is noted
		})
	})
}
