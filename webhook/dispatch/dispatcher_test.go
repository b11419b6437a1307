package dispatch

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/delivery/deliverytest"
	"bursar/webhook"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// target is a webhook's target that remembers what it was told.
type target struct {
	*httptest.Server
	mutex    sync.Mutex
	status   int
	messages []message
}

type message struct{ id, signature, body string }

func newTarget(t *testing.T) *target {
	g := &target{status: http.StatusOK}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		g.mutex.Lock()
		defer g.mutex.Unlock()
		g.messages = append(g.messages, message{r.Header.Get("webhook-id"), r.Header.Get("webhook-signature"), string(body)})
		w.WriteHeader(g.status)
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *target) answer(status int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.status = status
}

func (g *target) told() []message {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.messages
}

type fixture struct{ *deliverytest.Fixture }

func newFixture(t *testing.T) *fixture { return &fixture{deliverytest.NewFixture(t, server.New(t))} }

// hook makes a webhook at a target.
func (f *fixture) hook(url string, format db.WebhookFormat) uuid.UUID {
	f.T.Helper()
	made, err := db.New().CreateWebhook(f.T.Context(), f.Pool, &db.CreateWebhookParams{OrganizationID: f.Organization.ID, Name: "Pager", URL: url,
		Format: format, Events: []string{"THRESHOLD", "EXHAUSTED", "REFUSED", "RESET"}, Secret: webhook.NewSecret()})
	if err != nil {
		f.T.Fatal(err)
	}
	return made
}

// run sends what is due.
func (f *fixture) run() {
	f.T.Helper()
	dispatcher := New(Config{Pool: f.Pool, Networks: webhook.Networks(nil).Or("127.0.0.0/8"), RetryAfter: time.Hour, Logger: slog.New(slog.DiscardHandler),
		LinkTo: func(subject string) string { return "https://console.test/" + subject }})
	if err := dispatcher.Run(f.T.Context(), nil); err != nil {
		f.T.Fatal(err)
	}
}

// state returns the deliveries of a webhook: their status, attempts and last error.
func (f *fixture) state(webhookID uuid.UUID) string {
	f.T.Helper()
	var state string
	err := f.Pool.QueryRow(f.T.Context(), `select coalesce(string_agg(concat_ws(' ', event, status, attempts, response_status, last_error), '; ' order by queued_at, id), '')
		from webhook_deliveries where webhook_id = $1`, webhookID).Scan(&state)
	if err != nil {
		f.T.Fatal(err)
	}
	return state
}

// An alert is told once, in each webhook's form, with the same words as its mail; nothing more is due then.
func TestAlertsAreTold(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	standard, slack := newTarget(t), newTarget(t)
	first, second := f.hook(standard.URL, db.WebhookFormatSTANDARD), f.hook(slack.URL, db.WebhookFormatSLACK)
	f.Alert()
	f.run()
	f.run()
	if state := f.state(first) + "|" + f.state(second); state != "THRESHOLD DELIVERED 1 200|THRESHOLD DELIVERED 1 200" {
		t.Errorf("%s", state)
	}
	for _, body := range []string{standard.told()[0].body, slack.told()[0].body} {
		if !strings.Contains(body, "Approaching: key") || !strings.Contains(body, "Nothing is blocked yet.") || !strings.Contains(body, "https://console.test/key_") {
			t.Errorf("%s", body)
		}
	}
	if len(standard.told()) != 1 || len(slack.told()) != 1 || !strings.HasPrefix(standard.told()[0].id, "whd_") {
		t.Errorf("%v %v", standard.told(), slack.told())
	}
}

