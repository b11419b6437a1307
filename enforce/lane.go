package enforce

import (
	"encoding/binary"
	"sync"

	"github.com/google/uuid"

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

	lease    *queue[LeaseRequest]
	giveBack *queue[ReturnRequest]

	writes, reads chan struct{} // wake the writer and the readers
	running       sync.WaitGroup
}

// lanes are those of one database.
type lanes []*lane

func newLanes(on db.DBTX, config Config) (all lanes) {
	for range config.Lanes {
		all = append(all, newLane(on, config))
	}
	return all
}

// of returns the lane of an organization; the operator, who names none, has one of them and a share like an organization.
func (l lanes) of(organizationID uuid.UUID) *lane {
	random := binary.BigEndian.Uint64(organizationID[8:]) // of a UUID of version 7; 0 for the zero id
	return l[random%uint64(len(l))]
}

func (l lanes) close() {
	for _, one := range l {
		one.close()
	}
}

func newLane(on db.DBTX, config Config) *lane {
	// an element for each goroutine that may have to be told
	l := &lane{writes: make(chan struct{}, 1), reads: make(chan struct{}, readers)}
	l.check = newQueue(on, config, l.reads, CheckUsage, checkUsage, func(*CheckRequest) bool { return true })
	// a request id makes a request idempotent: it is answered with what is stored
	l.reserve = newQueue(on, config, l.writes, ReserveUsage, countingDenials(config.Denials, reserveUsage), func(r *ReserveRequest) bool { return r.RequestID != "" })
	l.record = newQueue(on, config, l.writes, RecordUsage, recordUsage, func(r *RecordRequest) bool { return r.RequestID != "" })
	l.record.maxBatch *= reportsPerRequest
	l.release = newQueue(on, config, l.writes, ReleaseReservation, releaseReservations, func(*HoldRequest) bool { return true })
	l.extend = newQueue(on, config, l.writes, ExtendReservation, extendReservations, func(*HoldRequest) bool { return true })
	l.lease = newQueue(on, config, l.writes, LeaseUsage, leaseUsage, func(r *LeaseRequest) bool { return r.RequestID != "" })
	l.giveBack = newQueue(on, config, l.writes, ReturnLease, returnLeases, func(*ReturnRequest) bool { return true })
	l.running.Go(func() { serve(l.writes, l.write) })
	for range readers {
		l.running.Go(func() { serve(l.reads, l.check.work) })
	}
	return l
}

func newQueue[R any](
	on db.DBTX, config Config, wake chan<- struct{}, operation Operation, run statement[R], idempotent func(*R) bool,
) *queue[R] {
	return &queue[R]{
		backlog: backlog[R]{slots: config.MaxQueue, flows: map[uuid.UUID]*flow[R]{}}, wake: wake,
		run: run, idempotent: idempotent, on: on, maxBatch: config.MaxBatch, timeout: config.Timeout, delay: refusalDelay,
		operation: operation, observer: config.Observer, tracer: config.Tracer,
	}
}

// close returns when the queued requests are answered. No request may be added afterwards.
func (l *lane) close() {
	close(l.writes)
	close(l.reads)
	l.running.Wait()
}

// serve works whenever it is woken, until there is nothing to do. It ends when the channel is closed and empty: a request that
// was added before has an element in it, or will be found because of an earlier one.
func serve(wake <-chan struct{}, work func() bool) {
	for range wake {
		for work() {
		}
	}
}

// write runs one batch of each kind that changes counters, one at a time, so that no kind waits for more than one batch of
// another. It reports false if nobody waits.
func (l *lane) write() bool {
	reserved, recorded := l.reserve.work(), l.record.work()
	released, extended := l.release.work(), l.extend.work()
	leased, returned := l.lease.work(), l.giveBack.work()
	return reserved || recorded || released || extended || leased || returned
}
