package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/mail/resend/resendtest"
)

const (
	alertsToMail = 100
	killedWork   = 5
	workers      = 3
)

// Guarantee: whatever goes wrong between three workers and the mail provider, every recipient gets each alert exactly once
// and one bad address costs nobody else theirs. 100 alerts; every second request meets a fault: too many requests, an
// error or a lost answer, before or after the mail was accepted; five times a worker is killed with -9 while its request has
// been accepted and not answered. BURSAR_TEST_REPEAT=10 does all of it ten times, and every second time against a
// provider that knows no permissive batches.
func TestMailSurvivesEverything(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "kills workers again and again")
	for round := range dbtest.Repeat(1) {
		t.Run(fmt.Sprint(round), func(t *testing.T) { mailUnderFire(t, round%2 == 1) })
	}
}

func mailUnderFire(t *testing.T, strict bool) {
	t.Helper()
	url := database.NewURL(t)
	pool := database.Pool(t, url)
	expected := raiseAlerts(t, pool)
	provider := resendtest.New(t)
	provider.Strict, provider.RetryAfter = strict, "0.05"
	provider.Bad = func(address string) bool { return strings.HasPrefix(address, "bad") }
	faults := []resendtest.Fault{
		resendtest.Limited, resendtest.AcceptedUnreachable, resendtest.Broken,
		resendtest.AcceptedBroken, resendtest.Unreachable, resendtest.AcceptedHanging,
	}
	provider.Fault = func(request resendtest.Request) resendtest.Fault {
		if request.Number%2 == 0 {
			return faults[request.Number/2%len(faults)]
		}
		return resendtest.None
	}
	crew := &crew{t: t, running: map[string]*process{}, environment: []string{
		"DATABASE_URL=" + url, "RESEND_BASE_URL=" + provider.URL, "BURSAR_MAIL_CALLS_PER_SECOND=100",
		"BURSAR_MAILS_PER_CALL=10", "BURSAR_MAIL_TIMEOUT=300ms", "BURSAR_MAIL_RETRY_AFTER=50ms",
	}}
	provider.OnAccepted = crew.accepted
	for range workers {
		crew.hire()
	}
	awaitMail(t, pool)
	crew.dismiss()

	for address, alerts := range expected {
		received := map[string]int{}
		for _, mail := range provider.Inbox(address) {
			received[mail.ByName["alert_id"]]++
		}
		for alert, times := range received {
			if times != 1 {
				t.Errorf("%s got the mail of %s %d times", address, alert, times)
			}
		}
		if len(received) != alerts {
			t.Errorf("%s got mail of %d alerts, want %d", address, len(received), alerts)
		}
	}
	var sent, failed int
	err := pool.QueryRow(t.Context(), `select count(*) filter (where status = 'SENT' and provider_id is not null and sent_at is not null),
		count(*) filter (where status = 'FAILED' and address like 'bad%' and last_error like '%not one that anybody has%')
		from alert_deliveries`).Scan(&sent, &failed)
	if err != nil || sent != 2*alertsToMail || failed != alertsToMail/5 {
		t.Errorf("%d deliveries are sent and %d failed for their address, want %d and %d: %v", sent, failed, 2*alertsToMail, alertsToMail/5, err)
	}
	if killed := crew.killed; killed != killedWork {
		t.Errorf("%d workers were killed, want %d", killed, killedWork)
	}
	t.Logf("%d requests", provider.Requests())
}

// crew is the workers, each known to the provider by an API key of its own.
type crew struct {
	t           *testing.T
	environment []string

	mutex   sync.Mutex
	running map[string]*process
	hired   int
	taken   int // requests accepted
	killed  int
}

// hire starts a worker. The caller has the lock, or is alone.
func (c *crew) hire() {
	c.hired++
	key := fmt.Sprintf("re_worker_%d", c.hired)
	c.running[key] = startProcess(c.t, append([]string{"RESEND_API_KEY=" + key}, c.environment...), "work")
}

// accepted kills the worker of every fourth accepted request before it is answered, until five are dead, and hires another.
func (c *crew) accepted(request resendtest.Request) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.taken++
	doomed := c.running[request.APIKey]
	if c.taken%4 != 0 || c.killed == killedWork || doomed == nil {
		return
	}
	if err := doomed.Process.Kill(); err != nil {
		c.t.Errorf("kill a worker: %v", err)
		return
	}
	delete(c.running, request.APIKey)
	c.killed++
	c.hire()
}

// dismiss stops the workers that are left.
func (c *crew) dismiss() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, worker := range c.running {
		if err := worker.Process.Signal(os.Interrupt); err != nil {
			c.t.Errorf("stop a worker: %v", err)
		}
	}
	for _, worker := range c.running {
		if err := <-worker.ended; err != nil {
			c.t.Errorf("a worker ended with %v: %s", err, worker.output)
		}
	}
}

// raiseAlerts has 100 keys use their budgets up, and returns how many alerts each address is to hear of: the owner and an
// admin of all, and a bad address of every fifth.
func raiseAlerts(t *testing.T, pool *pgxpool.Pool) map[string]int {
	t.Helper()
	tenant := dbtest.NewTenant(t, pool)
	admin := tenant.Member(tenant.Organization.ID, "Admin@acme.test", db.MemberRoleADMIN)
	params := &db.RecordUsageParams{}
	for i := range alertsToMail {
		key, _ := tenant.Factory.Key(tenant.Organization.ID, nil, nil)
		execute(t, pool, `select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'MONTHLY', 100, '{50}', null)`, tenant.Organization.ID, key.ID)
		if i%5 == 0 {
			execute(t, pool, `insert into recipients (organization_id, api_key_id, email) values ($1, $2, $3)`,
				tenant.Organization.ID, key.ID, "bad@acme.test")
		}
		params.OrganizationIDs = append(params.OrganizationIDs, tenant.Organization.ID)
		params.APIKeyIDs = append(params.APIKeyIDs, key.ID)
		params.SecretHashes = append(params.SecretHashes, []byte{})
		params.AccessTokenIDs = append(params.AccessTokenIDs, uuid.UUID{})
		params.ScopeIndexes = append(params.ScopeIndexes, int32(i+1)) //nolint:gosec // a few hundred
		params.ReservationIDs = append(params.ReservationIDs, uuid.UUID{})
		params.RequestIDs = append(params.RequestIDs, "")
		params.Fingerprints = append(params.Fingerprints, []byte{})
		params.AddReport(&db.ReportedUsage{Requests: 1, InputTokens: 100, Provider: "openai", Model: "gpt", Metadata: "{}"})
	}
	if _, err := db.New().RecordUsage(t.Context(), pool, params); err != nil {
		t.Fatal(err)
	}
	return map[string]int{tenant.Owner.Email: alertsToMail, admin.Email: alertsToMail, "bad@acme.test": 0}
}

// awaitMail waits until no delivery waits any more.
func awaitMail(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*timeout)
	defer cancel()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for queued := 1; queued > 0; {
		select {
		case <-ctx.Done():
			t.Fatalf("%d deliveries still wait", queued)
		case <-ticker.C:
		}
		err := pool.QueryRow(ctx, `select count(*) from alert_deliveries where status = 'QUEUED'`).Scan(&queued)
		if err != nil {
			t.Fatal(err)
		}
	}
}
