package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
)

// Exactness compares the database with the answers of two servers that shared the load.
type Exactness struct {
	Answered      int64 `json:"answered"`      // reservations that row j's answers admitted
	Stored        int64 `json:"stored"`        // of them in the database
	TightLimit    int64 `json:"tightLimit"`    // requests that fit the limit of a key made for this
	TightAnswered int64 `json:"tightAnswered"` // requests of that key that both servers admitted
	TightStored   int64 `json:"tightStored"`   // of them in the database
	Differences   int   `json:"differences"`   // between counters, reservations and ledger, as bursar verify finds them

	TightError string `json:"tightError,omitempty"` // of the first request for that key that was neither admitted nor denied
}

// Exact reports whether the database holds exactly what was answered, and the limit was used up exactly.
func (e *Exactness) Exact() bool {
	return e.TightError == "" && e.Answered == e.Stored && e.TightAnswered == e.TightLimit && e.TightStored == e.TightLimit && e.Differences == 0
}

// measureTwoServers measures row j: rows b and c over two servers and over one, and whether the two servers were exact.
func (r *runner) measureTwoServers(ctx context.Context) error {
	exact := &Exactness{}
	for _, of := range []row{
		r.row(ReserveHotKey(), "j").called("j b one", ", one server"), r.overBoth(ReserveHotKey()).called("j b", ", two servers"),
		r.overBoth(ReserveUniformKeys()).called("j c", ", two servers"), r.row(ReserveUniformKeys(), "j").called("j c one", ", one server"),
	} {
		m, err := r.measure(ctx, of)
		if err != nil {
			return err
		}
		exact.Answered += m.done
	}
	if err := r.tell("comparing the database with what was answered"); err != nil {
		return err
	}
	if err := r.admitTightly(ctx, exact); err != nil {
		return fmt.Errorf("row j, a tight limit: %w", err)
	}
	err := r.Pool.QueryRow(ctx, countRequests, r.Data.OrganizationID, requestsOf("j")).Scan(&exact.Stored)
	if err != nil {
		return fmt.Errorf("row j, count reservations: %w", err)
	}
	differences, err := db.New().FindLedgerDifferences(ctx, r.Pool, r.Data.OrganizationID)
	if err != nil {
		return fmt.Errorf("row j, verify: %w", err)
	}
	exact.Differences = len(differences)
	r.report.Exactness = exact
	return nil
}

func (r *runner) overBoth(operation Operation) row {
	of := r.row(operation, "j")
	of.newWorker = operation.workers(r.Data, "j", r.Server, r.Second)
	return of
}

// admitTightly reserves for one key over all connections to both servers until each connection is denied.
func (r *runner) admitTightly(ctx context.Context, exact *Exactness) error {
	const requestsEach = 20 // a connection, on average
	exact.TightLimit = int64(requestsEach * r.Connections)
	secret := auth.NewSecret(auth.APIKeyPrefix)
	err := db.InTx(ctx, r.Pool, db.Actor{Name: "bursar bench", Action: "load"}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, insertTightKey, r.Data.OrganizationID, secret.Prefix, secret.Hash, exact.TightLimit*estimateTokens)
		return err
	})
	if err != nil {
		return err
	}
	reserve := Operation{do: func(c *caller) error {
		allowed, err := c.reserveFor(secret.Text)
		if err == nil && !allowed {
			err = errTightDenied
		}
		return err
	}}
	connect := reserve.workers(r.Data, "tight", r.Server, r.Second)
	m, err := together(ctx, connect, r.Connections, func() func(*measurement, *worker) {
		return func(m *measurement, w *worker) {
			for { // until the first denial: nothing releases what was reserved
				if err := w.do(ctx); errors.Is(err, errTightDenied) || !m.count(err) {
					return
				}
			}
		}
	})
	if err != nil {
		return err
	}
	if m.firstError != nil { // Exact reports it; the other rows are still measured
		exact.TightError = m.firstError.Error()
	}
	exact.TightAnswered = m.done
	return r.Pool.QueryRow(ctx, countRequests, r.Data.OrganizationID, requestsOf("tight")).Scan(&exact.TightStored)
}

var errTightDenied = errors.New("denied")

const (
	countRequests = `
		select count(*) from reservations r where r.organization_id = $1 and starts_with(r.request_id, $2)`
	insertTightKey = `
		with k as (
			insert into api_keys (organization_id, name, prefix) values ($1, 'Tight', $2) returning organization_id, id
		), s as (
			insert into api_key_secrets (organization_id, api_key_id, secret_hash) select k.organization_id, k.id, $3 from k
		)
		insert into limits (organization_id, api_key_id, kind, type, period, max_units)
		select k.organization_id, k.id, 'BUDGET', 'TOKENS', 'NONE', $4 from k`
)
