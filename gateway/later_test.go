package gateway_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/gateway/spool"
	"bursar/usage"
)

// Reports that are recorded later are booked when the client shuts down at the latest, an event each. What Bursar refuses is told, and is not tried again.
func TestRecordLater(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	var mu sync.Mutex
	var failed []string
	client := newClient(t, a, func(config *gateway.Config) {
		config.Later = gateway.Later{Failed: func(r gateway.Report, _ error) {
			mu.Lock()
			defer mu.Unlock()
			failed = append(failed, r.RequestID)
		}}
	})
	report := func(id, secret string) gateway.Report {
		return gateway.Report{Secret: secret, RequestID: id, Parts: usage.Parts{Requests: 1, InputTokens: 5}}
	}
	for _, id := range []string{"a", "b", "c"} {
		if err := client.RecordLater(report(id, a.Tenant.Secret.Text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.RecordLater(report("unknown", "bsr_unknown")); err != nil {
		t.Fatal(err)
	}
	client.Shutdown(t.Context())
	if events := ledger(t, a); len(events) != 3 {
		t.Errorf("%d events, want 3", len(events))
	}
	if len(failed) != 1 || failed[0] != "unknown" {
		t.Errorf("failed: %v", failed)
	}
	if err := client.RecordLater(report("d", a.Tenant.Secret.Text)); err == nil {
		t.Error("a report is taken over after the end")
	}
}

// Reports of one lease that are flushed together are one event, if the operator says so, with the sum of what they say; those of another model are another. The lease is drawn on
// by all, and returned.
func TestReportsAreMerged(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	tokens := budget(t, a, "TOKENS", "1000000")
	client, _ := newLeasing(t, a, func(config *gateway.Config) {
		config.Later = gateway.Later{Merge: true, Flush: time.Hour} // until the end
	})
	before := until(t, a, client, "a lease", func() bool { return client.LeaseStats().Open > 0 })
	var reports []gateway.Report
	for i := range 10 {
		held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 4, MaxOutputTokens: new(int64(6))})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, gateway.Report{ReservationID: held.ID, Secret: a.Tenant.Secret.Text, RequestID: gateway.NewRequestID(),
			Parts: usage.Parts{Requests: 1, Model: []string{"large", "small"}[i/5], InputTokens: 4, OutputTokens: int64(i)}})
	}
	for _, r := range reports {
		if err := client.RecordLater(r); err != nil {
			t.Fatal(err)
		}
	}
	client.Shutdown(t.Context())
	events := ledger(t, a)[before:]
	requests, output := map[string]int64{}, map[string]int64{}
	for _, e := range events {
		requests[e.Model] += e.Requests
		output[e.Model] += e.OutputTokens
	}
	if len(events) > 4 || requests["large"] != 5 || requests["small"] != 5 || output["large"] != 10 || output["small"] != 35 {
		t.Errorf("%d events, %v requests, %v tokens", len(events), requests, output)
	}
	if _, reserved := held(t, a, tokens); reserved != "0" {
		t.Errorf("%v are reserved", reserved)
	}
}

// What a killed program had not booked yet is booked by the next one, once, whether it had been merged before or not.
func TestKeptReportsAreResumed(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	budget(t, a, "TOKENS", "1000000")
	folder := t.TempDir()
	open := func() *spool.Spool {
		s, err := spool.Open(spool.Config{Dir: folder})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	kept := open()
	var down sync.Map
	client, _ := newLeasing(t, a, func(config *gateway.Config) {
		inner := config.Transport
		config.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if _, is := down.Load("down"); is {
				return nil, errors.New("down")
			}
			return inner.RoundTrip(r)
		})
		config.Later = gateway.Later{Merge: true, Flush: time.Millisecond, Keep: kept}
	})
	before := until(t, a, client, "a lease", func() bool { return client.LeaseStats().Open > 0 })
	var ids []string
	for range 6 {
		held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 4, MaxOutputTokens: new(int64(6))})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, held.ID)
	}
	down.Store("down", true)
	for _, id := range ids {
		report := gateway.Report{ReservationID: id, Secret: a.Tenant.Secret.Text, RequestID: gateway.NewRequestID(), Parts: usage.Parts{Requests: 1, InputTokens: 9}}
		if err := client.RecordLater(report); err != nil {
			t.Fatal(err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	client.Shutdown(ended)
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}

	kept = open()
	payloads := map[string][]byte{}
	for _, e := range kept.Entries() {
		payloads[e.ID] = e.Begun
	}
	next := newClient(t, a, func(config *gateway.Config) { config.Later.Keep = kept })
	if err := next.ResumeLater(payloads); err != nil {
		t.Fatal(err)
	}
	next.Shutdown(t.Context())
	sum := int64(0)
	for _, e := range ledger(t, a)[before:] {
		sum += e.Requests
	}
	if sum != 6 || len(kept.Entries()) != 0 {
		t.Errorf("%d calls are booked, %d are kept", sum, len(kept.Entries()))
	}
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
}
