package worker

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"bursar/db"
	"bursar/delivery"
	"bursar/delivery/deliverytest"
	"bursar/worker/job"
)

// rowsOfOrganization returns all rows of an organization, as one text.
func (f *fixture) rowsOfOrganization() (all string) {
	f.T.Helper()
	var tables []string
	must(f.T, f.Pool.QueryRow(f.T.Context(), `select array_agg(c.relname::text order by c.relname) from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`).Scan(&tables))
	for _, table := range tables {
		var rows string
		must(f.T, f.Pool.QueryRow(f.T.Context(), `select coalesce(string_agg(t::text, E'\n' order by t::text), '') from `+table+` t
			where t.organization_id = $1`, f.Organization.ID).Scan(&rows))
		all += table + "\n" + rows + "\n"
	}
	return all
}

// everythingDue gives the tenant something for each job to do.
func (f *fixture) everythingDue() {
	f.T.Helper()
	f.Budget(db.LimitPeriodDAILY, 1000, time.Now().AddDate(0, 0, -2))
	f.reserve(10, time.Now().Add(-time.Hour)) // to be swept
	f.Alert()                                 // to be mailed, and usage to be rolled up
	f.simulation()
	f.Exec(`insert into repricings (organization_id, from_time, to_time) values ($1, now() - interval '1 day', now())`, f.Organization.ID)
	f.Exec(`insert into control_requests (organization_id, request_id, fingerprint, object_id, created_at)
		values ($1, 'old', '', gen_random_uuid(), now() - interval '30 days')`, f.Organization.ID)
	f.Exec(`insert into usage_event_requests (organization_id, request_id, api_key_id, fingerprint, usage_event_id, recorded_at)
		values ($1, 'old', $2, '', gen_random_uuid(), now() - interval '30 days')`, f.Organization.ID, f.Key.ID)
	f.Exec(`insert into api_key_secrets (organization_id, api_key_id, secret_hash, transition_ends_at)
		values ($1, $2, sha256(uuid_send(gen_random_uuid())), now() - interval '25 hours')`, f.Organization.ID, f.Key.ID)
	f.Exec(`insert into reservations (organization_id, id, api_key_id, request_id, fingerprint, status, requests, tokens, cost_nanos,
			counter_ids, period_numbers, admitted_at, expires_at, closed_at)
		select $1, uuid_v7(t), $2, 'old', '', 'SETTLED', 1, 1, 1, '{}', '{}', t, t, t from (select now() - interval '8 days' as t) n`,
		f.Organization.ID, f.Key.ID)
	f.Exec(`insert into budget_hours (organization_id, counter_id, period_number, bucket_start, units)
		values ($1, gen_random_uuid(), 1, date_trunc('hour', now()), 1)`, f.Organization.ID)
	f.Exec(`insert into webhooks (organization_id, name, url, format, events, secret)
		select $1, 'x', 'https://example.com/', (enum_range(null::webhook_format))[1], '{EXHAUSTED}', sha256('x')`, f.Organization.ID)
	f.Exec(`select test_webhook($1, id) from webhooks where organization_id = $1`, f.Organization.ID)
}

// jobs runs each job that changes rows of organizations once. What webhooks are due is claimed, not sent.
func (f *fixture) jobs(sender *deliverytest.Sender) {
	f.T.Helper()
	discard := slog.New(slog.DiscardHandler)
	for _, run := range []func() error{
		func() error {
			return work(f.T.Context(), &periodCloser{pool: f.Pool, logger: discard, chunk: closeChunk})
		},
		func() error {
			return work(f.T.Context(), &reservationSweeper{pool: f.Pool, logger: discard, chunk: sweepChunk})
		},
		func() error {
			return work(f.T.Context(), &usageRoller{pool: f.Pool, logger: discard, chunk: rollUpChunk})
		},
		func() error {
			return work(f.T.Context(), &usageRepricer{pool: f.Pool, logger: discard, chunk: repriceChunk})
		},
		func() error { return work(f.T.Context(), f.simulator(time.Minute)) },
		func() error {
			return work(f.T.Context(), &cleaner{pool: f.Pool, logger: discard, chunk: cleanUpChunk, keep: 1})
		},
		func() error {
			var dispatcher river.Worker[job.DispatchAlerts] = &alertDispatcher{dispatcher: f.dispatcher(delivery.Config{Sender: sender})}
			return work(f.T.Context(), dispatcher)
		},
		func() error {
			_, err := db.New().ClaimWebhookDeliveries(f.T.Context(), f.Pool,
				&db.ClaimWebhookDeliveriesParams{Number: 10, PerOrganization: 10, Lease: time.Minute})
			return err
		},
	} {
		must(f.T, run())
	}
}

