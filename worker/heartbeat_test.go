package worker

import (
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/delivery"
	"bursar/delivery/deliverytest"
	"bursar/worker/job"
)

// A job of a worker that was killed counts as running for 45 s at most, in a sweep of minutes as well, and it is taken from no worker
// that runs, whatever the clock of the machine shows that looks. One that runs for longer than its kind may is taken, too.
func TestJobsAreTakenFromKilledWorkers(t *testing.T) {
	t.Parallel()
	if longest := silence + beatInterval + beatTimeout; longest > 45*time.Second {
		t.Errorf("a job of a killed worker counts as running for %s", longest)
	}
	f := newFixture(t)
	const aliveFor, killed, future = 5 * time.Second, silence + time.Second, -8 * 24 * time.Hour
	limit := (*reservationSweeper)(nil).Timeout(nil)
	for name, c := range map[string]struct {
		seen, began time.Duration // ago; seen 0: never
		taken       bool
	}{
		"works":                        {aliveFor, killed, false},
		"works for long":               {aliveFor, limit, false},
		"works for longer than it may": {aliveFor, limit + silence + time.Second, true},
		"killed":                       {killed, killed, true},
		"killed just now":              {killed, aliveFor, false},
		"deleted when it stopped":      {0, killed, true},
		"of a clock that was ahead":    {future, future, true},
		"begun by a clock that was":    {aliveFor, future, false},
	} {
		f.Exec(`delete from river_job`)
		f.Exec(`delete from workers`)
		f.Exec(`insert into workers (id, seen_at, clock_offset) select 'other', clock_timestamp() - $1::interval, '0' where $1::interval <> '0'`, c.seen)
		f.Exec(`insert into river_job (kind, state, args, max_attempts, queue, attempt, attempted_at, attempted_by)
			values ('sweep_reservations', 'running', '{}', 1, 'maintenance', 1, clock_timestamp() - $1::interval, '{first,other}')`, c.began)
		must(t, f.worker(&deliverytest.Sender{}).heartbeat.rescue(t.Context()))
		var taken bool
		must(t, f.Pool.QueryRow(t.Context(), `select state = 'discarded' and finalized_at is not null and
			errors[1]->>'error' = 'its worker was killed or hangs' from river_job`).Scan(&taken))
		if taken != c.taken {
			t.Errorf("%s: taken %t, want %t", name, taken, c.taken)
		}
	}
}

// A worker that takes over from one that was killed in a sweep sweeps, without waiting for the time that a sweep may take.
func TestSweepGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.reserve(10, time.Now().Add(-time.Hour))
	dead := f.worker(&deliverytest.Sender{})
	_, err := dead.Client().Insert(t.Context(), job.SweepReservations{}, nil)
	must(t, err)
	f.Exec(`update river_job set state = 'running', attempt = 1, attempted_by = '{killed}', attempted_at = clock_timestamp() - $1::interval`,
		silence+time.Second)
	f.start(f.restless(&deliverytest.Sender{}))
	f.eventually("nothing is swept", `select status = 'EXPIRED' from reservations`)
}

