package bench

import (
	"context"
	"math/rand/v2"
)

// Operation is what each connection of a gateway does repeatedly.
type Operation struct {
	letter  string // of the row that measures it
	what    string // in the table
	uniform bool   // whether keys are drawn from all keys, or the first key is used
	priced  bool   // whether the server computes costs, or they are given
	users   int    // of whom a reservation names one; 0: it names none
	do      func(*caller) error
}

// ReserveHotKey is row b: every request reserves for the same key.
func ReserveHotKey() Operation {
	return Operation{letter: "b", what: "reserve, one hot key", do: (*caller).reserve}
}

// ReserveUniformKeys is row c: every request reserves for a key that is drawn from all keys.
func ReserveUniformKeys() Operation {
	return Operation{letter: "c", what: "reserve, all keys", uniform: true, do: (*caller).reserve}
}

// ReserveAndRecord is row d: a reservation and the record that settles it, for keys drawn from all keys.
func ReserveAndRecord() Operation {
	return Operation{letter: "d", what: "reserve + record pairs, all keys", uniform: true, do: (*caller).reserveAndRecord}
}

// CheckUsage is row e: checks for keys drawn from all keys.
func CheckUsage() Operation {
	return Operation{letter: "e", what: "checkUsage, all keys", uniform: true, do: (*caller).check}
}

// Operations returns the operations of rows b to e.
func Operations() []Operation {
	return []Operation{ReserveHotKey(), ReserveUniformKeys(), ReserveAndRecord(), CheckUsage()}
}

// Letter returns the letter of the row that measures the operation.
func (o Operation) Letter() string { return o.letter }

// workers returns a function that connects workers which run the operation for keys of data. Workers are spread over the
// servers round robin. The letter begins their request ids.
func (o Operation) workers(data *Data, letter string, servers ...string) newWorker {
	keys := 1
	if o.uniform {
		keys = data.Keys
	}
	return func(ctx context.Context, number int) (*worker, error) {
		connection, err := dial(ctx, servers[number%len(servers)], data.Token)
		if err != nil {
			return nil, err
		}
		call := &caller{
			connection: connection, data: data, keys: keys, random: newRandom(number), prefix: requestPrefix(letter, number),
			priced: o.priced, users: o.users,
		}
		return &worker{do: func(context.Context) error { return o.do(call) }, close: connection.close}, nil
	}
}

// newRandom returns the random number generator of a worker, which draws the same numbers in every run.
func newRandom(number int) *rand.Rand {
	return rand.New(rand.NewPCG(1, uint64(number))) //nolint:gosec // picks keys, and a number is never negative
}
