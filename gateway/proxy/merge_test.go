package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"bursar/gateway/proxy"
	"bursar/gateway/spool"
	"bursar/graph/graphtest"
)

const setLeasePolicy = `mutation($input: SetLeasePolicyInput!) { setLeasePolicy(input: $input) { organization { mergesAllowed } } }`

// newLeased starts a gateway whose key has a lease, and makes calls of it until it has one for many, which it counts. From then on reports wait until the gateway ends.
func newLeased(t *testing.T, provider http.HandlerFunc, merge, allowed bool, prepare func(*bench)) (b *bench, calls int) {
	t.Helper()
	b = newBench(t, provider, func(s *proxy.Settings) {
		s.Bursar.Lease, s.Bursar.LeaseTTL, s.Bursar.Flush, s.Bursar.Merge = true, time.Minute, time.Millisecond, merge
		s.Headers = proxy.HeadersNone
	})
	b.Post(b.Admin, object{"query": setLeasePolicy, "variables": object{"input": object{"organizationId": b.OrganizationID(), "allowed": true, "ttlSecondsMost": 60,
		"mergesAllowed": allowed}}}).Equal(allowed, "setLeasePolicy", "organization", "mergesAllowed")
	b.Run(b.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": b.KeyID(), "type": "COST", "amount": "100000"}})
	if prepare != nil {
		prepare(b)
	}
	for deadline := time.Now().Add(timeout); b.service.Proxy.LeaseStats().Leased < 2; calls++ {
		if time.Now().After(deadline) {
			t.Fatalf("no lease in time: %+v", b.service.Proxy.LeaseStats())
		}
		b.together(1, func(int) *answer { return b.chat("") })
	}
	const more = 300 // so that the next lease is for as many a second
	b.together(more, func(int) *answer { return b.chat("") })
	b.await("all is booked", func() bool { return b.service.Proxy.SpoolStats().Entries == 0 })
	changed := *b.settings
	changed.Bursar.Flush = time.Hour
	if err := b.service.Proxy.Change(&changed); err != nil {
		t.Fatal(err)
	}
	return b, calls + more
}

// together makes calls at the same time, which have to succeed.
func (b *bench) together(number int, call func(i int) *answer) {
	b.t.Helper()
	var running sync.WaitGroup
	for caller := range 16 {
		running.Go(func() {
			for i := caller; i < number; i += 16 {
				if got := call(i); got.status != http.StatusOK || got.err != nil {
					b.t.Errorf("call %d: %+v", i, got)
				}
				b.over()
			}
		})
	}
	running.Wait()
}

// sums are sums over the ledger.
type sums struct {
	Events, Requests, Input, Output, Cached, Estimated int64
	Cost                                               string
}

func (b *bench) sums() (s sums) {
	b.t.Helper()
	err := b.Pool.QueryRow(b.t.Context(), `select count(*), sum(requests), sum(input_tokens), sum(output_tokens), sum(cached_input_tokens),
		count(*) filter (where metadata ? 'estimated'), trim_scale(sum(cost_nanos)::numeric / 1e9)::text from usage_events`).
		Scan(&s.Events, &s.Requests, &s.Input, &s.Output, &s.Cached, &s.Estimated, &s.Cost)
	if err != nil {
		b.t.Fatal(err)
	}
	return s
}

// dollarsOf returns what a number of answers cost.
func dollarsOf(answers int) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.5f", 0.00027*float64(answers)), "0"), ".")
}

