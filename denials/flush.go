package denials

import (
	"context"
	"time"

	"github.com/google/uuid"

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

// flush writes the counts in one statement. Where that certainly took no effect they are kept for the next time; where nobody knows, they
// are given up: a count may be too low, and is never too high.
func (c *Counter) flush() {
	rows := c.take()
	if len(rows) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	switch sent, err := c.write(ctx, rows); {
	case err == nil:
	case !sent || db.TookNoEffect(err):
		c.config.Logger.Warn("counts of denied requests are not written; they are tried again", "rows", len(rows), "error", err)
		c.putBack(rows)
	default:
		c.config.Logger.Warn("counts of denied requests are given up", "rows", len(rows), "error", err)
		c.config.Lost(requestsOf(rows))
	}
}

// write adds counts to the database, and tells whether the statement was sent.
func (c *Counter) write(ctx context.Context, rows map[row]tally) (sent bool, err error) {
	connection, err := c.config.Pool.Acquire(ctx)
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
