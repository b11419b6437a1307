package leased

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/gateway"
	"bursar/usage"
)

// Rounds of row p.
const (
	leaseRounds   = 10
	roundGateways = 4
	roundCallers  = 8
	roundBudget   = 40_000 // tokens, before the edit
	roundRaised   = 60_000
	roundTokens   = 10 // of a call
	roundTTL      = 2 * time.Second
	roundGrace    = time.Second     // for what a caller that is denied does until it asks again, and for a busy machine
	roundPatience = 5 * time.Second // for which a caller is denied until it gives up: longer than a killed gateway blocks room
)

// Kept returns 1 if no round has overspent, and 0 otherwise.
func (r *Result) Kept() float64 {
	if r.Overspent > 0 || r.Rounds == 0 {
		return 0
	}
	return 1
}

// round is four gateways that share the budget of one key.
type round struct {
	*Target
	secret   string
	gateways []*mortal
	calls    atomic.Int64
	waited   atomic.Int64 // callers that were denied for more than a lease's time before they were admitted again, with no more room than before
	raised   atomic.Int64 // when the budget was raised, in nanoseconds since 1970
}

// mortal is a gateway that can be killed: nothing that it sends arrives any more, and it makes no call.
type mortal struct {
	*gateway.Client
	dead atomic.Bool
}

var errKilled = errors.New("the gateway is killed")

// RoundTrip implements [http.RoundTripper].
func (m *mortal) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.dead.Load() {
		return nil, errKilled
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Rounds has gateways use up a budget by leases and single calls, kills one of them and raises the budget meanwhile, and reads what is used in the end. It gives each
// round a key of its own.
func (t *Target) Rounds(ctx context.Context, leases *Result) error {
	leases.Admitted = 1
	for number := range min(leaseRounds, t.Keys-keys) {
		round := &round{Target: t, secret: t.Secret(t.Keys - 1 - number)}
		used, err := round.run(ctx)
		if err != nil {
			return err
		}
		leases.Rounds++
		leases.Overspent += max(0, used-roundRaised)
		leases.DeniedWithRoom += round.waited.Load()
		if roundRaised-used >= roundTokens { // all were denied for longer than a lease lasts, and a call would have had room
			leases.DeniedWithRoom++
		}
		leases.Admitted = min(leases.Admitted, share(float64(used), roundRaised))
	}
	return nil
}

// run plays the round and returns how many tokens are used.
func (p *round) run(ctx context.Context) (used int64, err error) {
	t := p.Target
	var keyID [16]byte
	if err := t.Pool.QueryRow(ctx, `select api_key_id from api_key_secrets where secret_hash = sha256($1)`, []byte(p.secret)).Scan(&keyID); err != nil {
		return 0, err
	}
	const create = `select id from create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'NONE', $3, '{}', '{}', null)`
	var budgetID [16]byte
	actor := db.Actor{Name: "bursar bench", Action: "load"}
	err = db.InTx(ctx, t.Pool, actor, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, create, t.OrganizationID, keyID, roundBudget).Scan(&budgetID)
	})
	if err != nil {
		return 0, err
	}
	var playing sync.WaitGroup
	for range roundGateways {
		m := &mortal{}
		m.Client, err = gateway.New(gateway.Config{URLs: []string{t.Server}, Token: t.Token, Lease: gateway.LeaseAuto, LeaseTTL: roundTTL,
			Transport: m, Later: gateway.Later{Flush: 10 * time.Millisecond}})
		if err != nil {
			return 0, err
		}
		p.gateways = append(p.gateways, m)
		for range roundCallers {
			playing.Go(func() { p.play(ctx, m) })
		}
	}
	for p.calls.Load() < roundBudget/roundTokens/2 && ctx.Err() == nil {
		pause(ctx, time.Millisecond)
	}
	p.gateways[0].dead.Store(true)
	err = db.InTx(ctx, t.Pool, actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select update_budget_limit($1, $2, null, null, $3, null, '{}', null)`, t.OrganizationID, budgetID, roundRaised)
		return err
	})
	if err != nil {
		return 0, err
	}
	p.raised.Store(time.Now().UnixNano())
	playing.Wait()
	for _, m := range p.gateways {
		ending, cancel := context.WithTimeout(ctx, 10*time.Second)
		if m.dead.Load() {
			cancel()
		}
		m.Shutdown(ending)
		cancel()
	}
	if err := t.Pool.QueryRow(ctx, `select used_units::bigint from counters where limit_id = $1`, budgetID).Scan(&used); err != nil {
		return 0, err
	}
	// without it the key is like the others again, for the rows that follow
	err = db.InTx(ctx, t.Pool, actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select delete_limit($1, $2, 'BUDGET')`, t.OrganizationID, budgetID)
		return err
	})
	return used, err
}

// play makes calls until the budget has denied them for as long as a killed gateway may block room, or the gateway is killed.
func (p *round) play(ctx context.Context, m *mortal) {
	output := int64(roundTokens)
	denied := false
	for since := time.Now(); time.Since(since) < roundPatience && !m.dead.Load() && ctx.Err() == nil; {
		held, err := m.Reserve(ctx, gateway.Request{Secret: p.secret, MaxOutputTokens: &output})
		if err != nil {
			denied = true
			pause(ctx, 50*time.Millisecond)
			continue
		}
		if denied && time.Since(since) > roundTTL+roundGrace && p.raised.Load() < since.UnixNano() { // nothing but leases has made the room
			p.waited.Add(1)
		}
		since, denied = time.Now(), false
		p.calls.Add(1)
		parts := usage.Parts{Requests: 1, OutputTokens: roundTokens}
		if err := m.RecordLater(gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Secret: p.secret, Parts: parts}); err != nil {
			return
		}
	}
}

// pause waits for a time, or for the end of ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
