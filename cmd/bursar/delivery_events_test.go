package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bursar/db/dbtest"
)

// Guarantee: a delivery event that is signed with the secret that the server was started with moves the delivery on and
// suppresses an address that bounced for good; another is refused and moves nothing, and so is any by a server that has no
// secret. One that was signed at another time, by the server's clock, is refused as that, and counted.
func TestDeliveryEvents(t *testing.T) {
	t.Parallel()
	databaseURL, key := database.NewURL(t), []byte("a key of tests")
	const path = "/webhooks/resend"
	const event = `{"type":"email.bounced","data":{"email_id":"p-1","bounce":{"type":"Permanent","message":"no such mailbox"}}}`
	pool := database.Pool(t, databaseURL)
	tenant := dbtest.NewTenant(t, pool)
	execute(t, pool, `select create_limit($1, null, $2, 'BUDGET', 'TOKENS', 'MONTHLY', 100, '{}', null)`, tenant.Organization.ID, tenant.Key.ID)
	execute(t, pool, `select raise_alerts($1, array(select id from counters), null::integer[], array[10]::bigint[], clock_timestamp())`, tenant.Organization.ID)
	execute(t, pool, `update alert_deliveries set status = 'SENT', provider_id = 'p-1'`)
	stands := func(want string) {
		t.Helper()
		var got string
		err := pool.QueryRow(t.Context(), `select concat_ws(' ', d.status, s.reason, s.detail) from alert_deliveries d
			left join suppressed_addresses s using (organization_id, address)`).Scan(&got)
		if err != nil || got != want {
			t.Errorf("the delivery stands at %q, error %v, want %q", got, err, want)
		}
	}
	signed := func(key []byte) func(*http.Request) { return signedBy(key, event) }
	_, url := startServe(t, databaseURL, variables{"RESEND_WEBHOOK_SECRET": "whsec_" + base64.StdEncoding.EncodeToString(key)})
	wantStatus(t, "a forged event", request(t, http.MethodPost, url+path, event, signed([]byte("another"))), http.StatusUnauthorized)
	for off, want := range map[time.Duration]string{-400 * time.Second: "too old", 400 * time.Second: "from the future"} {
		refused := request(t, http.MethodPost, url+path, event, signedAt(key, event, time.Now().Add(off)))
		wantStatus(t, want, refused, http.StatusUnauthorized)
		wantContains(t, "the explanation", refused.body, want)
	}
	metrics := request(t, http.MethodGet, url+"/metrics", "", nil).body
	for _, reason := range []string{"signature", "too_old", "from_the_future"} {
		wantContains(t, "the metrics", metrics, `bursar_delivery_events_refused_total{reason="`+reason+`"} 1`)
	}
	stands("SENT")
	for range 2 {
		wantStatus(t, "a signed event", request(t, http.MethodPost, url+path, event, signed(key)), http.StatusNoContent)
		stands("BOUNCED BOUNCED no such mailbox")
	}

	_, without := startServe(t, databaseURL, nil)
	refused := request(t, http.MethodPost, without+path, event, signed(key))
	wantStatus(t, "a server without the secret", refused, http.StatusNotFound)
	wantContains(t, "the explanation", refused.body, "RESEND_WEBHOOK_SECRET")
}

// Guarantee: Resend's events are noted at its full rate, two calls of a hundred mails a second, while others send bodies that do not arrive and
// requests without a signature. What is refused is counted, one by one.
func TestDeliveryEventsAmongOthers(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "starts what other tests start, and looks at what is printed")
	databaseURL, key := database.NewURL(t), []byte("a key of tests")
	_, url := startServe(t, databaseURL, variables{
		"RESEND_WEBHOOK_SECRET": "whsec_" + base64.StdEncoding.EncodeToString(key), "BURSAR_TRUSTED_PROXIES": "127.0.0.0/8",
	})
	post := func(address, body string, header func(*http.Request)) int {
		return request(t, http.MethodPost, url+"/webhooks/resend", body, func(r *http.Request) {
			r.Header.Set("X-Forwarded-For", address)
			header(r)
		}).status
	}
	for range 20 { // bodies that do not arrive: more than one network may have slots
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		head, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/webhooks/resend", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		signedBy([]byte("another"), "")(head)
		var text bytes.Buffer
		if err := head.Header.Write(&text); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(connection, "POST /webhooks/resend HTTP/1.1\r\nHost: bursar\r\nX-Forwarded-For: 203.0.113.1\r\nContent-Length: 60000\r\n%s\r\n", &text); err != nil {
			t.Fatal(err)
		}
	}
	const number = 200
	var requests sync.WaitGroup
	var noted, refused atomic.Int32
	for i := range number {
		requests.Go(func() {
			if post("203.0.113.2", strings.Repeat("x", 250_000), func(*http.Request) {}) == http.StatusUnauthorized {
				refused.Add(1)
			}
		})
		requests.Go(func() {
			event := fmt.Sprintf(`{"type":"email.delivered","data":{"email_id":"another-programs-%d"}}`, i)
			if post("192.0.2.1", event, signedBy(key, event)) == http.StatusNoContent {
				noted.Add(1)
			}
		})
	}
	requests.Wait()
	if noted.Load() != number || refused.Load() != number {
		t.Errorf("%d events were noted, %d other requests refused, want %d each", noted.Load(), refused.Load(), number)
	}
	metrics := get(t, url+"/metrics").body
	wantContains(t, "the metrics", metrics, `bursar_delivery_events_refused_total{reason="headers"} 200`+"\n",
		`bursar_delivery_events_refused_total{reason="signature"} 0`+"\n", `bursar_delivery_events_refused_total{reason="too_large"} 0`+"\n")
}

// signedBy signs an event as Resend does.
func signedBy(key []byte, event string) func(*http.Request) { return signedAt(key, event, time.Now()) }

// signedAt signs it as of an instant.
func signedAt(key []byte, event string, at time.Time) func(*http.Request) {
	return func(r *http.Request) {
		now := strconv.FormatInt(at.Unix(), 10)
		mac := hmac.New(sha256.New, key)
		_, _ = io.WriteString(mac, "msg_1."+now+"."+event) // never fails
		r.Header.Set("svix-id", "msg_1")
		r.Header.Set("svix-timestamp", now)
		r.Header.Set("svix-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
}
