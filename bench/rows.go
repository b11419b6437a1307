package bench

import "context"

const (
	ceilingRow  = "a"
	ceilingWhat = "GraphQL whose resolver does nothing"
)

// row is one line of the table.
type row struct {
	letter, what string
	name         string // of the measurement, unique in a run except for the ceiling's; bars find their rows by it
	operation    string // the letter of the row that a measurement of row i repeats: "a", "b" or "c"
	connections  int    // 0: the run's
	newWorker    newWorker
}

// measureSingles measures rows b to g.
func (r *runner) measureSingles(ctx context.Context) error {
	if err := r.measureAll(ctx, r.row(ReserveHotKey(), "b"), r.row(ReserveUniformKeys(), "c")); err != nil {
		return err
	}
	if err := r.readMemory(); err != nil {
		return err
	}
	return r.measureAll(ctx,
		r.row(ReserveAndRecord(), "d"),
		r.row(CheckUsage(), "e"),
		row{letter: "f", name: "f", what: "one transaction a request, one hot key, no HTTP", newWorker: r.transactions()},
		row{letter: "g", name: "g hot", what: "single-row UPDATE, one hot row, no HTTP", newWorker: r.updates(1)},
		row{letter: "g", name: "g spread", what: "single-row UPDATE, spread rows, no HTTP", newWorker: r.updates(plainRows)},
	)
}

// row returns the row with a letter that runs an operation against the server.
func (r *runner) row(operation Operation, letter string) row {
	return row{letter: letter, name: letter, what: operation.what, newWorker: operation.workers(r.Data, letter, r.Server)}
}

// called returns the row with another measurement's name, and with a text that continues what it measures.
func (of row) called(name, more string) row {
	of.name = name
	of.what += more
	return of
}
