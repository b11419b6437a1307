package standby

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	errNotYet      = errors.New("it was not looked at yet")
	errLost        = errors.New("it does not answer")
	errPromoted    = errors.New("it takes writes itself: it is no standby")
	errOtherSystem = errors.New("it is a standby of another database")
	errOtherLine   = errors.New("it is not on the primary's timeline, or has made no restart point there yet")
	errOtherPast   = errors.New("it has another history than the primary: it is a standby of a copy, or of a server that was promoted as well")
	errBehind      = errors.New("it is behind what it was at before, as after a crash")
)

// kindOf returns which of these errors an error is. Errors of connections differ each time, and are logged once.
func kindOf(err error) error {
	for _, kind := range []error{errNotYet, errPromoted, errOtherSystem, errOtherLine, errOtherPast, errBehind} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return errLost
}

// server is a standby. The mutex of its Set guards what is below it.
type server struct {
	name  string
	pool  *pgxpool.Pool
	probe *probe

	reason  error    // why it is not used; nil: it is
	at      position // what it has replayed when it was looked at last
	looked  time.Time
	logged  error // the kind of reason for which it is left, which was logged; nil: it is used, or was not yet
	mark    mark
	session context.Context // ends when it is left
	end     context.CancelCauseFunc
}

// ended returns a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// lookAtPrimary takes a sample.
func (s *Set) lookAtPrimary(ctx context.Context) {
	began := time.Now()
	var system, lsn, pageSize int64
	var timeline int32
	err := s.primary.query(ctx, `
		select (select c.system_identifier from pg_control_system() c), ('x' || left(pg_walfile_name(i.position), 8))::bit(32)::integer,
			(i.position - '0/0')::bigint, current_setting('wal_block_size')::bigint
		-- what is committed is flushed before anybody sees it, unless commits are asynchronous. What is inserted and not flushed, a standby may
		-- get 15 s later. Both functions fail during recovery.
		from (select case current_setting('synchronous_commit') when 'off' then pg_current_wal_insert_lsn() else pg_current_wal_flush_lsn() end) i (position)`,
		&system, &timeline, &lsn, &pageSize)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if err != nil && !s.silent && ctx.Err() == nil {
		s.config.Logger.Warn("the primary does not say where it is: it answers what standbys might", "error", err)
	}
	if s.silent = err != nil; s.silent {
		return
	}
	s.samples.add(system, sample{began, insertPosition(timeline, lsn, pageSize)})
	s.tell()
}

// lookAt finds out whether a standby may be used, and how far it is.
func (s *Set) lookAt(ctx context.Context, of *server) {
	began := time.Now()
	var recovers bool
	var system int64
	var at position
	err := of.probe.query(ctx, `
		select pg_is_in_recovery(), (select c.system_identifier from pg_control_system() c),
			greatest((select c.timeline_id from pg_control_checkpoint() c), (select r.min_recovery_end_timeline from pg_control_recovery() r)),
			coalesce(pg_last_wal_replay_lsn() - '0/0', 0)::bigint`, &recovers, &system, &at.timeline, &at.lsn)
	s.mutex.Lock()
	known, newest := s.samples.system, position{}
	if last := len(s.samples.all) - 1; last >= 0 {
		newest = s.samples.all[last].position
	}
	s.mutex.Unlock()
	switch {
	case err != nil:
	case !recovers:
		err = errPromoted
	case known == 0: // the primary has not answered yet
		err = errNotYet
	case system != known:
		err = errOtherSystem
	case at.timeline != newest.timeline:
		err = errOtherLine
	default:
		err = s.verify(ctx, of, at)
	}
	if err != nil {
		s.leave(of, err)
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if of.reason != nil {
		of.reason, of.logged = nil, nil
		of.session, of.end = context.WithCancelCause(context.WithoutCancel(ctx))
		s.config.Logger.Info("a standby answers reads", "standby", of.name, "lag", s.samples.lag(at, time.Now()))
	}
	of.at, of.looked = at, began
	s.tell()
}

// leave stops to use a standby, and ends what it was asked. It is used again when a look finds it fit.
func (s *Set) leave(of *server, reason error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.leaveLocked(of, reason)
}

func (s *Set) leaveLocked(of *server, reason error) {
	if kind := kindOf(reason); !errors.Is(reason, errNotYet) && !errors.Is(reason, context.Canceled) && !errors.Is(of.logged, kind) {
		of.logged = kind
		s.config.Logger.Warn("a standby answers no reads until it is fit: the primary does", "standby", of.name, "error", reason)
	}
	used := of.reason == nil
	of.reason = reason
	if used {
		of.end(reason)
		of.pool.Reset() // what is open may lead to a server that is gone
	}
	s.tell()
}
