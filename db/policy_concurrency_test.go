package db_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"bursar/db/dbtest"
)

// 100 clients of two servers race for 25 users, "$1 a user": of each user exactly as many requests are admitted as fit, whoever makes the user's
// group first, and whether requests are settled, released or left open meanwhile; verify agrees. A server whose transactions are killed midway leaves
// nothing behind.
func TestRaceForGroupsIsExact(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	const users, clients, rounds = 25, 100, 5 // 20 requests for each user, of which 10 fit
	pools := twoPools(t)
	g := newGatewayIn(t, pools[0])
	g.newPolicy(policy{limits: []policyLimit{policyRate("REQUESTS", "WEEK", 1_000_000)}})
	perUser := g.newPolicy(policy{groupBy: []string{"metadata.user"}, limits: []policyLimit{policyBudget("COST", "MONTHLY", dollar)}})
	var admitted [users]atomic.Int64
	var waiting sync.WaitGroup
	for client := range clients {
		waiting.Go(func() {
			for round := range rounds {
				u := (client + round) % users
				e := estimateCost(dollar / 10).of(user(fmt.Sprint("user-", u)))
				if round == 0 && client%4 == 0 { // killed before it commits
					tx, err := pools[client%2].Begin(context.Background())
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := g.reserveOn(tx, nil, e); err != nil {
						t.Error(err)
					}
					if err := tx.Rollback(context.Background()); err != nil {
						t.Error(err)
					}
				}
				answers, err := g.reserveOn(pools[client%2], nil, e)
				if err != nil {
					t.Error(err)
					return
				}
				if answers[0].Allowed {
					admitted[u].Add(1)
					if round%2 == 0 {
						if _, err := g.recordOn(pools[(client+1)%2], nil, reportCost(dollar/10).settling(answers[0].Reservation.ID)); err != nil {
							t.Error(err)
						}
					}
				}
			}
		})
	}
	waiting.Wait()
	for u := range users {
		equal(t, fmt.Sprint("admitted of user ", u), admitted[u].Load(), 10)
	}
	equal(t, "groups that are not full", query[int64](g, `select count(*) from policy_groups g join counters c on c.subject_id = g.id
		where g.policy_id = $1 and c.used_units + c.reserved_units <> 1000000000`, perUser), 0)
	equal(t, "groups", query[int64](g, `select count(*) from policy_groups where policy_id = $1`, perUser), users)
	g.verified()
}
