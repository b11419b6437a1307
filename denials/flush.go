package denials

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// Close writes what was counted and ends the counter. No request may be counted afterwards.
func (c *Counter) Close() {
	c.stop()
	<-c.stopped
}

// run writes the counts at intervals, and a last time when the context ends.
func (c *Counter) run(ctx context.Context) {
	defer close(c.stopped)
	due := time.NewTicker(c.config.Interval)
	defer due.Stop()
	for {
		select {
		case <-due.C:
			c.flush()
		case <-ctx.Done():
			c.flush()
			return
		}
	}
}

// flush writes the counts, in one statement for each database.
func (c *Counter) flush() {
	rows := c.take()
	if len(rows) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	if c.config.Route == nil {
		c.flushTo(ctx, c.config.Pool, rows)
		return
	}
	var flushes sync.WaitGroup // so that a database that does not answer keeps none of the others waiting
	for pool, own := range c.divide(ctx, rows) {
		flushes.Go(func() { c.flushTo(ctx, pool, own) })
	}
	flushes.Wait()
}

// divide returns the counts of each database. Those of the operator's requests, who names no organization, are offered to all: each takes the counts of the keys that it
// decides for.
func (c *Counter) divide(ctx context.Context, rows map[row]tally) map[*pgxpool.Pool]map[row]tally {
	divided := map[*pgxpool.Pool]map[row]tally{}
	for r, counted := range rows {
		pools := c.config.Route.All()
		if r.callerID != uuid.Nil {
			pool, err := c.config.Route.Of(ctx, &r.callerID)
			if err != nil {
				c.config.Logger.Warn("counts of denied requests are not written; they are tried again", "rows", 1, "error", err)
				c.putBack(map[row]tally{r: counted})
				continue
			}
			pools = []*pgxpool.Pool{pool}
		}
		for _, pool := range pools {
			if divided[pool] == nil {
				divided[pool] = map[row]tally{}
			}
			divided[pool][r] = counted
		}
	}
	return divided
}

// flushTo writes counts in one statement. Where that certainly took no effect they are kept for the next time; where nobody knows, and where they were offered to several
// databases, they are given up: a count may be too low, and is never too high.
func (c *Counter) flushTo(ctx context.Context, pool *pgxpool.Pool, rows map[row]tally) {
	switch sent, err := c.write(ctx, pool, rows); {
	case err == nil:
	case !sent || db.TookNoEffect(err):
		c.config.Logger.Warn("counts of denied requests are not written; they are tried again", "rows", len(rows), "error", err)
		c.putBack(c.ofOne(rows))
	default:
		c.config.Logger.Warn("counts of denied requests are given up", "rows", len(rows), "error", err)
		c.config.Lost(requestsOf(rows))
	}
}

// ofOne returns the counts that were offered to one database alone.
func (c *Counter) ofOne(rows map[row]tally) map[row]tally {
	if c.config.Route != nil {
		maps.DeleteFunc(rows, func(r row, counted tally) bool {
			if r.callerID == uuid.Nil {
				c.config.Lost(counted.requests)
			}
			return r.callerID == uuid.Nil
		})
	}
	return rows
}

// write adds counts to the database, and tells whether the statement was sent.
func (c *Counter) write(ctx context.Context, pool *pgxpool.Pool, rows map[row]tally) (sent bool, err error) {
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer connection.Release()
	_, err = db.New().CountDenials(ctx, connection, paramsOf(rows))
	return true, err
}

// take returns the counts, and begins again at none; nil when there are none. The map that it returns is its caller's alone.
func (c *Counter) take() map[row]tally {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.rows) == 0 {
		return nil
	}
	rows := c.rows
	c.rows = map[row]tally{}
	return rows
}

// putBack adds counts that were not written to those that have come since.
func (c *Counter) putBack(rows map[row]tally) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for r, counted := range rows {
		c.add(r, counted)
	}
}

func requestsOf(rows map[row]tally) (requests int64) {
	for _, counted := range rows {
		requests += counted.requests
	}
	return requests
}

func paramsOf(rows map[row]tally) *db.CountDenialsParams {
	p := &db.CountDenialsParams{}
	for r, counted := range rows {
		p.OrganizationIDs = append(p.OrganizationIDs, r.organizationID)
		p.APIKeyIDs = append(p.APIKeyIDs, r.apiKeyID)
		p.LimitIDs = append(p.LimitIDs, r.limitID)
		kind := r.limitKind
		if r.limitID == uuid.Nil {
			kind = db.LimitKindBUDGET // which is not read: no limit was the reason
		}
		p.LimitKinds = append(p.LimitKinds, string(kind))
		p.Shadow = append(p.Shadow, r.shadow)
		p.Reasons = append(p.Reasons, string(r.reason))
		p.Hours = append(p.Hours, time.Unix(r.hour, 0))
		p.Denials = append(p.Denials, counted.denials)
		p.Requests = append(p.Requests, counted.requests)
	}
	return p
}
