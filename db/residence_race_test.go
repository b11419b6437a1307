package db_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/enforce"
	"bursar/fault"
)

// servers returns a number of enforcers with pools of their own, one lane each, so that calls of all organizations share batches.
func (g *gateway) servers(number int) (servers []*enforce.Enforcer) {
	g.T.Helper()
	for range number {
		enforcer := enforce.New(server.Pool(g.T, g.Pool.Config().ConnString()), enforce.Config{Lanes: 1})
		g.T.Cleanup(enforcer.Close)
		servers = append(servers, enforcer)
	}
	return servers
}

// ask asks a server for a reservation of 10 tokens.
func (g *gateway) ask(on *enforce.Enforcer, id string) (*db.UsageAnswer, error) {
	return on.Reserve(context.Background(), &enforce.ReserveRequest{Scope: db.Scope{OrganizationID: g.Organization.ID, APIKeyID: g.Key.ID},
		RequestID: id, Fingerprint: digest(id), TTLSeconds: 600, Estimate: enforce.Estimate{Requests: 1, Tokens: 10}})
}

// held returns how many reservations are held of the gateway's organization.
func (g *gateway) held() int64 {
	g.T.Helper()
	return query[int64](g, `select count(*) from reservations where organization_id = $1 and status = 'HELD'`, g.Organization.ID)
}

// Guarantee: while an organization leaves, 64 clients of two servers are admitted exactly what is held once set_residence has returned, and nothing
// afterwards; each refusal is UNAVAILABLE. The calls of another organization, which share their batches, are all decided. The books verify,
// and what was refused is admitted, once, when the organization is back.
func TestNothingIsHeldOnceAnOrganizationLeaves(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	other := g.neighbour()
	budget := g.tokenBudget(1_000_000_000)
	servers := g.servers(2)

	var admitted, decided sync.Map // request ids
	var refused []string
	var mutex sync.Mutex
	var clients sync.WaitGroup
	halfway := make(chan struct{}, 64)
	for client := range 64 {
		clients.Go(func() {
			for n := 0; ; n++ {
				id := fmt.Sprintf("%d-%d", client, n)
				if client%4 == 0 {
					if answer, err := other.ask(servers[client%8/4], id); err != nil || !answer.Allowed {
						t.Errorf("the other organization: %v", err)
					}
					decided.Store(id, true)
				}
				answer, err := g.ask(servers[client%2], id)
				if err != nil {
					if fault.CodeOf(err) != fault.Unavailable || db.MovedOrganizations(err) == nil {
						t.Errorf("refused with %v", err)
					}
					mutex.Lock()
					refused = append(refused, id)
					mutex.Unlock()
					return
				}
				if answer.Allowed {
					admitted.Store(id, true)
				}
				if n == 3 {
					halfway <- struct{}{}
				}
			}
		})
	}
	for range 32 {
		<-halfway
	}
	g.reside(db.ResidenceLEAVING)
	held := g.held()
	clients.Wait()

	equal(t, "held afterwards", g.held(), held)
	equal(t, "admitted", sizeOf(&admitted), held)
	equal(t, "refused", len(refused), 64)
	equal(t, "held by the other organization", other.held(), sizeOf(&decided))
	g.counts(budget, 0, 10*held)
	g.verified()

	g.reside(db.ResidenceHERE)
	for range 2 { // the second time it is answered as before
		for i, id := range refused {
			answer, err := g.ask(servers[i%2], id)
			if must(t, answer, err); !answer.Allowed {
				t.Errorf("%s is denied", id)
			}
		}
	}
	equal(t, "held when it is back", g.held(), held+64)
	g.counts(budget, 0, 10*(held+64))
	g.verified()
}

func sizeOf(m *sync.Map) (number int64) {
	m.Range(func(any, any) bool { number++; return true })
	return number
}

// Guarantee: calls that wait for an organization's lock behind set_residence read what it has set: none of 64 calls on two servers is admitted. Without
// the condition in lock_organizations all of them would be.
func TestCallsThatWaitForTheLockAreRefused(t *testing.T) {
	t.Parallel()
	unfenced := `create or replace function lock_organizations(p_organization_ids uuid[]) returns void language plpgsql volatile as $$
		begin perform 1 from organizations o where o.id = any (p_organization_ids) order by o.id for no key update; end $$`
	for name, test := range map[string]struct {
		prepare string
		held    int64
	}{"with the fence": {"select", 0}, "without it": {unfenced, 64}} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			g.tokenBudget(1_000_000_000)
			g.exec(test.prepare)
			servers := g.servers(2)
			tx, err := g.Pool.Begin(t.Context())
			must(t, 0, err)
			_, err = tx.Exec(t.Context(), `select lock_organizations(array[$1::uuid])`, g.Organization.ID)
			must(t, 0, err)

			var waiting sync.WaitGroup
			waiting.Go(func() { g.reside(db.ResidenceLEAVING) })
			dbtest.AwaitLocked(t, g.Pool, 1, "set_residence")
			for i := range 64 {
				waiting.Go(func() {
					answer, err := g.ask(servers[i%2], fmt.Sprint(i))
					if admitted := err == nil && answer.Allowed; admitted != (test.held > 0) {
						t.Errorf("call %d: %v", i, err)
					}
				})
			}
			dbtest.AwaitLocked(t, g.Pool, 3, "")
			must(t, 0, tx.Commit(t.Context()))
			waiting.Wait()
			equal(t, "held", g.held(), test.held)
		})
	}
}

// Guarantee: set_residence waits for a change of the control plane that is under way, and one that waits for it is refused, also by plain SQL.
func TestResidenceWaitsForChanges(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	rename := func(tx pgx.Tx, name string) error {
		_, err := tx.Exec(t.Context(), `update workspaces set name = $2 where organization_id = $1`, g.Organization.ID, name)
		return err
	}
	changing, err := g.Pool.Begin(t.Context())
	must(t, 0, err)
	must(t, 0, rename(changing, "before"))
	var waiting sync.WaitGroup
	waiting.Go(func() { g.reside(db.ResidenceLEAVING) })
	dbtest.AwaitLocked(t, g.Pool, 1, "set_residence")
	must(t, 0, changing.Commit(t.Context()))
	waiting.Wait()
	equal(t, "the name", query[string](g, `select name from workspaces where organization_id = $1`, g.Organization.ID), "before")

	g.reside(db.ResidenceHERE)
	leaving, err := g.Pool.Begin(t.Context())
	must(t, 0, err)
	_, err = leaving.Exec(t.Context(), `select set_residence($1, 'LEAVING')`, g.Organization.ID)
	must(t, 0, err)
	waiting.Go(func() {
		g.moved("an update that waits", pgx.BeginFunc(t.Context(), g.Pool, func(tx pgx.Tx) error { return rename(tx, "after") }))
	})
	dbtest.AwaitLocked(t, g.Pool, 1, "update workspaces")
	must(t, 0, leaving.Commit(t.Context()))
	waiting.Wait()
	equal(t, "the name afterwards", query[string](g, `select name from workspaces where organization_id = $1`, g.Organization.ID), "before")
}
