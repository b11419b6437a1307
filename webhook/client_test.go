package webhook

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// loopback is where the tests' targets are.
var loopback = Networks(nil).Or("127.0.0.0/8,::1/128")

// A receiver that verifies as Standard Webhooks say accepts what is sent, with either secret while one is rotated, and with no other.
func TestMessagesAreSigned(t *testing.T) {
	t.Parallel()
	secrets := []Secret{NewSecret(), NewSecret()}
	received := make(chan error, 3)
	target := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			received <- err
		}
		for _, secret := range []Secret{secrets[0], secrets[1], NewSecret()} {
			verifier, err := standardwebhooks.NewWebhook(secret.Text())
			if err != nil {
				t.Error(err)
			}
			received <- verifier.Verify(body, r.Header)
		}
	}))
	defer target.Close()
	answer, err := NewClient(loopback).Send(t.Context(), &Message{ID: "whd_1", URL: target.URL, Body: []byte(`{"a": "é"}`), At: time.Now(), Secrets: secrets})
	if err != nil || answer.Status != http.StatusOK {
		t.Fatal(answer, err)
	}
	if first, second, third := <-received, <-received, <-received; first != nil || second != nil || third == nil {
		t.Errorf("%v, %v, %v; want the third refused alone", first, second, third)
	}
}

// A redirect is not followed, a failure is said in words that name no address, a wish to be asked later is heard up to an hour, and a target that does
// not answer is given up.
func TestAnswers(t *testing.T) {
	t.Parallel()
	hangs := make(chan struct{})
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case "/later":
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/hangs":
			<-hangs
		default:
			t.Errorf("%s was asked for", r.URL.Path)
		}
	}))
	defer target.Close()
	defer close(hangs)
	client := NewClient(loopback)
	send := func(ctx context.Context, path string) (Answer, error) {
		return client.Send(ctx, &Message{ID: "whd_1", URL: target.URL + path, At: time.Now(), Secrets: []Secret{NewSecret()}})
	}
	for path, want := range map[string]string{"/redirect": "answered HTTP 302, a redirect, which is not followed", "/later": "answered HTTP 429", "/gone": "answered HTTP 410"} {
		answer, err := send(t.Context(), path)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", path, err)
		}
		if answer.Gone() != (path == "/gone") || (answer.RetryAfter == time.Hour) != (path == "/later") {
			t.Errorf("%s: %+v", path, answer)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if answer, err := send(ctx, "/hangs"); err == nil || answer.Status != 0 || !strings.HasPrefix(err.Error(), "did not answer within") {
		t.Errorf("%+v %v", answer, err)
	}
}

// Nothing connects to an address that is not public unless the operator allows its network, whatever name leads there, and over http to allowed networks
// alone. Nobody listens for what is refused.
func TestPrivateTargetsAreRefused(t *testing.T) {
	t.Parallel()
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was connected to") }))
	defer target.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(target.URL, "http://"), ":")
	for _, c := range []struct {
		networks Networks
		url      string
	}{
		{nil, target.URL},
		{nil, "https://localhost:" + port},
		{Networks(nil).Or("10.0.0.0/8"), "http://localhost:" + port},
		{Networks(nil).Or("10.0.0.0/8"), "https://127.0.0.1:" + port},
	} {
		answer, err := NewClient(c.networks).Send(t.Context(), &Message{ID: "whd_1", URL: c.url, At: time.Now(), Secrets: []Secret{NewSecret()}})
		if err == nil || answer.Status != 0 || err.Error() != errNotAllowed.Error() {
			t.Errorf("%s: %+v %v", c.url, answer, err)
		}
	}
}

// Why there is no answer is told without the address that a name led to.
func TestErrorsNameNoAddress(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(gone.URL, "http://"), ":")
	for url, want := range map[string]string{
		"http://localhost:" + port: "no answer: connection refused",
		"https://no-host.invalid":  "its host name was not found",
	} {
		_, err := NewClient(loopback).Send(t.Context(), &Message{ID: "whd_1", URL: url, At: time.Now(), Secrets: []Secret{NewSecret()}})
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
}
