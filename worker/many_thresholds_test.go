package worker

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
)

// 50 reports at once through two servers' connections cross three thresholds: three alerts. However the mail goes out
// meanwhile, no recipient hears twice of the same one as what a mail is about, and all hear of the highest.
func TestManyReportsAcrossThreeThresholds(t *testing.T) {
	t.Parallel()
	url := server.NewURL(t)
	servers := []*pgxpool.Pool{server.Pool(t, url), server.Pool(t, url)}
	f := &fixture{dbtest.NewTenant(t, servers[0])}
	f.recipients("added@acme.test")
	budget := f.budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 100, 300, 500)
	sender := &fakeSender{}
	done := make(chan error, 100)
	var group sync.WaitGroup
	for i := range 50 {
		reporter := &fixture{&dbtest.Tenant{Factory: &dbtest.Factory{T: t, Pool: servers[i%2]}, Organization: f.Organization, Key: f.Key}}
		group.Go(func() {
			done <- reporter.record(12, time.Time{})
			if i%10 == 0 { // mail goes out in the middle of it
				done <- work(context.Background(), reporter.dispatcher(sender))
			}
		})
	}
	group.Wait()
	close(done)
	for err := range done {
		must(t, err)
	}
	must(t, work(t.Context(), f.dispatcher(sender)))

	var raised int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*) from alerts where budget_limit_id = $1`, budget).Scan(&raised))
	if raised != 3 {
		t.Errorf("%d alerts, want 3", raised)
	}
	for _, address := range []string{f.owner(), "added@acme.test"} {
		about, told := map[string]int{}, false
		for _, message := range sender.messages() {
			if message.To == address {
				about[message.Tags["alert_id"]]++
				told = told || strings.Contains(message.Subject, " 50 % of its monthly budget")
			}
		}
		for alert, times := range about {
			if times != 1 {
				t.Errorf("%s heard %d times of %s", address, times, alert)
			}
		}
		if !told {
			t.Errorf("%s did not hear of the highest: %v", address, about)
		}
	}
	for _, status := range f.statuses() {
		if status != db.DeliveryStatusSENT {
			t.Errorf("deliveries are %v, want all sent", f.statuses())
		}
	}
}
