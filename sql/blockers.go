package sql

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// observeInterval is how often it is looked whom a change waits for: several times within lockTimeout.
	observeInterval = 25 * time.Millisecond
	// unusualWait is how long a change waits without a time-out before that is logged.
	unusualWait = 2 * time.Second
	// sayInterval is how often it is logged that a change still waits.
	sayInterval = 10 * time.Second
)

// processes are the ids of processes of PostgreSQL.
type processes struct {
	mutex sync.Mutex
	ids   map[uint32]bool
}

func (p *processes) add(id uint32) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.ids == nil {
		p.ids = map[uint32]bool{}
	}
	p.ids[id] = true
}

func (p *processes) all() []int32 {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	all := make([]int32, 0, len(p.ids))
	for id := range p.ids {
		all = append(all, int32(id)) //nolint:gosec // PostgreSQL's ids are int32
	}
	return all
}

// session is one that others wait for. What belongs to a login that this one may not look at is nil.
type session struct {
	PID         int32
	Name        *string // of its application, else what kind of process it is
	Login       *string
	State       *string  // active, idle in transaction and so on
	Query       *float64 // seconds since its last query began
	Transaction *float64 // seconds since its transaction began
}

// String says who it is and since when it has been at it.
func (s session) String() string {
	if s.PID == 0 {
		return "a prepared transaction (see pg_prepared_xacts)"
	}
	text := fmt.Sprintf("process %d", s.PID)
	if s.Name != nil {
		text += " (" + *s.Name
		if s.Login != nil {
			text += ", login " + *s.Login
		}
		text += ")"
	}
	switch {
	case s.Query == nil || s.State == nil:
	case *s.State == "active":
		text += ", whose query has run for " + seconds(*s.Query)
	default:
		text += ", " + *s.State + " since its last query, which began " + seconds(*s.Query) + " ago"
	}
	if s.Transaction != nil && s.Query != nil && *s.Transaction > *s.Query+1 {
		text += "; its transaction began " + seconds(*s.Transaction) + " ago"
	}
	return text
}

func seconds(n float64) string {
	return time.Duration(max(0, n) * float64(time.Second)).Round(100 * time.Millisecond).String()
}

// sessionColumns are the fields of session, of pg_stat_activity a.
const sessionColumns = `coalesce(nullif(a.application_name, ''), a.backend_type), a.usename::text, a.state,
	extract(epoch from clock_timestamp() - a.query_start)::double precision, extract(epoch from clock_timestamp() - a.xact_start)::double precision`

// blockers returns the sessions for whose locks any of a number of processes waits, the oldest transactions first.
func blockers(ctx context.Context, pool *pgxpool.Pool, waiting []int32) ([]session, error) {
	rows, err := pool.Query(ctx, `
		select b.pid, `+sessionColumns+`
		from (select distinct unnest(pg_blocking_pids(p.pid)) as pid from unnest($1::integer[]) p (pid)) b
		left join pg_stat_activity a on a.pid = b.pid
		where b.pid <> all ($1)
		order by a.xact_start limit 3`, waiting)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[session])
}

// holders returns the sessions whose transactions have held a table of the schema for the longest time.
func holders(ctx context.Context, pool *pgxpool.Pool) ([]session, error) {
	rows, err := pool.Query(ctx, `
		select a.pid, `+sessionColumns+`
		from pg_stat_activity a
		where a.pid <> pg_backend_pid() and a.xact_start is not null and exists (
			select from pg_locks l join pg_class c on c.oid = l.relation
			where l.pid = a.pid and l.granted and l.locktype = 'relation' and c.relnamespace = current_schema()::regnamespace
				and l.database = (select d.oid from pg_database d where d.datname = current_database()))
		order by a.xact_start limit 3`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[session])
}

// wait is how a change waits for locks.
type wait struct {
	upgrade *upgrade
	what    string
	timeout time.Duration
	stop    context.CancelFunc
	ended   chan struct{}

	mutex sync.Mutex
	seen  string    // the sessions that it last waited for
	since time.Time // when it was first seen to wait; zero: it has not waited
	said  time.Time // when that was last logged
}

// observe begins to look whom a change waits for. end must be called.
func (u *upgrade) observe(ctx context.Context, what string, timeout time.Duration) *wait {
	w := &wait{upgrade: u, what: what, timeout: timeout, ended: make(chan struct{})}
	ctx, w.stop = context.WithCancel(ctx)
	go func() {
		defer close(w.ended)
		ticker := time.NewTicker(observeInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if found, err := blockers(ctx, u.pool, u.own.all()); err == nil { // the change itself fails if the database is gone
					w.saw(found)
				}
			}
		}
	}()
	return w
}

func (w *wait) end() {
	w.stop()
	<-w.ended
}

// saw notes whom the change waits for at this moment, and logs a wait that no time-out ends: an index that is built beside writers
// waits for their transactions.
func (w *wait) saw(sessions []session) {
	if len(sessions) == 0 {
		return
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.seen = describe(sessions); w.since.IsZero() {
		w.since = time.Now()
	}
	if time.Since(w.since) > unusualWait {
		w.say()
	}
}

// failed notes and logs that an attempt did not get its locks.
func (w *wait) failed(ctx context.Context) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.since.IsZero() {
		w.since = time.Now()
	}
	if w.seen == "" { // the machine is busy, and nobody looked in time
		if found, err := holders(ctx, w.upgrade.pool); err == nil { // else the next attempt fails, too
			w.seen = describe(found)
		}
	}
	w.say()
}

func describe(sessions []session) string {
	names := make([]string, len(sessions))
	for i, s := range sessions {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}

// say logs the wait, if it has not just done so.
func (w *wait) say() {
	if !w.said.IsZero() && time.Since(w.said) < sayInterval {
		return
	}
	w.said = time.Now()
	w.upgrade.logger.Info("waiting for what is in use", "for", w.what, "by", w.seen, "waited", time.Since(w.since).Round(time.Millisecond),
		"up_to", w.timeout)
}

// by returns whom the change last waited for, as the end of a sentence; "" if it was not seen to wait.
func (w *wait) by() string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.seen == "" {
		return ""
	}
	return " by " + w.seen
}