// 1,000 calls and streams of a key with a lease cost at most 20 requests to Bursar in all, and so at most as many statements; none of them waits for one before the provider is called. Each
// is an event of its own.
func TestRequestsOfLeasedCalls(t *testing.T) {
	t.Parallel()
	const calls = 1000
	b, before := newLeased(t, answerOrStream, false, false, nil)
	asked, leased := b.asked.Load(), b.service.Proxy.LeaseStats().Leased
	b.together(calls, func(i int) *answer { return b.chat(fmt.Sprintf(`"stream":%t`, i%2 == 0)) })
	stats := b.service.Proxy.LeaseStats()
	b.service.Stop(timeout)
	t.Logf("%d requests for %d calls; %+v", b.asked.Load()-asked, calls, stats)
	if stats.Leased-leased != calls {
		t.Errorf("leases decided %d calls, want %d: %+v", stats.Leased-leased, calls, stats)
	}
	if requests := b.asked.Load() - asked; requests > 20 {
		t.Errorf("%d requests to Bursar for %d calls, want 20 at most", requests, calls)
	}
	all := int64(before + calls)
	if got := b.sums(); got != (sums{all, all, 100 * all, 20 * all, 60 * all, 0, dollarsOf(before + calls)}) {
		t.Errorf("booked %+v, want %d calls for %s", got, all, dollarsOf(before+calls))
	}
	b.nothingReserved()
}

// nothingReserved fails the test if any limit holds something.
func (b *bench) nothingReserved() {
	b.t.Helper()
	var held int64
	if err := b.Pool.QueryRow(b.t.Context(), `select coalesce(sum(reserved_units), 0)::bigint from counters`).Scan(&held); err != nil || held != 0 {
		b.t.Errorf("%d are held (%v)", held, err)
	}
}

