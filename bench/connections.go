package bench

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
)

// connectionCounts returns the numbers of connections of row i; a run uses those up to four times its own number.
func connectionCounts() []int { return []int{1, 16, 64, 256, 1024} }

// measureConnections measures row i: rows a, b and c over different numbers of connections, and the SQL function alone.
func (r *runner) measureConnections(ctx context.Context) error {
	for _, number := range connectionCounts() {
		if number > 4*r.Connections {
			break
		}
		ceiling := row{
			letter: "i", operation: ceilingRow, what: ceilingWhat,
			newWorker: ReserveHotKey().workers(r.Data, "i", r.Ceiling),
		}
		ofHot, ofAll := r.row(ReserveHotKey(), "i"), r.row(ReserveUniformKeys(), "i")
		ofHot.operation, ofAll.operation = "b", "c"
		for _, of := range []row{ceiling, ofHot, ofAll} {
			of.connections = number
			of = of.called(connectionsName(of.operation, number), ", "+plural(number, "connection"))
			if _, err := r.measure(ctx, of); err != nil {
				return err
			}
		}
		if number == 1 {
			alone := row{
				letter: "i", name: functionAlone, what: "the function of reserve called through pgx, one hot key, 1 connection, no HTTP",
				connections: 1, newWorker: r.function(),
			}
			if _, err := r.measure(ctx, alone); err != nil {
				return err
			}
		}
	}
	return nil
}

// functionAlone is the name of the measurement of the SQL function without a server.
const functionAlone = "i function"

var errFunctionDenied = errors.New("the function denied, although the limits are far away")

// connectionsName returns the name of row i's measurement of an operation over a number of connections.
func connectionsName(operation string, number int) string {
	return fmt.Sprintf("i %s@%d", operation, number)
}

// function returns workers that call the SQL function of reserveUsage as the server does, with batches of one request.
func (r *runner) function() newWorker {
	return func(ctx context.Context, number int) (*worker, error) {
		connection, err := r.Pool.Acquire(ctx)
		if err != nil {
			return nil, err
		}
		prefix, calls := requestPrefix("i", number), 0
		fingerprint, secret := sha256.Sum256(nil), auth.Hash(string(r.Data.appendSecret(nil, 0)))
		return &worker{
			do: func(ctx context.Context) error {
				calls++
				answers, err := db.New().ReserveUsage(ctx, connection, &db.ReserveUsageParams{
					AccessTokenIDs: []uuid.UUID{uuid.Nil}, OrganizationIDs: []uuid.UUID{r.Data.OrganizationID},
					SecretHashes: [][]byte{secret}, APIKeyIDs: []uuid.UUID{uuid.Nil}, ScopeIndexes: []int32{1},
					RequestIDs: []string{prefix + strconv.Itoa(calls)}, Fingerprints: [][]byte{fingerprint[:]}, Requests: []int64{1},
					Tokens: []int64{estimateTokens}, CostNanos: []int64{estimateCostNanos}, TTLSeconds: []int32{300}, SkipLimits: []bool{true},
					IDsOnly: db.IDsOnly([]db.RowForm{db.IDOnly}),
				})
				if err == nil && (len(answers) != 1 || !answers[0].Allowed) {
					err = errFunctionDenied
				}
				return err
			},
			close: func() error { connection.Release(); return nil },
		}, nil
	}
}
