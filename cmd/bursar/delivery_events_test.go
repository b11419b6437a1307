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
)

// Guarantee: delivery events are taken when they are signed with the secret that the server was started with, and refused
// otherwise, and by a server that has none.
func TestDeliveryEvents(t *testing.T) {
	t.Parallel()
	databaseURL, key := database.NewURL(t), []byte("a key of tests")
	const path, event = "/webhooks/resend", `{"type":"email.opened","data":{"email_id":"1"}}`
	signed := func(key []byte) func(*http.Request) { return signedBy(key, event) }
	_, url := startServe(t, databaseURL, variables{"RESEND_WEBHOOK_SECRET": "whsec_" + base64.StdEncoding.EncodeToString(key)})
	wantStatus(t, "a signed event", request(t, http.MethodPost, url+path, event, signed(key)), http.StatusNoContent)
	wantStatus(t, "a forged event", request(t, http.MethodPost, url+path, event, signed([]byte("another"))), http.StatusUnauthorized)

	_, without := startServe(t, databaseURL, nil)
	refused := request(t, http.MethodPost, without+path, event, signed(key))
	wantStatus(t, "a server without the secret", refused, http.StatusNotFound)
	wantContains(t, "the explanation", refused.body, "RESEND_WEBHOOK_SECRET")
}

// signedBy signs an event as Resend does.
func signedBy(key []byte, event string) func(*http.Request) {
	return func(r *http.Request) {
		now := strconv.FormatInt(time.Now().Unix(), 10)
		mac := hmac.New(sha256.New, key)
		_, _ = io.WriteString(mac, "msg_1."+now+"."+event) // never fails
		r.Header.Set("svix-id", "msg_1")
		r.Header.Set("svix-timestamp", now)
		r.Header.Set("svix-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
}
