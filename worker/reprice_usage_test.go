package worker

import (
	"testing"
	"time"

	"bursar/delivery/deliverytest"
	"bursar/worker/job"
)

// Whether usage is to be priced again is looked for every few seconds: somebody who has asked for it watches its progress. Roll-ups, which
// nobody waits for, are looked for once a minute.
func TestRepricingsAreLookedForOften(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	config, err := f.config(&deliverytest.Sender{}).withDefaults()
	must(t, err)
	now := time.Now()
	for _, periodic := range periodicJobs(config) {
		if kind := periodic.args.Kind(); kind == (job.RepriceUsage{}).Kind() {
			if wait := periodic.schedule.Next(now).Sub(now); wait > 5*time.Second {
				t.Errorf("%s is looked for every %s, want 5 s at most", kind, wait)
			}
			return
		}
	}
	t.Error("nothing looks for usage that is to be priced again")
}
