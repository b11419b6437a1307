package overhead

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"bursar/bench"
	"bursar/bench/gauge"
)

// Report is the result of a run; --json prints it.
type Report struct {
	StartedAt  time.Time   `json:"startedAt"`
	Platform   string      `json:"platform"` // operating system and architecture
	CPUs       int         `json:"cpus"`     // shared by PostgreSQL, the server, the gateways, the provider and the callers
	Go         string      `json:"go"`
	PostgreSQL string      `json:"postgresql"`
	Keys       int         `json:"keys"` // API keys, from which each call draws one
	Rows       []*Row      `json:"rows"`
	Memory     []*Memory   `json:"memory"` // of the gateways
	Books      *Books      `json:"books"`  // null when the run ended before
	Bars       []bench.Bar `json:"bars"`
}

// Row is what one kind of load of one size has shown.
type Row struct {
	Kind     string    `json:"kind"` // streams or calls
	What     string    `json:"what"`
	Size     int       `json:"size"`     // streams at once, or calls a second
	HalfIdle bool      `json:"halfIdle"` // the size was chosen so that half of the processors are idle
	Straight Latencies `json:"straight"` // of the provider, all phases together
	Added    []Added   `json:"added"`    // by each gateway, the first of which is bursar gateway
	Machine  float64   `json:"machine"`  // share of all processors that was used in phases of bursar gateway, by whatever; 0: unknown
	Phases   []*Phase  `json:"phases"`   // in their order
	Void     []string  `json:"void,omitempty"`

	sums  map[string]*measured // of each target
	trial float64              // share of all processors that was used when the size was chosen
}

// Phase is one measurement of one target.
type Phase struct {
	Target           string  `json:"target"`
	PerSecond        float64 `json:"perSecond"`        // calls that arrived in the measured time and ended well
	RatePerSecond    float64 `json:"ratePerSecond"`    // at which calls were to arrive
	OfferedPerSecond float64 `json:"offeredPerSecond"` // at which they did
	LagMilliseconds  float64 `json:"lagMilliseconds"`  // p99 of how much too late they did
	First            Latency `json:"firstByte"`        // of the answer's body
	Whole            Latency `json:"whole"`            // until its last byte
	Leased           float64 `json:"leased,omitempty"` // share of the calls that leases decided
	Errors           int64   `json:"errors"`           // in the warm-up too
	FirstError       string  `json:"firstError,omitempty"`
	Machine          float64 `json:"machine"`         // share of all processors that was used, by whatever; 0: unknown
	ProcessorMicros  float64 `json:"processorMicros"` // processor time of the target's process for a call; 0: unknown
}

// Latencies are those of the first byte of answers, and of whole calls.
type Latencies struct {
	FirstByte Latency `json:"firstByte"`
	Whole     Latency `json:"whole"`
}

// Latency is a distribution, from a call's arrival on.
type Latency struct {
	P50Milliseconds float64 `json:"p50Milliseconds"`
	P99Milliseconds float64 `json:"p99Milliseconds"`
}

// Added is what a gateway adds: the difference of the percentiles through it and straight to the provider.
type Added struct {
	Target  string    `json:"target"`
	Through Latencies `json:"through"`
	Latencies

	ProcessorMicros float64 `json:"processorMicros"`  // of the gateway's process for a call, with what it reports of it afterwards
	Machine         float64 `json:"machine"`          // share of all processors that was used, by whatever
	Leased          float64 `json:"leased,omitempty"` // share of the calls that leases decided

	ours, leases bool // it is a gateway of the build that is measured; and one with leases
}

func latencyOf(h *gauge.Histogram) Latency {
	return Latency{milliseconds(h.Quantile(500)), milliseconds(h.Quantile(990))}
}

func (l Latency) minus(other Latency) Latency {
	return Latency{round(l.P50Milliseconds - other.P50Milliseconds), round(l.P99Milliseconds - other.P99Milliseconds)}
}

func milliseconds(d time.Duration) float64 { return round(float64(d) / float64(time.Millisecond)) }

func round(value float64) float64 { return math.Round(1000*value) / 1000 }

// PrintJSON writes the report as one JSON object.
func (r *Report) PrintJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Err returns an error for calls that failed and for books that are not exact, and a bench.VoidError when the run does not tell whether the bars are met. A bar that is not met is
// no error.
func (r *Report) Err() error {
	var failed []error
	var void []string
	for _, row := range r.Rows {
		for _, phase := range row.Phases {
			if phase.Errors > 0 {
				failed = append(failed, fmt.Errorf("%s, %s: %d calls failed, the first: %s", row.What, phase.Target, phase.Errors, phase.FirstError))
			}
		}
		void = append(void, row.Void...)
	}
	for _, memory := range r.Memory {
		void = append(void, memory.Void...)
	}
	if r.Books != nil && !r.Books.Exact() {
		failed = append(failed, fmt.Errorf("what was booked is not what the provider has served: %+v", *r.Books))
	}
	return errors.Join(append(failed, bench.Void(void...))...)
}
