package gateway_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/gateway"
	"bursar/gateway/spool"
	"bursar/graph/graphtest"
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

// Reports of one lease that are flushed together are one event, if the operator and the organization say so, with the sum of what they say; those of another model are another. The lease
// is drawn on by all, and returned.
func TestReportsAreMerged(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	allowMerges(a)
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
			Parts: usage.Parts{Requests: 1, Model: []string{"large", "small"}[i/5], InputTokens: 4, OutputTokens: int64(i)}, Cost: "0.001"})
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
		if dollars := fmt.Sprintf("0.00%d", e.Requests); strings.TrimRight(e.Cost, "0") != dollars {
			t.Errorf("%d calls cost %s, want %s", e.Requests, e.Cost, dollars)
		}
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
	allowMerges(a)
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
		report := gateway.Report{ReservationID: id, Secret: a.Tenant.Secret.Text, RequestID: gateway.NewRequestID(), Cost: "0.001",
			Parts: usage.Parts{Requests: 1, InputTokens: 9}}
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

// The end of a client waits no longer than it may for a Bursar that does not answer, also while reports wait for a place in the queue; their callers are told.
func TestShutdownWithoutBursar(t *testing.T) {
	t.Parallel()
	failed := make(chan string, 10)
	client := newClient(t, kit.NewAPI(t), func(config *gateway.Config) {
		config.Transport = roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })
		config.Later = gateway.Later{Waiting: 1, Flush: time.Hour, Failed: func(r gateway.Report, _ error) { failed <- r.RequestID }}
	})
	report := func(id string) gateway.Report {
		return gateway.Report{Secret: "bsr_1", RequestID: id, Parts: usage.Parts{Requests: 1, InputTokens: 5}}
	}
	const reports = 6000 // more than are taken together, and than the queue has room for
	added := make(chan error, reports)
	for range reports {
		go func() { added <- client.RecordLater(report(gateway.NewRequestID())) }()
	}
	ended, end := context.WithCancel(t.Context())
	end()
	drained := make(chan int)
	go func() {
		number := 0
		for range failed {
			number++
		}
		drained <- number
	}()
	client.Shutdown(ended)
	refused := 0
	for range reports {
		if err := <-added; err != nil {
			refused++
		}
	}
	close(failed)
	if told := <-drained; told+refused != reports {
		t.Errorf("of %d reports %d were refused and %d were told as failed", reports, refused, told)
	}
}

// A report that Bursar refuses because of the client's own token is booked once the token is right; one kept meanwhile has no API key to be read.
func TestReportsOutliveAWrongToken(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	var wrong sync.Map
	wrong.Store("wrong", true)
	refused := make(chan struct{}, 1)
	keep := &keeper{kept: map[string][]byte{}}
	client := newClient(t, a, func(config *gateway.Config) {
		config.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			_, is := wrong.Load("wrong")
			if is {
				r.Header.Set("Authorization", "Bearer bst_wrong")
			}
			response, err := http.DefaultTransport.RoundTrip(r)
			if is {
				select {
				case refused <- struct{}{}:
				default:
				}
			}
			return response, err
		})
		config.Later = gateway.Later{Flush: time.Millisecond, Keep: keep, Failed: func(r gateway.Report, err error) { t.Errorf("%s: %v", r.RequestID, err) }}
	})
	secret := a.Tenant.Secret.Text
	if err := client.RecordLater(gateway.Report{Secret: secret, RequestID: "a", Parts: usage.Parts{Requests: 1, InputTokens: 5}}); err != nil {
		t.Fatal(err)
	}
	<-refused
	if payload := keep.get("a"); len(payload) == 0 || bytes.Contains(payload, []byte(secret)) {
		t.Errorf("kept: %s", payload)
	}
	wrong.Delete("wrong")
	client.Shutdown(t.Context())
	if events := ledger(t, a); len(events) != 1 {
		t.Errorf("%d events, want 1", len(events))
	}
	if left := keep.get("a"); left != nil {
		t.Errorf("it is kept after it was booked: %s", left)
	}
}

// A client that cannot be made leaves the one that it was to follow as it is.
func TestFailedFollowerChangesNothing(t *testing.T) {
	t.Parallel()
	a := kit.NewAPI(t)
	client := newClient(t, a, nil)
	if _, err := gateway.New(gateway.Config{URLs: []string{"ftp://bursar.example"}, Token: a.Gateway, Follows: client}); err == nil {
		t.Fatal("an address without HTTP is taken")
	}
	if err := client.RecordLater(gateway.Report{Secret: a.Tenant.Secret.Text, RequestID: "a", Parts: usage.Parts{Requests: 1, InputTokens: 5}}); err != nil {
		t.Fatal(err)
	}
	client.Shutdown(t.Context())
	if events := ledger(t, a); len(events) != 1 {
		t.Errorf("%d events, want 1", len(events))
	}
}