// due tells whether any job has something to do.
func (f *fixture) due() (due []string) {
	f.T.Helper()
	ctx, queries := f.T.Context(), db.New()
	for name, ask := range map[string]func() (bool, error){
		"sweep":    func() (bool, error) { return queries.HasReservationsToSweep(ctx, f.Pool) },
		"reprice":  func() (bool, error) { return queries.HasUnfinishedRepricings(ctx, f.Pool) },
		"simulate": func() (bool, error) { return queries.HasSimulations(ctx, f.Pool) },
		"roll up":  func() (bool, error) { return queries.HasUsageToRollUp(ctx, f.Pool) },
		"mail":     func() (bool, error) { wait, err := queries.NextMailDue(ctx, f.Pool); return wait < time.Hour, err },
		"webhooks": func() (bool, error) { wait, err := queries.NextWebhookDue(ctx, f.Pool); return wait < time.Hour, err },
		"to sweep": func() (bool, error) {
			ids, err := queries.ListOrganizationsToSweep(ctx, f.Pool, nil)
			return len(ids) > 0, err
		},
		"to close": func() (bool, error) {
			ids, err := queries.ListOrganizationsToClose(ctx, f.Pool, nil)
			return len(ids) > 0, err
		},
		"to price": func() (bool, error) {
			rows, err := queries.ListUnfinishedRepricings(ctx, f.Pool)
			return len(rows) > 0, err
		},
		"to add up": func() (bool, error) {
			ids, err := queries.ListOrganizationsToRollUp(ctx, f.Pool)
			return len(ids) > 0, err
		},
	} {
		is, err := ask()
		must(f.T, err)
		if is {
			due = append(due, name)
		}
	}
	return due
}

// Guarantee: jobs leave an organization alone that is not here, and nothing is due for it; they do their work for others meanwhile, and for it when it is
// here again.
func TestJobsLeaveMovedOrganizationsAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	other := &fixture{deliverytest.NewFixture(t, f.Pool)}
	f.everythingDue()
	other.everythingDue()
	f.Exec(`select set_residence($1, 'LEAVING')`, f.Organization.ID)
	before, othersBefore := f.rowsOfOrganization(), other.rowsOfOrganization()
	sender := &deliverytest.Sender{}
	f.jobs(sender)
	if f.rowsOfOrganization() != before {
		t.Error("a job has changed the organization")
	}
	if other.rowsOfOrganization() == othersBefore {
		t.Error("the other organization's jobs have done nothing")
	}
	if f.Exec(`delete from webhook_deliveries where organization_id = $1`, other.Organization.ID); len(f.due()) > 0 {
		t.Errorf("%v are due", f.due())
	}
	if sender.Received(f.OwnerAddress()) != 0 || sender.Received(other.OwnerAddress()) == 0 {
		t.Errorf("%d mails for the organization, and %d for the other", sender.Received(f.OwnerAddress()), sender.Received(other.OwnerAddress()))
	}

	f.Exec(`select set_residence($1, 'HERE')`, f.Organization.ID)
	if due := f.due(); len(due) != 10 {
		t.Errorf("here again, only %v are due", due)
	}
	f.MakeDue()
	f.jobs(sender)
	if f.rowsOfOrganization() == before || sender.Received(f.OwnerAddress()) == 0 {
		t.Error("the jobs have not gone on")
	}
	for _, one := range []*fixture{f, other} {
		differences, err := db.New().FindLedgerDifferences(t.Context(), f.Pool, one.Organization.ID)
		if err != nil || len(differences) != 0 {
			t.Errorf("differences from the ledger: %+v, error %v", differences, err)
		}
	}
}

// Guarantee: an organization that leaves after a job has listed it is passed over, and is no failure of the job.
func TestOrganizationsThatLeaveMeanwhileArePassedOver(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.everythingDue()
	f.Exec(`select set_residence($1, 'LEAVING')`, f.Organization.ID)
	before, discard := f.rowsOfOrganization(), slog.New(slog.DiscardHandler)
	closer := &periodCloser{pool: f.Pool, logger: discard, chunk: closeChunk}
	sweeper := &reservationSweeper{pool: f.Pool, logger: discard, chunk: sweepChunk}
	roller := &usageRoller{pool: f.Pool, logger: discard, chunk: rollUpChunk}
	listed := []uuid.UUID{f.Organization.ID}
	must(t, eachOrganization(t.Context(), listed, closer.close))
	must(t, eachOrganization(t.Context(), listed, sweeper.sweep))
	must(t, eachOrganization(t.Context(), listed, roller.rollUp))
	if f.rowsOfOrganization() != before {
		t.Error("a job has changed the organization")
	}
}
