package bench

import (
	"context"
	"math/rand/v2"
)

const (
	ceilingRow = "a"
	letters    = "abcdefg"
)

// row is one line of the table.
type row struct {
	letter, what string
	newWorker    newWorker
}

// rows returns what can be measured, in the order of the table.
func rows(c *Config) []row {
	hot, all := c.Data.Secrets[:1], c.Data.Secrets
	return []row{
		{ceilingRow, "GraphQL whose resolver does nothing", c.graphQL(c.Ceiling, ceilingRow, hot, (*caller).reserve)},
		{"b", "reserve, one hot key", c.graphQL(c.Server, "b", hot, (*caller).reserve)},
		{"c", "reserve, all keys", c.graphQL(c.Server, "c", all, (*caller).reserve)},
		{"d", "reserve + record pairs, all keys", c.graphQL(c.Server, "d", all, (*caller).reserveAndRecord)},
		{"e", "checkUsage, all keys", c.graphQL(c.Server, "e", all, (*caller).check)},
		{"f", "one transaction a request, one hot key, no HTTP", c.transactions()},
		{"g", "single-row UPDATE, one hot row, no HTTP", c.updates(1)},
		{"g", "single-row UPDATE, spread rows, no HTTP", c.updates(plainRows)},
	}
}

// graphQL returns the maker of workers that run an operation for random ones of the given keys.
func (c *Config) graphQL(server, letter string, secrets []string, operation func(*caller) error) newWorker {
	return func(ctx context.Context, number int) (*worker, error) {
		connection, err := dial(ctx, server, c.Token)
		if err != nil {
			return nil, err
		}
		call := &caller{
			connection: connection, secrets: secrets, random: newRandom(number), prefix: requestPrefix(letter, number),
		}
		return &worker{do: func(context.Context) error { return operation(call) }, close: connection.close}, nil
	}
}

// newRandom returns a generator of its own for each worker, the same in every run.
func newRandom(number int) *rand.Rand {
	return rand.New(rand.NewPCG(1, uint64(number))) //nolint:gosec // picks keys, and a number is never negative
}
