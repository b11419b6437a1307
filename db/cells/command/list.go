package command

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"sync"
	"text/tabwriter"
	"time"

	"bursar/db"
	"bursar/db/cells/identity"
	"bursar/sql"
)

// listTimeout bounds what one database is asked for a list.
const listTimeout = 5 * time.Second

// row is a cell in the list.
type row struct {
	name, region, state, organizations, size, schema, reachable, moves string
}

// List prints the cells: those that home knows, and those that are named and that it does not know.
func (d *Databases) List(ctx context.Context, to io.Writer) error {
	databases, stop, err := d.Open(ctx)
	if err != nil {
		return err
	}
	defer stop()
	known, err := db.New().ListCells(ctx, databases[0].Pool)
	if err != nil {
		return db.Fault(err)
	}
	moving, err := db.New().CountMoving(ctx, databases[0].Pool)
	if err != nil {
		return db.Fault(err)
	}
	rows := map[string]*row{}
	var order []string
	add := func(r *row) {
		rows[r.name], order = r, append(order, r.name)
	}
	for _, cell := range known {
		add(&row{name: cell.Name, region: orDash(cell.Region), state: string(cell.State), reachable: "not named in BURSAR_CELLS", moves: "-"})
	}
	for _, m := range moving {
		rows[m.Cell].moves = fmt.Sprintf("%d out, %d in", m.Leaving, m.Arriving)
	}
	var looking sync.WaitGroup
	for _, database := range databases {
		if rows[database.Name] == nil {
			state := "not added"
			if len(known) == 0 && database.Name == databases[0].Name {
				state = "alone"
			}
			add(&row{name: database.Name, region: "-", state: state, moves: "-"})
		}
		r := rows[database.Name]
		looking.Go(func() { r.look(ctx, database) })
	}
	looking.Wait()
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "NAME\tREGION\tSTATE\tORGANIZATIONS\tSIZE\tSCHEMA\tREACHABLE\tMOVES"); err != nil {
		return err
	}
	for _, name := range order {
		r := rows[name]
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.name, r.region, r.state, orUnknown(r.organizations), orUnknown(r.size), orUnknown(r.schema),
			r.reachable, r.moves)
		if err != nil {
			return err
		}
	}
	return table.Flush()
}

// look fills in what the database says. What it does not say stays unknown, and why is said.
func (r *row) look(ctx context.Context, database identity.Database) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	status, err := sql.StatusOf(ctx, database.Pool)
	if err != nil {
		r.reachable = "no: " + err.Error()
		return
	}
	r.schema, r.reachable = strconv.FormatInt(status.Version, 10), "yes"
	if problem := status.Problem(); problem != nil {
		r.reachable = "yes, but " + problem.Error()
		return
	}
	count, err := db.New().CountHere(ctx, database.Pool)
	if err == nil {
		r.organizations = strconv.FormatInt(count.Here, 10)
		var bytes int64
		if bytes, err = db.New().MeasureDatabase(ctx, database.Pool); err == nil {
			r.size = fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
		}
	}
	if err != nil {
		r.reachable = "no: " + err.Error()
	}
}

func orDash(text *string) string {
	if text == nil {
		return "-"
	}
	return *text
}

func orUnknown(text string) string {
	if text == "" {
		return "?"
	}
	return text
}
