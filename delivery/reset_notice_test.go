package delivery

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/delivery/deliverytest"
	"bursar/mail"
)

// When the period of an exhausted budget is over its recipients are told once that requests pass again, however often and
// however late periods are closed: two weeks that both ended exhausted make one mail.
func TestResetIsToldOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	thisWeek := deliverytest.LastSunday(time.Now())
	budget := f.Budget(db.LimitPeriodWEEKLY, 100, thisWeek.AddDate(0, 0, -14), 50)
	must(t, f.Record(100, thisWeek.AddDate(0, 0, -13)))
	must(t, f.Record(120, thisWeek.AddDate(0, 0, -6)))
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender))) // what was raised in those weeks
	before := len(sender.Messages())

	f.closePeriods()
	for range 2 {
		f.Recipients("late@acme.test") // hears of the reset when it is there in time, and not when it comes after
		for range 3 {
			f.notices(budget)
		}
		must(t, run(t.Context(), f.dispatcher(sender)))
		f.Recipients("later@acme.test")
	}
	mails := sender.Messages()[before:]
	if len(mails) != 2 {
		t.Fatalf("%d mails, want one to the owner and one to who was added in time: %+v", len(mails), mails)
	}
	for _, message := range mails {
		if !strings.HasPrefix(message.Subject, "[Bursar] Reset: key ") {
			t.Errorf("the subject is %q", message.Subject)
		}
		for _, want := range []string{"0 of 100 tokens", "120 tokens in the period that has ended", "This budget lets requests through again."} {
			if !strings.Contains(message.Text, want) {
				t.Errorf("the mail does not say %q:\n%s", want, message.Text)
			}
		}
	}

	must(t, f.Record(100, time.Time{})) // and again a week later
	f.notices(budget)
	must(t, run(t.Context(), f.dispatcher(sender)))
	if got := len(sender.Messages()) - before - len(mails); got != 3 {
		t.Errorf("%d mails when it is exhausted once more, want one to each of three recipients, and nothing of a reset", got)
	}
}

// Nobody is told of a reset who need not be: budgets that were not exhausted, that a person set going, that are exhausted
// again, that only a late report exhausted, that are gone, or whose key sends no mail; and nobody whose requests do not pass all the
// same, because the key is revoked, disabled or expired, or another budget of the key or above it is full.
func TestResetsThatAreNoNews(t *testing.T) {
	t.Parallel()
	thisWeek := deliverytest.LastSunday(time.Now())
	lastWeek, now := thisWeek.AddDate(0, 0, -6), time.Time{}
	for name, happen := range map[string]func(f *fixture, budget uuid.UUID){
		"not exhausted": func(f *fixture, _ uuid.UUID) { must(f.T, f.Record(99, lastWeek)) },
		"raised in between": func(f *fixture, budget uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			f.Exec(`select update_budget_limit($1, $2, null, null, 200, null, $3)`, f.Organization.ID, budget, lastWeek.Add(time.Hour))
		},
		"reset by hand": func(f *fixture, budget uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			f.Exec(`select reset_budget($1, $2, $3)`, f.Organization.ID, budget, lastWeek.Add(time.Hour))
		},
		"exhausted again": func(f *fixture, _ uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			must(f.T, f.Record(100, now))
		},
		"deleted": func(f *fixture, budget uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			f.Exec(`select delete_limit($1, $2, 'BUDGET')`, f.Organization.ID, budget)
		},
		"no mail": func(f *fixture, _ uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			f.Exec(`update api_keys set email_notifications = false`)
		},
		"revoked": func(f *fixture, _ uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			f.Exec(`update api_keys set revoked_at = clock_timestamp()`)
		},
		"disabled": func(f *fixture, _ uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			f.Exec(`update api_keys set enabled = false`)
		},
		"expired": func(f *fixture, _ uuid.UUID) {
			must(f.T, f.Record(100, lastWeek))
			f.Exec(`update api_keys set expires_at = clock_timestamp() - interval '1 second'`)
		},
		"barred by another budget of the key": func(f *fixture, _ uuid.UUID) {
			f.Budget(db.LimitPeriodNONE, 100, thisWeek.AddDate(0, 0, -7))
			must(f.T, f.Record(100, lastWeek))
		},
		"barred by the workspace": func(f *fixture, _ uuid.UUID) {
			f.Exec(`select create_limit($1, $2, null, 'BUDGET', 'TOKENS', 'NONE', 100, '{}', $3)`, f.Organization.ID, f.Workspace.ID, thisWeek.AddDate(0, 0, -7))
			must(f.T, f.Record(100, lastWeek))
		},
		"barred by the organization": func(f *fixture, _ uuid.UUID) {
			f.Exec(`select create_limit($1, null, null, 'BUDGET', 'COST', 'NONE', 1000000000, '{}', $2)`, f.Organization.ID, thisWeek.AddDate(0, 0, -7))
			must(f.T, f.Record(20_000_000, lastWeek)) // 50 nano-dollars each
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			budget := f.Budget(db.LimitPeriodWEEKLY, 100, thisWeek.AddDate(0, 0, -7))
			happen(f, budget)
			f.closePeriods()
			if noticed := f.notices(budget); noticed != 0 {
				t.Errorf("somebody was told of %d resets", noticed)
			}
		})
	}
}

