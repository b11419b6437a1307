package observe

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"bursar/db"
	"bursar/enforce"
)

// Outcomes of an answer, the label outcome of bursar_decisions_total.
const (
	outcomeAllowed  = "allowed"
	outcomeDenied   = "denied"
	outcomeDone     = "done"     // a report, a release or an extension that was carried out: nothing was decided
	outcomeReplayed = "replayed" // the stored answer to a requestId that was used before
)

// reasonOther is the label of a denial reason that this build does not know.
const reasonOther = "OTHER"

// enforcement counts and times enforcement calls. All series exist from the start: a call looks up none.
type enforcement struct {
	byOperation [7]operationMetrics // by enforce.Operation
	unpriced    prometheus.Counter
}

var _ enforce.Observer = (*enforcement)(nil)

type operationMetrics struct {
	wait      prometheus.Observer
	statement prometheus.Observer
	batch     prometheus.Observer
	retries   prometheus.Counter
	granted   prometheus.Counter // allowed or done
	replayed  prometheus.Counter
	denied    map[db.DenialReason]prometheus.Counter // nil: the operation is never denied
	other     prometheus.Counter                     // denied for a reason that this build does not know
}

// ObserveEnforcement registers the metrics of the enforcement calls of a cell ("": there is one database) and returns what counts them.
func (m *Metrics) ObserveEnforcement(cell string) (enforce.Observer, error) {
	byOperation := []string{"operation"}
	decisions := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "bursar_decisions_total",
		Help: "Answers of the database to enforcement calls, by operation, outcome and, if denied, the reason that decides the " +
			"HTTP status.",
	}, []string{"operation", "outcome", "reason"})
	retries := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "bursar_enforcement_retries_total", Help: "Enforcement statements that were run again after a failure.",
	}, byOperation)
	waits := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "bursar_enforcement_queue_wait_seconds",
		Help:    "Time from an enforcement call's arrival until its first statement begins.",
		Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
	}, byOperation)
	statements := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "bursar_enforcement_statement_duration_seconds",
		Help:    "Time of one enforcement statement, which carries a batch, with the wait for its connection.",
		Buckets: []float64{.00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
	}, byOperation)
	batches := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "bursar_enforcement_batch_requests", Help: "Enforcement calls that one statement carries.",
		Buckets: prometheus.ExponentialBuckets(1, 2, 11),
	}, byOperation)
	e := &enforcement{unpriced: prometheus.NewCounter(prometheus.CounterOpts{
		Name: "bursar_unpriced_records_total",
		Help: "Usage that was booked at a cost of 0 because the gateway gave none and there was no price.",
	})}
	for _, operation := range enforce.AllOperations() {
		name := operation.String()
		o := operationMetrics{
			wait: waits.WithLabelValues(name), statement: statements.WithLabelValues(name), batch: batches.WithLabelValues(name),
			retries: retries.WithLabelValues(name), replayed: decisions.WithLabelValues(name, outcomeReplayed, ""),
		}
		if operation == enforce.CheckUsage || operation == enforce.ReserveUsage || operation == enforce.LeaseUsage {
			o.granted = decisions.WithLabelValues(name, outcomeAllowed, "")
			o.other = decisions.WithLabelValues(name, outcomeDenied, reasonOther)
			o.denied = map[db.DenialReason]prometheus.Counter{}
			for _, reason := range db.AllDenialReasonValues() {
				o.denied[reason] = decisions.WithLabelValues(name, outcomeDenied, string(reason))
			}
		} else {
			o.granted = decisions.WithLabelValues(name, outcomeDone, "")
		}
		e.byOperation[operation] = o
	}
	return e, register(m.of(cell), decisions, retries, waits, statements, batches, e.unpriced)
}

// Waited implements [enforce.Observer].
func (e *enforcement) Waited(operation enforce.Operation, wait time.Duration) {
	e.byOperation[operation].wait.Observe(wait.Seconds())
}

// Ran implements [enforce.Observer].
func (e *enforcement) Ran(operation enforce.Operation, requests, attempt int, took time.Duration, _ error) {
	o := &e.byOperation[operation]
	o.statement.Observe(took.Seconds())
	o.batch.Observe(float64(requests))
	if attempt > 1 {
		o.retries.Inc()
	}
}

// Answered implements [enforce.Observer]. An answer that is an error decides nothing; errors are counted where clients are
// told of them.
func (e *enforcement) Answered(operation enforce.Operation, answer *db.UsageAnswer) {
	if answer.UsageEvent != nil && answer.UsageEvent.Unpriced && !answer.Replayed {
		e.unpriced.Inc()
	}
	o := &e.byOperation[operation]
	switch {
	case answer.Error != nil:
	case answer.Replayed && len(answer.Refusals()) == 0:
		o.replayed.Inc()
	case len(answer.Refusals()) == 0:
		o.granted.Inc()
	default:
		if counter, known := o.denied[answer.Decisive().Reason]; known {
			counter.Inc()
		} else if o.other != nil {
			o.other.Inc()
		}
	}
}
