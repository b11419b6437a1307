// Package ssotest runs a real OpenID Connect provider for tests: zitadel/oidc's, with its example storage, people and keys of
// the test's own, over HTTP.
package ssotest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The clients that people sign in through.
const (
	Portal = "portal" // whose tokens are Bursar's to believe
	Other  = "other"  // another application of the same issuer
)

const redirectURL = "http://localhost/auth/callback"

// Provider is a running provider.
type Provider struct {
	URL string // its issuer URL
	t   testing.TB

	asked atomic.Int64 // questions for what it is and for its keys
	down  atomic.Bool

	mutex     sync.Mutex
	people    map[string]*storage.User // by address
	key       *signingKey
	published []*signingKey
}

// New starts a provider, which ends with the test.
func New(t testing.TB) *Provider {
	t.Helper()
	p := &Provider{t: t, people: map[string]*storage.User{}}
	p.Rotate(false)
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/.well-known/openid-configuration" || r.URL.Path == "/keys" {
			p.asked.Add(1)
		}
		if p.down.Load() {
			http.Error(w, "down for maintenance", http.StatusServiceUnavailable)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p.URL = server.URL
	handler = p.handler()
	return p
}

// handler returns the provider's paths, and the login page that each provider brings itself.
func (p *Provider) handler() http.Handler {
	people := &people{p}
	store := &store{p: p, Storage: storage.NewStorageWithClients(people, map[string]*storage.Client{
		Portal: storage.NativeClient(Portal, redirectURL), Other: storage.NativeClient(Other, redirectURL),
	})}
	provider, err := op.NewProvider(&op.Config{CryptoKey: [32]byte{1}, CodeMethodS256: true}, store, op.StaticIssuer(p.URL),
		op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		p.t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", provider)
	mux.HandleFunc("POST /login/username", op.NewIssuerInterceptor(provider.IssuerFromRequest).HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			request := r.FormValue("authRequestID")
			if err := store.CheckUsernamePassword(r.FormValue("username"), r.FormValue("password"), request); err != nil {
				http.Error(w, err.Error(), http.StatusForbidden)
				return
			}
			http.Redirect(w, r, op.AuthCallbackURL(provider)(r.Context(), request), http.StatusFound)
		}))
	return mux
}

// Asked returns how often somebody asked what the provider is, or for its keys.
func (p *Provider) Asked() int64 { return p.asked.Load() }

// Down makes the provider fail, or work again.
func (p *Provider) Down(down bool) { p.down.Store(down) }

// Rotate makes the provider sign with a new key. The keys before are published as well while they may still be used.
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
	p.published = append(p.published, p.key)
}

func (p *Provider) signingKey() *signingKey {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.key
}

// people are those who can sign in.
type people struct{ p *Provider }

func (s *people) GetUserByID(id string) *storage.User { return s.GetUserByUsername(id) }
func (s *people) ExampleClientID() string             { return "example" }
func (s *people) GetUserByUsername(name string) *storage.User {
	s.p.mutex.Lock()
	defer s.p.mutex.Unlock()
	return s.p.people[name]
}

// store is the example's storage with keys that change, and with addresses in identity tokens.
type store struct {
	*storage.Storage
	p *Provider
}

func (s *store) SigningKey(context.Context) (op.SigningKey, error) { return s.p.signingKey(), nil }

func (s *store) KeySet(context.Context) ([]op.Key, error) {
	s.p.mutex.Lock()
	defer s.p.mutex.Unlock()
	keys := make([]op.Key, len(s.p.published))
	for i, key := range s.p.published {
		keys[i] = publicKey{key}
	}
	return keys, nil
}

func (s *store) GetClientByClientID(ctx context.Context, id string) (op.Client, error) {
	found, err := s.Storage.GetClientByClientID(ctx, id)
	return client{found}, err
}

type client struct{ op.Client }

func (client) IDTokenUserinfoClaimsAssertion() bool { return true }

type signingKey struct {
	private *rsa.PrivateKey
	id      string
}

func (k *signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k *signingKey) Key() any                                    { return k.private }
func (k *signingKey) ID() string                                  { return k.id }

type publicKey struct{ *signingKey }

func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Key() any                           { return &k.private.PublicKey }
