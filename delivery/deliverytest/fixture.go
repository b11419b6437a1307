package deliverytest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
)

// Fixture is a tenant in a database of its own. Its methods fail the test on any error.
type Fixture struct{ *dbtest.Tenant }

// NewFixture returns the tenant of a new database.
func NewFixture(t testing.TB, pool *pgxpool.Pool) *Fixture {
	t.Helper()
	return &Fixture{dbtest.NewTenant(t, pool)}
}

// Budget creates a budget of tokens on the key as of an instant; the zero time is now.
func (f *Fixture) Budget(period db.LimitPeriod, amount int64, at time.Time, thresholds ...int64) uuid.UUID {
	f.T.Helper()
	var created uuid.UUID
	f.must(f.Pool.QueryRow(context.Background(),
		`select id from create_limit($1, null, $2, 'BUDGET', 'TOKENS', $3, $4, $5, $6)`,
		f.Organization.ID, f.Key.ID, period, amount, append([]int64{}, thresholds...), Instant(at)).Scan(&created))
	return created
}

// Record books tokens on the key as of an instant; the zero time is now.
func (f *Fixture) Record(tokens int64, at time.Time) error {
	params := &db.RecordUsageParams{
		AccessTokenIDs: []uuid.UUID{{}}, OrganizationIDs: []uuid.UUID{f.Organization.ID}, SecretHashes: [][]byte{{}},
		APIKeyIDs: []uuid.UUID{f.Key.ID}, ScopeIndexes: []int32{1},
		ReservationIDs: []uuid.UUID{{}}, RequestIDs: []string{""}, Fingerprints: [][]byte{{}}, Now: Instant(at),
	}
	params.AddReport(&db.ReportedUsage{
		Requests: 1, InputTokens: tokens, CostNanos: tokens * 50, Provider: "openai", Model: "gpt", Metadata: "{}"})
	answers, err := db.New().RecordUsage(context.Background(), f.Pool, params)
	if err == nil && answers[0].Error != nil {
		err = fmt.Errorf("recorded nothing: %s", *answers[0].Error)
	}
	return err
}

// Alert raises an alert that is to be mailed to the owner and to further recipients.
func (f *Fixture) Alert(recipients ...string) {
	f.T.Helper()
	f.Recipients(recipients...)
	f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 500)
	f.must(f.Record(600, time.Time{}))
}

// Recipients adds addresses to the key.
func (f *Fixture) Recipients(addresses ...string) {
	f.T.Helper()
	f.must(db.New().AddRecipients(context.Background(), f.Pool,
		&db.AddRecipientsParams{OrganizationID: f.Organization.ID, APIKeyID: &f.Key.ID, Emails: addresses}))
}

// Deliveries returns the deliveries of the whole database by address.
func (f *Fixture) Deliveries() map[string]*db.AlertDelivery {
	f.T.Helper()
	ctx := context.Background()
	alerts, err := db.New().ListEveryAlert(ctx, f.Pool, &db.ListEveryAlertParams{Number: 100})
	f.must(err)
	ids := make([]uuid.UUID, len(alerts))
	for i, alert := range alerts {
		ids[i] = alert.ID
	}
	rows, err := db.New().ListDeliveries(ctx, f.Pool, &db.ListDeliveriesParams{AlertIDs: ids, Number: 10_000})
	f.must(err)
	byAddress := map[string]*db.AlertDelivery{}
	for _, row := range rows {
		byAddress[row.Address] = row
	}
	return byAddress
}

// Statuses returns the statuses of all deliveries.
func (f *Fixture) Statuses() (statuses []db.DeliveryStatus) {
	f.T.Helper()
	f.must(f.Pool.QueryRow(context.Background(),
		`select array_agg(status::text order by alert_id, purpose, address) from alert_deliveries`).Scan(&statuses))
	return statuses
}

// AssertAllSent fails the test unless there are so many deliveries and all are sent.
func (f *Fixture) AssertAllSent(deliveries int) {
	f.T.Helper()
	statuses := f.Statuses()
	for _, status := range statuses {
		if status != db.DeliveryStatusSENT {
			f.T.Errorf("deliveries are %v, want all sent", statuses)
		}
	}
	if len(statuses) != deliveries {
		f.T.Errorf("%d deliveries, want %d", len(statuses), deliveries)
	}
}

// OwnerAddress is the address that every alert is mailed to.
func (f *Fixture) OwnerAddress() string { return f.Owner.Email }

// Exec runs a statement in place of time that passes or of somebody else who changes rows.
func (f *Fixture) Exec(statement string, arguments ...any) {
	f.T.Helper()
	_, err := f.Pool.Exec(context.Background(), statement, arguments...)
	f.must(err)
}

// MakeDue is the passing of time until every queued delivery may be tried, whichever worker has it.
func (f *Fixture) MakeDue() {
	f.T.Helper()
	f.Exec(`update alert_deliveries set next_attempt_at = clock_timestamp() where status = 'QUEUED'`)
	f.Exec(`update mail_calls set next_attempt_at = clock_timestamp()`)
	f.Exec(`update mail_pace set next_call_at = clock_timestamp()`)
}

func (f *Fixture) must(err error) {
	f.T.Helper()
	if err != nil {
		f.T.Fatal(err)
	}
}

// Instant returns what a function takes for its clock: nil, the database's, for the zero time.
func Instant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// LastSunday returns the Sunday, 00:00 UTC, at or before an instant: when weekly budgets last reset.
func LastSunday(at time.Time) time.Time {
	year, month, day := at.UTC().Date()
	return time.Date(year, month, day-int(at.UTC().Weekday()), 0, 0, 0, 0, time.UTC)
}
