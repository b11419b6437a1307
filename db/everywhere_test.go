package db_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// unasked are many databases, which no statement is sent to.
type unasked []*pgxpool.Pool

func (u unasked) Of(context.Context, *uuid.UUID) (*pgxpool.Pool, error) { return u[0], nil }
func (u unasked) Moved(context.Context, uuid.UUID, *pgxpool.Pool) (*pgxpool.Pool, error) {
	return u[0], nil
}
func (u unasked) All() []*pgxpool.Pool { return u }

// Guarantee: of very many databases 64 are asked at a time, each once; no further ones when the caller has heard enough; and next time those first in which something was
// found. Ones that hang make room for the others.
func TestManyDatabasesAreAskedInPart(t *testing.T) {
	t.Parallel()
	const databases, most, silent = 300, 64, 100
	pools := unasked{}
	for range databases {
		pool, err := db.NewPool(t.Context(), db.PoolConfig{URL: "postgres://nobody@192.0.2.1/none"})
		pools = append(pools, must(t, pool, err))
		t.Cleanup(pool.Close)
	}
	synctest.Test(t, func(t *testing.T) {
		const each = 10 * time.Millisecond
		several := db.NewRoutedDB(pools)
		var asked, asking, atOnce atomic.Int64
		var mutex sync.Mutex
		var order []*db.TenantDB
		ask := func(_ context.Context, on *db.TenantDB) (*db.TenantDB, error) {
			mutex.Lock()
			order = append(order, on)
			mutex.Unlock()
			asked.Add(1)
			atOnce.Store(max(atOnce.Load(), asking.Add(1)))
			defer asking.Add(-1)
			<-time.After(each)
			return on, nil
		}
		answers := map[*db.TenantDB]bool{}
		for on, err := range db.Everywhere(t.Context(), several, ask) {
			answers[must(t, on, err)] = true
		}
		equal(t, "answers", len(answers), databases)
		equal(t, "questions", asked.Load(), databases)
		equal(t, "at once", atOnce.Load(), most)

		wanted := order[databases-1]
		for range 2 {
			began := time.Now()
			asked.Store(0)
			for on, err := range db.Everywhere(t.Context(), several, ask) {
				if must(t, on, err) == wanted {
					break
				}
			}
			<-time.After(time.Second) // what was asked is answered, and no more is asked
			if time.Since(began) > time.Second+each {
				continue // it was not known yet where it is
			}
			if asked.Load() > 2*most {
				t.Errorf("%d questions for what is found in the first database", asked.Load())
			}
			return
		}
		t.Error("the database in which something was found is not asked first")
	})
	synctest.Test(t, func(t *testing.T) {
		var asked, answered atomic.Int64
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for _, err := range db.Everywhere(ctx, db.NewRoutedDB(pools), func(ctx context.Context, _ *db.TenantDB) (int, error) {
			if asked.Add(1) <= silent {
				<-ctx.Done()
			}
			return 0, ctx.Err()
		}) {
			if err == nil {
				answered.Add(1)
			}
		}
		equal(t, "answers of those that do not hang", answered.Load(), databases-silent)
	})
}
