package bench

import (
	"context"
	"math/rand/v2"
)

const ceilingRow = "a"

// row is one line of the table.
type row struct {
	letter, what string
	name         string // of the measurement, by which the bars find it; the ceiling's alone is there several times
	operation    string // what row i did: "a", "b" or "c"
	connections  int    // 0: the run's
	newWorker    newWorker
}

// Which keys a worker's requests are for.
const (
	hot = false // the first one alone
	all = true  // random ones of all
)

// measureSingles measures rows b to g.
func (r *runner) measureSingles(ctx context.Context) error {
	if err := r.measureAll(ctx, r.reserveHot("b"), r.reserveAll("c")); err != nil {
		return err
	}
	if err := r.readMemory(); err != nil {
		return err
	}
	return r.measureAll(ctx,
		r.pairs("d"),
		row{letter: "e", name: "e", what: "checkUsage, all keys", newWorker: r.graphQL(r.Data, "e", all, (*caller).check, r.Server)},
		row{letter: "f", name: "f", what: "one transaction a request, one hot key, no HTTP", newWorker: r.transactions()},
		row{letter: "g", name: "g hot", what: "single-row UPDATE, one hot row, no HTTP", newWorker: r.updates(1)},
		row{letter: "g", name: "g spread", what: "single-row UPDATE, spread rows, no HTTP", newWorker: r.updates(plainRows)},
	)
}

func (r *runner) reserveHot(letter string) row {
	return row{
		letter: letter, name: letter, what: "reserve, one hot key", newWorker: r.graphQL(r.Data, letter, hot, (*caller).reserve, r.Server),
	}
}

func (r *runner) reserveAll(letter string) row {
	return row{
		letter: letter, name: letter, what: "reserve, all keys", newWorker: r.graphQL(r.Data, letter, all, (*caller).reserve, r.Server),
	}
}

func (r *runner) pairs(letter string) row {
	return row{
		letter: letter, name: letter, what: "reserve + record pairs, all keys",
		newWorker: r.graphQL(r.Data, letter, all, (*caller).reserveAndRecord, r.Server),
	}
}

// called returns the row under another name, with more said about it.
func (of row) called(name, more string) row {
	of.name = name
	of.what += more
	return of
}

// graphQL returns the maker of workers that run an operation for keys of some data, spread over the servers in turn.
func (r *runner) graphQL(data *Data, letter string, spread bool, operation func(*caller) error, servers ...string) newWorker {
	keys := 1
	if spread {
		keys = data.Keys
	}
	return func(ctx context.Context, number int) (*worker, error) {
		connection, err := dial(ctx, servers[number%len(servers)], data.Token)
		if err != nil {
			return nil, err
		}
		call := &caller{
			connection: connection, data: data, keys: keys, random: newRandom(number), prefix: requestPrefix(letter, number),
		}
		return &worker{do: func(context.Context) error { return operation(call) }, close: connection.close}, nil
	}
}

// newRandom returns a generator of its own for each worker, the same in every run.
func newRandom(number int) *rand.Rand {
	return rand.New(rand.NewPCG(1, uint64(number))) //nolint:gosec // picks keys, and a number is never negative
}
