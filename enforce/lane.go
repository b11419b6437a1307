package enforce

import (
	"sync"

	"bursar/db"
)

// lane runs the requests of some organizations. Batches that change counters run one at a time: they would wait for each
// other at their organization's lock in the database, where each occupies a connection and takes no more requests. Here they
// wait in a queue, and the next batch is all of it. Checks take no lock; readers of them run at a time.
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
		// a request id makes a request idempotent: it is answered with what is stored
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

func newQueue[R any](on db.DBTX, config Config, operation Operation, run statement[R], idempotent func(*R) bool) *queue[R] {
	return &queue[R]{
		calls: make(chan *call[R], config.MaxQueue), run: run, idempotent: idempotent, on: on,
		maxBatch: config.MaxBatch, timeout: config.Timeout,
		operation: operation, observer: config.Observer, tracer: config.Tracer,
	}
}

// close returns when the queued requests are answered. No request may be added afterwards.
func (l *lane) close() {
	close(l.check.calls)
	close(l.reserve.calls)
	close(l.record.calls)
	close(l.release.calls)
	close(l.extend.calls)
	l.running.Wait()
}

// write runs batches of all kinds that change counters, one at a time, until all queues are closed and empty.
func (l *lane) write() {
	reserve, record, release, extend := l.reserve.calls, l.record.calls, l.release.calls, l.extend.calls
	for reserve != nil || record != nil || release != nil || extend != nil {
		select { // picks at random among the queues with requests, so that none starves
		case first, ok := <-reserve:
			reserve = runBatch(l.reserve, first, ok)
		case first, ok := <-record:
			record = runBatch(l.record, first, ok)
		case first, ok := <-release:
			release = runBatch(l.release, first, ok)
		case first, ok := <-extend:
			extend = runBatch(l.extend, first, ok)
		}
	}
}

// runBatch runs one batch and returns the channel to receive the next from; nil when it is closed, which blocks for ever.
func runBatch[R any](q *queue[R], first *call[R], ok bool) chan *call[R] {
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
