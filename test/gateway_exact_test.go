package test

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
	"bursar/gateway/demoprovider"
	"bursar/id"
)

// Callers of three gateways, whose calls fail, are cut and are left at random, while gateways, servers and PostgreSQL are killed: each call that has
// reached the provider is booked once, a whole one with exactly what the provider says that it used; nothing is booked that no call was
// made for; no budget is overspent; and bursar verify finds no difference.
func TestGatewaysAreExact(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "kills gateways, servers and PostgreSQL")
	awayFromMidnight(t)
	d := newDurable(t)
	f := newFleet(t, d.server.URL(), 2)
	f.mortal.Store(true)
	n := newTenant(f, "gateways")
	n.once(0, rootToken, "SetPrice", object{"provider": "demo", "model": "demo-small", "maxOutputTokens": 16_384, "rates": []object{
		{"unit": "INPUT_TOKENS", "perMillion": "0.40"}, {"unit": "CACHED_INPUT_TOKENS", "perMillion": "0.10"},
		{"unit": "CACHE_WRITE_TOKENS", "perMillion": "0.50"}, {"unit": "OUTPUT_TOKENS", "perMillion": "1.60"}}})
	g := newGatewayFleet(n, 3)
	callers := g.call(callersOf())
	for kill := range dbtest.Repeat(1) {
		g.awaitCalls(80)
		g.gates[kill%3].kill()
		g.awaitCalls(50)
		g.startGate(kill % 3)
		g.awaitCalls(50)
		if err := g.gates[(kill+1)%3].command.Process.Signal(syscall.SIGHUP); err != nil { // which harms no call
			t.Fatal(err)
		}
		g.gates[(kill+1)%3].await("the settings were taken over")
		f.servers[kill%2].kill()
		g.awaitCalls(50)
		f.start(kill % 2)
		g.awaitCalls(50)
		d.kill()
		d.restart()
		for i := range f.servers {
			f.awaitReady(i)
		}
	}
	g.awaitCalls(80)
	g.stopCalls()
	pool := postgres.Pool(t, d.server.URL())
	g.compare(pool, callers)
	verify(t, []string{"DATABASE_URL=" + d.server.URL()})
}

// callersOf returns how many callers there are.
func callersOf() int {
	if dbtest.Repeat(1) > 1 {
		return 64
	}
	return 24
}

// awaitCalls waits until the provider has had a number of further requests.
func (g *gatewayFleet) awaitCalls(more int64) {
	g.t.Helper()
	deadline := time.Now().Add(2 * waitTimeout)
	for want := g.provider.Totals().Requests + more; g.provider.Totals().Requests < want; {
		if time.Now().After(deadline) {
			g.t.Fatal("no calls reach the provider")
		}
		select {
		case <-g.t.Context().Done():
			g.t.Fatal("the test has ended")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// bookedCall is a row of the ledger.
type bookedCall struct {
	input, output, cached, written int64
	estimated                      bool
	taken                          bool // it belongs to a call that its caller knows
}

// ledgerOf returns what is booked for a key, by the gateway's id of the call.
func (g *gatewayFleet) ledgerOf(pool *pgxpool.Pool, key string) map[string]*bookedCall {
	g.t.Helper()
	_, internal, ok := id.Parse(key)
	if !ok {
		g.t.Fatalf("%q is no id", key)
	}
	rows, err := pool.Query(g.t.Context(), `select request_id, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, metadata ? 'estimated'
		from usage_events where api_key_id = $1`, internal)
	if err != nil {
		g.t.Fatal(err)
	}
	defer rows.Close()
	booked := map[string]*bookedCall{}
	for rows.Next() {
		var request string
		var b bookedCall
		if err := rows.Scan(&request, &b.input, &b.output, &b.cached, &b.written, &b.estimated); err != nil {
			g.t.Fatal(err)
		}
		if booked[request] != nil {
			g.t.Errorf("%s is booked twice", request)
		}
		booked[request] = &b
	}
	if err := rows.Err(); err != nil {
		g.t.Fatal(err)
	}
	return booked
}

// compare holds the ledger against what the provider and the callers know.
func (g *gatewayFleet) compare(pool *pgxpool.Pool, callers []*caller) {
	g.t.Helper()
	truth := map[string][]demoprovider.Request{}
	for _, r := range g.provider.Requests(0) {
		truth[r.Tag] = append(truth[r.Tag], r)
	}
	whole, broken, unseen, denied := 0, 0, 0, 0
	for _, c := range callers {
		booked := g.ledgerOf(pool, c.id)
		reached, unknown, tokens := 0, 0, int64(0) // of calls whose caller has no answer
		for _, call := range c.calls {
			served := truth[call.tag]
			if len(served) > 1 {
				g.t.Errorf("%s reached the provider %d times", call.tag, len(served))
			}
			if call.request == "" {
				unknown++
				if len(served) == 1 && served[0].Ended != demoprovider.Refused {
					reached++
				}
				continue
			}
			b := booked[call.request]
			switch costs := len(served) == 1 && served[0].Ended != demoprovider.Refused; {
			case call.status == http.StatusPreconditionFailed && c.budget == 0:
				g.t.Errorf("%s was denied without a budget", call.tag)
			case !costs && b != nil && len(served) == 1:
				g.t.Errorf("%s, %d, which the provider refused, is booked: %+v", call.tag, call.status, b)
			case !costs && b != nil && !b.estimated:
				g.t.Errorf("%s, %d, which never reached the provider, is booked: %+v", call.tag, call.status, b)
			case !costs:
				denied++
			case b == nil:
				g.t.Errorf("%s, %d, %s at the provider, is not booked", call.tag, call.status, served[0].Ended)
			case call.complete && served[0].Ended == demoprovider.Complete && served[0].Demand == "":
				whole++
				u := served[0].Usage
				if b.estimated || b.input != u.InputTokens || b.output != u.OutputTokens || b.cached != u.CachedInputTokens || b.written != u.CacheWriteTokens {
					g.t.Errorf("%s used %+v, and %+v is booked", call.tag, u, b)
				}
			default:
				broken++
			}
			if b != nil {
				b.taken = true
			}
		}
		rest := 0
		for _, b := range booked {
			tokens += b.input + b.output
			if !b.taken {
				rest++
			}
		}
		unseen += unknown
		if rest < reached || rest > unknown {
			g.t.Errorf("%s: of %d calls without an answer %d reached the provider, and %d are booked", c.name, unknown, reached, rest)
		}
		if c.budget > 0 && tokens > c.budget {
			g.t.Errorf("%s has spent %d tokens of %d", c.name, tokens, c.budget)
		}
	}
	g.t.Logf("%d whole calls, %d broken or estimated, %d without an answer, %d denied or refused", whole, broken, unseen, denied)
	if whole == 0 || broken == 0 || denied == 0 {
		g.t.Error("too little has happened")
	}
}
