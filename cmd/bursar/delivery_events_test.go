package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
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
