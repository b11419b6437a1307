package enforce

import (
	"sync"

	"bursar/db"
)

// lane carries the requests of some organizations. Whatever changes counters takes turns: an organization's batches would
// wait for each other at its row in the database, where they keep a connection and can no longer grow, so they wait here and
// gather. Checks lock nothing and have turns of their own.
type lane struct {
	check   *queue[CheckRequest]
	reserve *queue[ReserveRequest]
	record  *queue[RecordRequest]
	release *queue[HoldRequest]
	extend  *queue[HoldRequest]
	running sync.WaitGroup
}

func newLane(on db.DBTX, config Config) *lane {
	l := &lane{
		check: newQueue(on, config, CheckUsage, checkUsage, func(*CheckRequest) bool { return true }),
		// a request id that was used is answered with what it did
		reserve: newQueue(on, config, ReserveUsage, reserveUsage, func(r *ReserveRequest) bool { return r.RequestID != "" }),
		record:  newQueue(on, config, RecordUsage, recordUsage, func(r *RecordRequest) bool { return r.RequestID != "" }),
		release: newQueue(on, config, ReleaseReservation, releaseReservations, func(*HoldRequest) bool { return true }),
		extend:  newQueue(on, config, ExtendReservation, extendReservations, func(*HoldRequest) bool { return true }),
	}
	l.running.Go(l.write)
	for range readers {
		l.running.Go(l.read)
	}
	return l
}

func newQueue[R any](on db.DBTX, config Config, operation Operation, run statement[R], repeated func(*R) bool) *queue[R] {
	return &queue[R]{
		calls: make(chan *call[R], config.MaxQueue), run: run, repeated: repeated, on: on,
		maxBatch: config.MaxBatch, patience: config.Patience,
		operation: operation, observer: config.Observer, tracer: config.Tracer,
	}
}

// close lets the queued requests be answered and ends the lane; none may be added any more.
func (l *lane) close() {
	close(l.check.calls)
	close(l.reserve.calls)
	close(l.record.calls)
	close(l.release.calls)
	close(l.extend.calls)
	l.running.Wait()
}

// write works the kinds that change counters, one batch at a time, until all queues are closed and empty.
func (l *lane) write() {
	reserve, record, release, extend := l.reserve.calls, l.record.calls, l.release.calls, l.extend.calls
	for reserve != nil || record != nil || release != nil || extend != nil {
		select { // among those that wait the choice is random, so that none waits for ever
		case first, ok := <-reserve:
			reserve = turn(l.reserve, first, ok)
		case first, ok := <-record:
			record = turn(l.record, first, ok)
		case first, ok := <-release:
			release = turn(l.release, first, ok)
		case first, ok := <-extend:
			extend = turn(l.extend, first, ok)
		}
	}
}

// turn works one batch and returns the channel to wait on: none once it is closed.
func turn[R any](q *queue[R], first *call[R], ok bool) chan *call[R] {
	if !ok {
		return nil
	}
	q.work(first)
	return q.calls
}

func (l *lane) read() {
	for first := range l.check.calls {
		l.check.work(first)
	}
}