// What fails is sent again under the same id and with the same body, whatever the alert's subject is called by then, and for a day; then it is given up.
func TestFailuresAreRetriedForADay(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	target := newTarget(t)
	target.answer(http.StatusInternalServerError)
	id := f.hook(target.URL, db.WebhookFormatSTANDARD)
	f.Alert()
	f.run()
	if state := f.state(id); state != "THRESHOLD QUEUED 1 500 answered HTTP 500" {
		t.Errorf("%s", state)
	}
	f.Exec(`update api_keys set name = 'Another name'`)
	f.Exec(`update webhook_deliveries set next_attempt_at = clock_timestamp()`)
	f.run()
	told := target.told()
	if len(told) != 2 || told[0].id != told[1].id || told[0].body != told[1].body || told[0].signature == "" {
		t.Errorf("%v", told)
	}
	f.Exec(`update webhook_deliveries set next_attempt_at = clock_timestamp(), first_attempt_at = clock_timestamp() - interval '23 hours 59 minutes'`)
	f.run()
	if state := f.state(id); state != "THRESHOLD FAILED 3 500 gave up after 24 hours: answered HTTP 500" {
		t.Errorf("%s", state)
	}
	target.answer(http.StatusOK)
	var resent uuid.UUID
	if err := f.Pool.QueryRow(t.Context(), `select resend_webhook_delivery(organization_id, id) from webhook_deliveries`).Scan(&resent); err != nil {
		t.Fatal(err)
	}
	f.run()
	if state := f.state(id); state != "THRESHOLD DELIVERED 1 200" || target.told()[3].id != told[0].id {
		t.Errorf("%s", state)
	}
}

// A target that says it is gone is told no more: its webhook is disabled, and says why. A target that may not be reached is tried like one that does
// not answer. Neither keeps another webhook from being told.
func TestTargetsThatFailDelayThemselvesAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	gone, well := newTarget(t), newTarget(t)
	gone.answer(http.StatusGone)
	first, second, third := f.hook(gone.URL, db.WebhookFormatSTANDARD), f.hook("https://10.1.2.3/x", db.WebhookFormatSTANDARD), f.hook(well.URL, db.WebhookFormatSTANDARD)
	f.Alert()
	f.Exec(`insert into webhook_deliveries (organization_id, webhook_id, event) select organization_id, id, 'TEST' from webhooks where id = $1`, first)
	f.run()
	if state := f.state(first); state != "THRESHOLD FAILED 1 410 answered HTTP 410; TEST FAILED 0 not sent: the webhook was disabled before" {
		t.Errorf("%s", state)
	}
	if state := f.state(second); state != "THRESHOLD QUEUED 1 leads to an address that is not public, and in no network that the operator allows" {
		t.Errorf("%s", state)
	}
	if state := f.state(third); state != "THRESHOLD DELIVERED 1 200" {
		t.Errorf("%s", state)
	}
	var reason string
	if err := f.Pool.QueryRow(t.Context(), `select disabled_reason from webhooks where id = $1 and not enabled`, first).Scan(&reason); err != nil || !strings.Contains(reason, "410") {
		t.Errorf("%q %v", reason, err)
	}
}

// A reset is told of in the words of its mail; of a budget that was deleted meanwhile it is not, and says why.
func TestResetsAreTold(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	target := newTarget(t)
	id := f.hook(target.URL, db.WebhookFormatSTANDARD)
	week := deliverytest.LastSunday(time.Now())
	f.Budget(db.LimitPeriodWEEKLY, 10, week.Add(-7*24*time.Hour))
	if err := f.Record(20, week.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, err := db.New().ClosePeriods(t.Context(), f.Pool, &db.ClosePeriodsParams{OrganizationID: f.Organization.ID, Number: 10}); err != nil {
		t.Fatal(err)
	}
	f.run()
	if state := f.state(id); state != "EXHAUSTED DELIVERED 1 200; RESET DELIVERED 1 200" {
		t.Errorf("%s", state)
	}
	if body := target.told()[1].body; !strings.Contains(body, "budget.reset") || !strings.Contains(body, "lets requests through again") {
		t.Errorf("%s", body)
	}
}
