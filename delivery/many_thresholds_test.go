package delivery

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/delivery/deliverytest"
)

// 50 reports at once through two servers' connections cross three thresholds: three alerts. However the mail goes out
// meanwhile, no recipient hears twice of the same one as what a mail is about, and all hear of the highest.
func TestManyReportsAcrossThreeThresholds(t *testing.T) {
	t.Parallel()
	url := server.NewURL(t)
	servers := []*pgxpool.Pool{server.Pool(t, url), server.Pool(t, url)}
	f := &fixture{deliverytest.NewFixture(t, servers[0])}
	f.Recipients("added@acme.test")
	budget := f.Budget(db.LimitPeriodMONTHLY, 1000, time.Time{}, 100, 300, 500)
	sender := &deliverytest.Sender{}
	done := make(chan error, 100)
	var group sync.WaitGroup
	for i := range 50 {
		reporter := &fixture{&deliverytest.Fixture{Tenant: &dbtest.Tenant{
			Factory: &dbtest.Factory{T: t, Pool: servers[i%2]}, Organization: f.Organization, Key: f.Key,
		}}}
		group.Go(func() {
			done <- reporter.Record(12, time.Time{})
			if i%10 == 0 { // mail goes out in the middle of it
				done <- run(context.Background(), reporter.dispatcher(sender))
			}
		})
	}
	group.Wait()
	close(done)
	for err := range done {
		must(t, err)
	}
	must(t, run(t.Context(), f.dispatcher(sender)))

	var raised int
	must(t, f.Pool.QueryRow(t.Context(), `select count(*) from alerts where budget_limit_id = $1`, budget).Scan(&raised))
	if raised != 3 {
		t.Errorf("%d alerts, want 3", raised)
	}
	for _, address := range []string{f.OwnerAddress(), "added@acme.test"} {
		about, told := map[string]int{}, false
		for _, message := range sender.Messages() {
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
	for _, status := range f.Statuses() {
		if status != db.DeliveryStatusSENT {
			t.Errorf("deliveries are %v, want all sent", f.Statuses())
		}
	}
}
