// Package ratelimits measures servers of Envoy's rate limit service, by turns in one run.
package ratelimits

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"text/tabwriter"
	"time"

	ratelimitcommonv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/common/ratelimit/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"bursar/bench/gauge"
)

// Target is a server.
type Target struct {
	Name  string
	Addr  string // host and port
	Token string // that calls bring as authorization; "": none
	// Phases are the loads that the server is given; others are none of its.
	Phases []Phase
}

// Phase is what calls ask for.
type Phase string

// The phases.
const (
	Count   Phase = "count"   // a request of a key, admitted and counted
	Reserve Phase = "reserve" // a look with a request id of its own, which holds
)

// Config says what is measured.
type Config struct {
	Targets     []Target
	Secret      func(number int) string // of a key
	Keys        int                     // among which calls are spread
	Connections int                     // each with one call at a time
	PerSecond   int                     // calls a second by the clock, on one key; 0: not measured
	Duration    time.Duration           // of each measurement, after a warm-up of a quarter of it
	Rounds      int
	Progress    io.Writer
}

// Row is a measurement.
type Row struct {
	Target    string  `json:"target"`
	Phase     Phase   `json:"phase"`
	Keys      string  `json:"keys"` // hot: one; spread: all; clock: one, at a rate
	PerSecond float64 `json:"perSecond"`
	P50       float64 `json:"p50Millis"`
	P99       float64 `json:"p99Millis"`
	Errors    int64   `json:"errors"` // denials among them
}

// Report has the rows in the order in which they were measured.
type Report struct {
	Rows []Row `json:"rows"`
}

// Domain is that of the calls.
const Domain = "bench"

// Run measures each load on each target, in as many rounds.
func Run(ctx context.Context, config Config) (*Report, error) {
	report := &Report{}
	for round := range config.Rounds {
		for _, keys := range []string{"hot", "spread", "clock"} {
			for _, phase := range []Phase{Count, Reserve} {
				for _, target := range config.Targets {
					if !target.has(phase) || keys == "clock" && config.PerSecond == 0 {
						continue
					}
					if _, err := fmt.Fprintf(config.Progress, "round %d: %s, %s, %s\n", round+1, target.Name, phase, keys); err != nil {
						return report, err
					}
					row, err := config.measure(ctx, &target, phase, keys, round)
					if err != nil {
						return report, fmt.Errorf("%s: %w", target.Name, err)
					}
					report.Rows = append(report.Rows, row)
				}
			}
		}
	}
	return report, nil
}

func (t *Target) has(phase Phase) bool { return slices.Contains(t.Phases, phase) }

// caller makes calls over a connection of its own.
type caller struct {
	client    ratelimitv3.RateLimitServiceClient
	request   *ratelimitv3.RateLimitRequest
	latencies gauge.Histogram
	errors    int64
}

// call makes a call for a key. The request id is "" for none.
func (c *caller) call(ctx context.Context, secret, requestID string) error {
	entries := []*ratelimitcommonv3.RateLimitDescriptor_Entry{{Key: "api_key", Value: secret}}
	if requestID != "" {
		entries = append(entries, &ratelimitcommonv3.RateLimitDescriptor_Entry{Key: "x-request-id", Value: requestID})
	}
	c.request.Descriptors = []*ratelimitcommonv3.RateLimitDescriptor{{Entries: entries}}
	answer, err := c.client.ShouldRateLimit(ctx, c.request)
	if err != nil {
		return err
	}
	if answer.GetOverallCode() != ratelimitv3.RateLimitResponse_OK {
		return fmt.Errorf("the answer is %s", answer.GetOverallCode())
	}
	return nil
}

// measure runs a closed loop, or with keys "clock" an open one.
func (config *Config) measure(ctx context.Context, target *Target, phase Phase, keys string, round int) (row Row, err error) {
	row = Row{Target: target.Name, Phase: phase, Keys: keys}
	if target.Token != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+target.Token)
	}
	callers := make([]*caller, config.Connections)
	for i := range callers {
		connection, err := grpc.NewClient(target.Addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return row, err
		}
		defer func() { err = errors.Join(err, connection.Close()) }()
		callers[i] = &caller{client: ratelimitv3.NewRateLimitServiceClient(connection), request: &ratelimitv3.RateLimitRequest{Domain: Domain}}
		if err := callers[i].call(ctx, config.Secret(0), ""); err != nil { // connects, and fails early
			return row, err
		}
	}
	start := time.Now()
	begin := start.Add(config.Duration / 4)
	end := begin.Add(config.Duration)
	arrivals := make(chan time.Time)
	if keys == "clock" {
		clock := gauge.Clock{PerSecond: config.PerSecond}
		go clock.Schedule(ctx, arrivals, start, begin, end, int(end.Sub(start).Seconds()*float64(config.PerSecond)))
	}
	var working sync.WaitGroup
	for i, c := range callers {
		working.Go(func() {
			for n := 0; ; n++ {
				at := time.Now()
				if keys == "clock" {
					var more bool
					if at, more = <-arrivals; !more {
						return
					}
				} else if !at.Before(end) || ctx.Err() != nil {
					return
				}
				key, requestID := 0, ""
				if keys == "spread" {
					key = (i*7919 + n*104729) % config.Keys
				}
				if phase == Reserve {
					requestID = strconv.FormatInt(start.UnixNano(), 36) + "-" + strconv.Itoa(round) + "-" + strconv.Itoa(i) + "-" + strconv.Itoa(n)
				}
				if err := c.call(ctx, config.Secret(key), requestID); err != nil {
					c.errors++
					continue
				}
				if done := time.Now(); !at.Before(begin) && done.Before(end) {
					c.latencies.Add(done.Sub(at))
				}
			}
		})
	}
	working.Wait()
	var all gauge.Histogram
	for _, c := range callers {
		all.Merge(&c.latencies)
		row.Errors += c.errors
	}
	row.PerSecond = float64(all.Total) / config.Duration.Seconds()
	row.P50, row.P99 = millis(all.Quantile(500)), millis(all.Quantile(990))
	return row, ctx.Err()
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Print writes the rows as a table.
func (r *Report) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	if _, err := fmt.Fprintln(table, "calls/s\tp50 ms\tp99 ms\terrors\t  what"); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if _, err := fmt.Fprintf(table, "%.0f\t%.2f\t%.2f\t%d\t  %s: %s, %s\n", row.PerSecond, row.P50, row.P99, row.Errors, row.Target, row.Phase, row.Keys); err != nil {
			return err
		}
	}
	return table.Flush()
}

// PrintJSON writes the report as JSON.
func (r *Report) PrintJSON(w io.Writer) error { return json.NewEncoder(w).Encode(r) }

// Err returns an error when a call failed or was denied.
func (r *Report) Err() error {
	failed := int64(0)
	for _, row := range r.Rows {
		failed += row.Errors
	}
	if failed > 0 {
		return fmt.Errorf("%d calls failed or were denied", failed)
	}
	return nil
}