// keeper keeps payloads in memory.
type keeper struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (k *keeper) Begin(id string, payload []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept[id] = payload
	return nil
}

func (k *keeper) Done(id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, id)
	return nil
}

func (k *keeper) get(id string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept[id]
}

// allowMerges has the organization allow events of several calls.
func allowMerges(a *graphtest.API) {
	a.Post(a.Admin, object{"query": `mutation($input: SetLeasePolicyInput!) { setLeasePolicy(input: $input) { organization { mergesAllowed } } }`,
		"variables": object{"input": object{"organizationId": a.OrganizationID(), "allowed": true, "mergesAllowed": true}}}).
		Equal(true, "setLeasePolicy", "organization", "mergesAllowed")
}

// leaseOf makes calls until a lease decides one, and returns the lease.
func leaseOf(t *testing.T, a *graphtest.API, client *gateway.Client) string {
	t.Helper()
	until(t, a, client, "a lease", func() bool { return client.LeaseStats().Open > 0 })
	for deadline := time.Now().Add(timeout); time.Now().Before(deadline); {
		held, err := client.Reserve(t.Context(), gateway.Request{Secret: a.Tenant.Secret.Text, InputTokens: 4, MaxOutputTokens: new(int64(6))})
		if err != nil {
			t.Fatal(err)
		}
		if lease, _, leased := strings.Cut(held.ID, "#"); leased {
			return lease
		}
		if err := client.Release(t.Context(), held.ID); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("no call is decided by a lease")
	return ""
}

// Merge makes one report of those that cost the same together as alone, and leaves the others: without leave of the organization, of models of which no price is known yet, with sound, with further
// models, estimated ones, and more input together than the first step of any price.
func TestMerge(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{true, false} {
		a := kit.NewAPI(t)
		if allowed {
			allowMerges(a)
		}
		a.Run(graphtest.RootToken, "SetPrice", object{"input": object{"provider": "test", "model": "model*", "rates": []any{
			object{"unit": "INPUT_TOKENS", "perMillion": "1"}, object{"unit": "INPUT_TOKENS", "perMillion": "2", "aboveInputTokens": 1000}}}})
		budget(t, a, "TOKENS", "1000000")
		client, _ := newLeasing(t, a, func(config *gateway.Config) { config.Later.Merge = true })
		lease, number := leaseOf(t, a, client), 1000
		report := func(change func(*gateway.Report)) gateway.Report {
			number++
			r := gateway.Report{ReservationID: fmt.Sprintf("%s#%d", lease, number), Secret: a.Tenant.Secret.Text, RequestID: gateway.NewRequestID(), Provider: "test",
				Parts: usage.Parts{Requests: 1, Model: "model-1", InputTokens: 300}}
			change(&r)
			return r
		}
		same := func(*gateway.Report) {}
		if before := client.Merge([]gateway.Report{report(same), report(same)}); len(before) != 2 {
			t.Errorf("nothing is known of the price, and %d are to be booked", len(before))
		}
		_, errs := client.RecordAll(t.Context(), []gateway.Booking{{Report: report(same)}, {Report: report(func(r *gateway.Report) { r.Parts.Model = "unknown" })}})
		if errs[0] != nil || errs[1] != nil {
			t.Fatal(errs)
		}
		var reports []gateway.Report
		for range 7 { // three of them have 900 tokens
			reports = append(reports, report(same))
		}
		for range 2 {
			reports = append(reports, report(func(r *gateway.Report) { r.Estimated = true }), report(func(r *gateway.Report) { r.Parts.AudioInputTokens = 1 }),
				report(func(r *gateway.Report) { r.Parts.Others = []usage.Parts{{Model: "model-2"}} }), report(func(r *gateway.Report) { r.Parts.Model = "unknown" }))
		}
		merged := client.Merge(reports)
		sizes := map[int]int{}
		for _, one := range merged {
			sizes[len(one.Of)]++
			if n := len(one.Of); n > 0 && (one.Report.Parts.Requests != int64(n) || one.Report.Parts.InputTokens != 300*int64(n)) {
				t.Errorf("%d are %+v", n, one.Report)
			}
		}
		if want := map[bool]map[int]int{true: {0: 9, 3: 2}, false: {0: 15}}[allowed]; !maps.Equal(sizes, want) {
			t.Errorf("allowed %t: by how many they are made of: %v, want %v", allowed, sizes, want)
		}
		client.Shutdown(t.Context())
	}
}