// The others see a worker from before its first job until it has stopped, and the operator its machine's clock.
func TestWorkersAreSeen(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Exec(`insert into workers (id, seen_at, clock_offset) values
		('of last week', clock_timestamp() - interval '7 days', '0'), ('of next week', clock_timestamp() + interval '7 days', '1 day')`)
	seen := func(want int64) {
		t.Helper()
		clocks, err := db.New().FindWorkerClocks(t.Context(), f.Pool, silence)
		must(t, err)
		if clocks.Workers != want || clocks.OffsetSeconds < -60 || clocks.OffsetSeconds > 60 {
			t.Errorf("%d workers are seen, the farthest %v s off, want %d on one machine", clocks.Workers, clocks.OffsetSeconds, want)
		}
	}
	seen(0)
	first, second := f.start(f.config(&deliverytest.Sender{})), f.start(f.config(&deliverytest.Sender{}))
	seen(2)
	must(t, first.Stop(t.Context()))
	seen(1)
	f.Exec(`update workers set clock_offset = '-600 s'`)
	clocks, err := db.New().FindWorkerClocks(t.Context(), f.Pool, silence)
	must(t, err)
	if clocks.OffsetSeconds != -600 {
		t.Errorf("the offset is %v s, want the one that is stored", clocks.OffsetSeconds)
	}
	must(t, second.Stop(t.Context()))
	seen(0)
	var rows int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*) from workers`).Scan(&rows))
	if rows != 0 {
		t.Errorf("%d rows of workers that are long gone are left", rows)
	}
}

// When the database's clock is put back while a worker runs, as by a failover to a machine that is behind, the worker goes on at once:
// its schedules are computed anew, and mail that the clock before put off is due.
func TestTheDatabasesClockIsPutBack(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Exec(`update mail_pace set next_call_at = clock_timestamp() + interval '9 minutes'`)
	f.Alert()
	f.Exec(`update alert_deliveries set next_attempt_at = clock_timestamp() + interval '9 minutes'`)
	worker := f.start(f.config(&deliverytest.Sender{}))
	f.eventually("the worker does not lead", `select count(*) = 1 from river_job where kind = 'clean_up' and state = 'completed'`)
	worker.heartbeat.clock.mutex.Lock()
	worker.heartbeat.clock.database = worker.heartbeat.clock.database.Add(10 * time.Minute) // what it showed before it was put back
	worker.heartbeat.clock.mutex.Unlock()
	must(t, worker.heartbeat.beat(t.Context()))
	f.eventually("the schedules are not computed anew", `select count(*) = 2 from river_job where kind = 'clean_up' and state = 'completed'`)
	f.eventually("the mail waits", `select status = 'SENT' from alert_deliveries`)
}

// What a clock that was days ahead has put off is due when a worker starts: mail, its throttle, jobs and the lead of a worker that is
// gone. What waits for as long as it may goes on waiting.
func TestWorkerStartsAfterAClockThatWasAhead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.Alert()
	f.Exec(`update alert_deliveries set next_attempt_at = clock_timestamp() + interval '8 days'`)
	f.Exec(`update mail_pace set next_call_at = clock_timestamp() + interval '8 days'`)
	f.Exec(`insert into river_leader (name, leader_id, elected_at, expires_at)
		values ('default', 'killed', clock_timestamp() + interval '8 days', clock_timestamp() + interval '8 days 15 seconds')`)
	worker := f.worker(&deliverytest.Sender{})
	for _, args := range allArgs() {
		_, err := worker.Client().Insert(t.Context(), args, nil)
		must(t, err)
	}
	f.Exec(`update river_job set scheduled_at = scheduled_at + interval '8 days'`)
	must(t, worker.Start(t.Context()))
	f.eventually("jobs wait", `select count(distinct kind) = $1 from river_job where state = 'completed'`, len(allArgs()))
	f.eventually("the mail waits", `select status = 'SENT' from alert_deliveries`)

	f.Exec(`update alert_deliveries set status = 'QUEUED', sent_at = null, next_attempt_at = clock_timestamp() + $1::interval`, delivery.MaxBackoff)
	must(t, worker.heartbeat.hasten(t.Context(), delivery.MaxBackoff+time.Minute))
	var waits bool
	must(t, f.Pool.QueryRow(t.Context(), `select next_attempt_at > clock_timestamp() + interval '50 minutes' from alert_deliveries`).Scan(&waits))
	if !waits {
		t.Error("a mail that waits for as long as it may was made due")
	}
}

// River enqueues what falls due together in one statement, which fails when two of its rows are one unique job: no kind has two
// schedules.
func TestOneScheduleForEachJob(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	config, err := f.config(&deliverytest.Sender{}).withDefaults()
	must(t, err)
	jobs := periodicJobs(config)
	kinds := map[string]bool{}
	for _, periodic := range jobs {
		kinds[periodic.args.Kind()] = true
	}
	if len(kinds) != len(jobs) || len(riverJobs(jobs)) >= len(jobs) {
		t.Errorf("%d schedules of %d kinds, of which River has %d; want one each, and that of the mail watched", len(jobs), len(kinds), len(riverJobs(jobs)))
	}
	if len(jobTimeouts()) != len(kinds) {
		t.Errorf("%d kinds have timeouts, want %d", len(jobTimeouts()), len(kinds))
	}
	// the reason: two rows of one unique job in one statement
	client := f.worker(&deliverytest.Sender{}).Client()
	if _, err := client.InsertMany(t.Context(), []river.InsertManyParams{{Args: job.ClosePeriods{}}, {Args: job.ClosePeriods{}}}); err == nil {
		t.Error("River enqueues two rows of one unique job in one statement: it may have two schedules")
	}
}

// Guarantee: a worker says that it does not work its jobs before it has started, when the database has not heard from it for as long as others
// wait before they take its jobs, and from the moment that it is asked to stop.
func TestWorkerSaysWhetherItWorks(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	w := f.worker(&deliverytest.Sender{})
	problem := func(want string) {
		t.Helper()
		if err := w.Problem(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("the problem is %v, want %q", err, want)
		}
	}
	problem("has not started")
	must(t, w.Start(t.Context()))
	problem("")
	w.heartbeat.seen.Store(new(time.Now().Add(-silence - time.Second)))
	problem("for 31s")
	must(t, w.heartbeat.beat(t.Context()))
	problem("")
	must(t, w.Stop(t.Context()))
	problem("stops")
}
