// Package ssotest is a small OpenID Connect provider for tests. It serves the discovery document and the key set over HTTP, with
// keys that rotate, and signs tokens: those of people who signed in, and whatever else a test wants signed.
package ssotest

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// The clients that people sign in through.
const (
	Portal = "portal" // whose tokens are Bursar's to believe
	Other  = "other"  // another application of the same issuer
)

// algorithm is what the provider signs with.
const algorithm = jose.RS256

// Provider is a running provider.
type Provider struct {
	URL string // its issuer URL
	t   testing.TB

	asked atomic.Int64 // requests for the discovery document and for the keys
	down  atomic.Bool

	mutex     sync.Mutex
	key       *signingKey
	published []*signingKey
}

type signingKey struct {
	private *rsa.PrivateKey
	id      string
}

// New starts a provider with one key. It ends with the test.
func New(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{t: t}
	p.Rotate(false)
	paths := http.NewServeMux()
	paths.HandleFunc("GET /.well-known/openid-configuration", p.serve(p.discovery))
	paths.HandleFunc("GET /keys", p.serve(p.keys))
	server := httptest.NewServer(paths)
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// serve returns a handler that answers with a document, or with 503 while the provider is down.
func (p *Provider) serve(document func() any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		p.asked.Add(1)
		if p.down.Load() {
			http.Error(w, "down for maintenance", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(document()); err != nil {
			p.t.Error(err)
		}
	}
}

// discovery is the provider's metadata: what OpenID Connect Discovery 1.0 requires of every provider.
func (p *Provider) discovery() any {
	return map[string]any{
		"issuer": p.URL, "jwks_uri": p.URL + "/keys", "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{string(algorithm)}, "scopes_supported": []string{"openid", "email"},
	}
}

// keys is the key set: the public halves of the published keys.
func (p *Provider) keys() any {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	var set jose.JSONWebKeySet
	for _, key := range p.published {
		set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.private.Public(), KeyID: key.id, Algorithm: string(algorithm), Use: "sig"})
	}
	return set
}

// Asked returns how often the discovery document or the keys were requested.
func (p *Provider) Asked() int64 { return p.asked.Load() }

// Down makes the provider answer 503, or work again.
func (p *Provider) Down(down bool) { p.down.Store(down) }

// Rotate makes the provider sign with a new key. With keep the earlier keys stay published; else the new one alone is.
func (p *Provider) Rotate(keep bool) {
	p.t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !keep {
		p.published = nil
	}
	p.key = &signingKey{private: private, id: fmt.Sprintf("key-%x", private.N.Bytes()[:6])}
	p.published = append(slices.Clip(p.published), p.key)
}

func (p *Provider) signingKey() *signingKey {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.key
}