// answerOrStream answers a chat, or streams one, with the same usage.
func answerOrStream(w http.ResponseWriter, r *http.Request) {
	body := readAll(r)
	if !strings.Contains(body, `"stream":true`) {
		answerChat(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = fmt.Fprint(w, "data: {\"id\":\"c1\",\"model\":\"model-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}\n\n"+
		"data: {\"id\":\"c1\",\"model\":\"model-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,"+
		"\"prompt_tokens_details\":{\"cached_tokens\":60}}}\n\ndata: [DONE]\n\n")
}

// Where the operator and the organization say so, calls of a lease are few events with the sum of their requests, tokens and cost: each call is in one of them. Without the organization they are
// an event each.
func TestCallsAreMerged(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{true, false} {
		t.Run(fmt.Sprintf("allowed %t", allowed), func(t *testing.T) {
			t.Parallel()
			const calls = 300
			b, before := newLeased(t, answerChat, true, allowed, nil)
			events := b.sums().Events
			b.together(calls, func(int) *answer { return b.chat("") })
			b.service.Stop(timeout)
			all := int64(before + calls)
			got := b.sums()
			if got.Requests != all || got.Input != 100*all || got.Output != 20*all || got.Cached != 60*all || got.Cost != dollarsOf(before+calls) {
				t.Errorf("booked %+v, want %d calls for %s", got, all, dollarsOf(before+calls))
			}
			if made := got.Events - events; allowed && made > 20 || !allowed && made != calls {
				t.Errorf("%d events for %d calls", made, calls)
			}
			b.nothingReserved()
		})
	}
}

// Calls that are estimated or have no price, and calls of a model that would cost more together than alone, are not merged.
func TestCallsThatAreNotMerged(t *testing.T) {
	t.Parallel()
	const each = 20
	b, before := newLeased(t, func(w http.ResponseWriter, r *http.Request) {
		body := readAll(r)
		switch {
		case strings.Contains(body, "no usage"):
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, `{"id":"c1","model":"model-1","choices":[]}`)
		case strings.Contains(body, "broken"):
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = fmt.Fprint(w, "data: {\"id\":\"c1\",\"model\":\"model-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}\n\n"+
				"data: {\"error\":{\"message\":\"overloaded\"}}\n\n")
		case strings.Contains(body, "unpriced"):
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, strings.ReplaceAll(chatAnswer, "model-1", "unknown"))
		case strings.Contains(body, "large"):
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprint(w, strings.ReplaceAll(strings.ReplaceAll(chatAnswer, "model-1", "model-steps"), `"prompt_tokens":100`, `"prompt_tokens":900`))
		default:
			answerChat(w, r)
		}
	}, true, true, func(b *bench) {
		b.Run(graphtest.RootToken, "SetPrice", object{"input": object{"provider": "openai", "model": "model-steps", "rates": []any{
			object{"unit": "INPUT_TOKENS", "perMillion": "1"}, object{"unit": "INPUT_TOKENS", "perMillion": "100", "aboveInputTokens": 1000}}}})
	})
	b.together(each, func(int) *answer { return b.chat(`"user":"no usage"`) })
	b.together(each, func(int) *answer { return b.chat(`"user":"broken","stream":true`) })
	b.together(each, func(int) *answer { return b.chat(`"user":"unpriced"`) })
	b.together(each, func(int) *answer { return b.chat(`"user":"large"`) })
	b.together(each, func(int) *answer { return b.chat("") })
	b.service.Stop(timeout)
	rows, err := b.Pool.Query(t.Context(), `select model || case when metadata ? 'estimated' then ', estimated' else '' end, count(*), sum(requests)::bigint,
		max(input_tokens)::bigint, trim_scale(sum(cost_nanos)::numeric / 1e9)::text from usage_events group by 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var model, cost string
		var events, requests, most int64
		if err := rows.Scan(&model, &events, &requests, &most, &cost); err != nil {
			t.Fatal(err)
		}
		switch {
		case model == "model-1":
			if requests != int64(before+each) || events == requests || most > 1000 || cost != dollarsOf(before+each) {
				t.Errorf("%s: %d events of %d requests, %d tokens, %s", model, events, requests, most, cost)
			}
		case model == "model-1, estimated":
			if events != 2*each || requests != 2*each {
				t.Errorf("%s: %d events of %d requests, want %d", model, events, requests, 2*each)
			}
		case events != each || requests != each:
			t.Errorf("%s: %d events of %d requests, want %d", model, events, requests, each)
		case model == "model-steps" && cost != "0.018": // each is below the step
			t.Errorf("%s: %s", model, cost)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	b.nothingReserved()
}

// What a gateway that is killed had merged, and what it had not forgotten yet of that, is booked by the next one, once.
func TestMergedReportsOutliveTheGateway(t *testing.T) {
	t.Parallel()
	b := newBench(t, answerChat, nil)
	b.service.Stop(timeout)
	lease := b.Post(b.Gateway, object{"query": `mutation($input: LeaseUsageInput!) { leaseUsage(input: $input) { lease { id } } }`,
		"variables": object{"input": object{"secret": b.Tenant.Secret.Text, "requests": 9, "tokens": 900, "ttlSeconds": 60}}}).Text("leaseUsage", "lease", "id")
	kept := must(spool.Open(spool.Config{Dir: b.settings.Spool.Dir}))
	put := func(id string, requests int, more string, finished bool) {
		payload := fmt.Appendf(nil, `{"reservationId":%q,"requestId":%q,"parts":{"model":"model-1","requests":%d,"inputTokens":%d},"provider":"openai","sealed":null%s}`,
			lease, id, requests, 100*requests, more)
		if err := kept.Begin(id, payload); err != nil {
			t.Fatal(err)
		}
		if finished {
			if err := kept.Finish(id, payload); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("a", 1, "", true)
	put("b", 1, "", true)
	put("merged-1", 2, `,"members":["a","b"]`, false) // it was killed between the two records of what it had merged
	put("c", 1, "", true)
	if err := kept.Close(); err != nil {
		t.Fatal(err)
	}
	b.start()
	b.await("all is booked", func() bool { return b.service.Proxy.SpoolStats().Entries == 0 })
	b.service.Stop(timeout)
	if got := b.sums(); got.Events != 2 || got.Requests != 3 || got.Input != 300 {
		t.Errorf("booked %+v, want 3 requests in 2 events", got)
	}
}

func readAll(r *http.Request) string { return string(must(io.ReadAll(r.Body))) }
