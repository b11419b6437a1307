package worker

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/mail"
)

// patience is how long a test waits for a signal that it knows will come.
const patience = 30 * time.Second

// fixture is a tenant in a database of its own.
type fixture struct{ *dbtest.Tenant }

func newFixture(t *testing.T) *fixture {
	t.Helper()
	return &fixture{dbtest.NewTenant(t, server.New(t))}
}

func (f *fixture) config(sender mail.Sender) Config {
	return Config{Pool: f.Pool, Sender: sender, MailFrom: "Bursar <bursar@acme.test>", Logger: slog.New(slog.DiscardHandler)}
}

func (f *fixture) dispatcher(sender mail.Sender) *alertDispatcher {
	return dispatcherOf(f.T, f.config(sender))
}

func dispatcherOf(t testing.TB, config Config) *alertDispatcher {
	t.Helper()
	complete, err := config.withDefaults()
	must(t, err)
	return newAlertDispatcher(complete)
}

// budget creates a budget of tokens on the key as of an instant; the zero time is now.
func (f *fixture) budget(period db.LimitPeriod, amount int64, at time.Time, thresholds ...int64) uuid.UUID {
	f.T.Helper()
	var created uuid.UUID
	must(f.T, f.Pool.QueryRow(context.Background(),
		`select id from create_limit($1, null, $2, 'BUDGET', 'TOKENS', $3, $4, $5, $6)`,
		f.Organization.ID, f.Key.ID, period, amount, append([]int64{}, thresholds...), instant(at)).Scan(&created))
	return created
}

// record books tokens on the key as of an instant; the zero time is now.
func (f *fixture) record(tokens int64, at time.Time) error {
	params := &db.RecordUsageParams{
		AccessTokenIDs: []uuid.UUID{{}}, OrganizationIDs: []uuid.UUID{f.Organization.ID}, SecretHashes: [][]byte{{}},
		APIKeyIDs: []uuid.UUID{f.Key.ID}, ScopeIndexes: []int32{1},
		ReservationIDs: []uuid.UUID{{}}, RequestIDs: []string{""}, Fingerprints: [][]byte{{}}, Now: instant(at),
	}
	params.AddReport(&db.ReportedUsage{
		Requests: 1, InputTokens: tokens, CostNanos: tokens * 50, Provider: "openai", Model: "gpt", Metadata: "{}"})
	answers, err := db.New().RecordUsage(context.Background(), f.Pool, params)
	if err == nil && answers[0].Error != nil {
		err = fmt.Errorf("recorded nothing: %s", *answers[0].Error)
	}
	return err
}

// alert raises an alert that is to be mailed to the owner and to further recipients.
func (f *fixture) alert(recipients ...string) {
	f.T.Helper()
	f.recipients(recipients...)
	f.budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 500)
	must(f.T, f.record(600, time.Time{}))
}

// deliveries returns the deliveries of the whole database by address.
func (f *fixture) deliveries() map[string]*db.AlertDelivery {
	f.T.Helper()
	ctx := context.Background()
	alerts, err := db.New().ListEveryAlert(ctx, f.Pool, &db.ListEveryAlertParams{Number: 100})
	must(f.T, err)
	ids := make([]uuid.UUID, len(alerts))
	for i, alert := range alerts {
		ids[i] = alert.ID
	}
	rows, err := db.New().ListDeliveries(ctx, f.Pool, &db.ListDeliveriesParams{AlertIDs: ids})
	must(f.T, err)
	byAddress := map[string]*db.AlertDelivery{}
	for _, row := range rows {
		byAddress[row.Address] = row
	}
	return byAddress
}

func (f *fixture) owner() string { return f.Owner.Email }

// query runs a statement that a test needs to move the world along.
func (f *fixture) query(statement string, arguments ...any) {
	f.T.Helper()
	_, err := f.Pool.Exec(context.Background(), statement, arguments...)
	must(f.T, err)
}

// makeDue is the passing of time until every queued delivery may be tried, whichever worker has it.
func (f *fixture) makeDue() {
	f.T.Helper()
	f.query(`update alert_deliveries set next_attempt_at = clock_timestamp() where status = 'QUEUED'`)
	f.query(`update mail_calls set next_attempt_at = clock_timestamp()`)
	f.query(`update mail_pace set next_call_at = clock_timestamp()`)
}

// work runs a job once, as River would.
func work[T river.JobArgs](ctx context.Context, worker river.Worker[T]) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return worker.Work(ctx, &river.Job[T]{JobRow: &rivertype.JobRow{}})
}

func instant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
