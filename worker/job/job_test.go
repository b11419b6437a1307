package job

import (
	"testing"

	"github.com/riverqueue/river"
)

// Kinds are stored in the database: a worker must know those that another version enqueued. No job is tried again, which
// would keep its successors out, and each waits in its own queue.
func TestJobs(t *testing.T) {
	t.Parallel()
	for kind, args := range map[string]river.JobArgsWithInsertOpts{
		"close_periods": ClosePeriods{}, "roll_up_usage": RollUpUsage{}, "sweep_reservations": SweepReservations{},
		"create_usage_partitions": CreateUsagePartitions{}, "clean_up": CleanUp{}, "reprice_usage": RepriceUsage{}, "simulate_limits": SimulateLimits{}, "dispatch_alerts": DispatchAlerts{},
	} {
		queue := map[string]string{"close_periods": "resets", "roll_up_usage": "usage", "reprice_usage": "reprices", "simulate_limits": "simulations", "dispatch_alerts": "mail"}[kind]
		if queue == "" {
			queue = "maintenance"
		}
		withKind, ok := args.(river.JobArgs)
		if !ok || withKind.Kind() != kind {
			t.Errorf("%T is not of the kind %s", args, kind)
		}
		options := args.InsertOpts()
		if options.MaxAttempts != 1 {
			t.Errorf("%s is attempted %d times, want once", kind, options.MaxAttempts)
		}
		if options.Queue != queue {
			t.Errorf("%s is in the queue %s, want %s", kind, options.Queue, queue)
		}
	}
}