// What bars other requests bars no news: budgets that are not full, or that apply to other keys.
func TestResetIsToldBesideOtherBudgets(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	thisWeek := deliverytest.LastSunday(time.Now())
	begin := thisWeek.AddDate(0, 0, -7)
	budget := f.Budget(db.LimitPeriodWEEKLY, 100, begin)
	f.Exec(`select create_limit($1, null, null, 'BUDGET', 'TOKENS', 'NONE', 101, '{}', $2)`, f.Organization.ID, begin)
	other := f.Workspace.ID
	elsewhere := f.Factory.Workspace(f.Organization.ID)
	f.Exec(`select create_limit($1, $2, null, 'BUDGET', 'TOKENS', 'NONE', 1, '{}', $3)`, f.Organization.ID, elsewhere.ID, begin)
	f.Exec(`update counters set used_units = 1 where subject_id = $1`, elsewhere.ID)
	f.Exec(`select create_limit($1, $2, null, 'BUDGET', 'TOKENS', 'WEEKLY', 100, '{}', $3)`, f.Organization.ID, other, begin) // resets, too
	must(t, f.Record(100, thisWeek.AddDate(0, 0, -6)))
	f.closePeriods()
	if noticed := f.notices(budget); noticed != 1 {
		t.Errorf("somebody was told of %d resets, want 1", noticed)
	}
}

// A subject that is barred between the reset and its mail is not said to be let through: the delivery says why it was not sent.
func TestResetIsNotToldOfWhatIsBarredMeanwhile(t *testing.T) {
	t.Parallel()
	for want, bar := range map[string]string{
		"the key was revoked":    `update api_keys set revoked_at = clock_timestamp()`,
		"the key was disabled":   `update api_keys set enabled = false`,
		"the key has expired":    `update api_keys set expires_at = clock_timestamp() - interval '1 second'`,
		"another budget is full": `select create_limit(id, null, null, 'BUDGET', 'TOKENS', 'NONE', 1, '{}') from organizations; update counters set used_units = 1 where subject_type = 'ORGANIZATION'`,
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			thisWeek := deliverytest.LastSunday(time.Now())
			budget := f.Budget(db.LimitPeriodWEEKLY, 100, thisWeek.AddDate(0, 0, -7))
			must(t, f.Record(100, thisWeek.AddDate(0, 0, -6)))
			sender := &deliverytest.Sender{}
			must(t, run(t.Context(), f.dispatcher(sender)))
			f.closePeriods()
			if f.notices(budget) != 1 {
				t.Fatal("nobody is told of the reset")
			}
			for statement := range strings.SplitSeq(bar, "; ") {
				f.Exec(statement)
			}
			must(t, run(t.Context(), f.dispatcher(sender)))
			var refusal string
			must(t, f.Pool.QueryRow(t.Context(), `select last_error from alert_deliveries where purpose = 'RESET' and status = 'FAILED'`).Scan(&refusal))
			if !strings.Contains(refusal, want) {
				t.Errorf("the delivery says %q, want %q", refusal, want)
			}
			if got := len(sender.Messages()); got != 1 {
				t.Errorf("%d mails, want that about the exhaustion alone", got)
			}
		})
	}
}

// A reset that waits together with what came after it is not what the mail is about; and one that is undone by the time it
// would be sent is not sent, and says so.
func TestResetThatIsOvertaken(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	thisWeek := deliverytest.LastSunday(time.Now())
	budget := f.Budget(db.LimitPeriodWEEKLY, 100, thisWeek.AddDate(0, 0, -7))
	must(t, f.Record(100, thisWeek.AddDate(0, 0, -6)))
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	f.closePeriods()
	if f.notices(budget) != 1 {
		t.Fatal("nobody is told of the reset")
	}
	must(t, f.Record(100, time.Time{}))
	must(t, run(t.Context(), f.dispatcher(sender)))
	mails := sender.Messages()
	if len(mails) != 2 || !strings.HasPrefix(mails[1].Subject, "[Bursar] Exhausted:") || !strings.Contains(mails[1].Text, "The budget had reset") {
		t.Errorf("sent %+v, want one mail about the new exhaustion that names the reset", mails[1:])
	}

	other := newFixture(t)
	budget = other.Budget(db.LimitPeriodWEEKLY, 100, thisWeek.AddDate(0, 0, -7))
	must(t, other.Record(100, thisWeek.AddDate(0, 0, -6)))
	must(t, run(t.Context(), other.dispatcher(&deliverytest.Sender{Answer: func(context.Context, []mail.Message) ([]mail.Result, error) { return nil, nil }})))
	other.closePeriods()
	other.notices(budget)
	other.Exec(`select delete_limit($1, $2, 'BUDGET')`, other.Organization.ID, budget)
	must(t, run(t.Context(), other.dispatcher(&deliverytest.Sender{})))
	var refusal string
	must(t, other.Pool.QueryRow(t.Context(), `select last_error from alert_deliveries where purpose = 'RESET' and status = 'FAILED'`).Scan(&refusal))
	if !strings.Contains(refusal, "the budget was deleted") {
		t.Errorf("the delivery says %q", refusal)
	}
}

// A reset that is no news any more takes none of what waits with it along: the alert of the exhaustion before goes out.
func TestOvertakenResetCostsNoAlert(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	thisWeek := deliverytest.LastSunday(time.Now())
	budget := f.Budget(db.LimitPeriodWEEKLY, 100, thisWeek.AddDate(0, 0, -7), 50)
	must(t, f.Record(100, thisWeek.AddDate(0, 0, -6)))
	f.closePeriods()
	if f.notices(budget) != 1 {
		t.Fatal("nobody is told of the reset")
	}
	f.Exec(`select delete_limit($1, $2, 'BUDGET')`, f.Organization.ID, budget)
	sender := &deliverytest.Sender{}
	must(t, run(t.Context(), f.dispatcher(sender)))
	mails := sender.Messages()
	if len(mails) != 1 || !strings.HasPrefix(mails[0].Subject, "[Bursar] Exhausted:") || !strings.Contains(mails[0].Text, "50 tokens (50 %)") ||
		strings.Contains(mails[0].Text, "reset,") {
		t.Errorf("sent %+v, want one mail about the exhaustion, and nothing of the reset", mails)
	}
	var reset, alert string
	must(t, f.Pool.QueryRow(t.Context(), `select string_agg(status::text, ' ') filter (where purpose = 'RESET'),
		string_agg(status::text, ' ') filter (where purpose = 'ALERT') from alert_deliveries`).Scan(&reset, &alert))
	if reset != "FAILED" || alert != "SENT" {
		t.Errorf("the reset is %s and the alert %s, want FAILED and SENT", reset, alert)
	}
}

func (f *fixture) closePeriods() {
	f.T.Helper()
	f.Exec(`select roll_counters($1, array(select subject_id from counters), clock_timestamp())`, f.Organization.ID)
}

// notices queues the news of a budget's reset, as the closing of periods does, and returns of how many resets.
func (f *fixture) notices(budget uuid.UUID) int32 {
	f.T.Helper()
	noticed, err := db.New().RaiseResetNotices(context.Background(), f.Pool,
		&db.RaiseResetNoticesParams{OrganizationID: f.Organization.ID, BudgetLimitIDs: []uuid.UUID{budget}, Now: time.Now()})
	must(f.T, err)
	return noticed
}
