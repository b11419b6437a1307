package sso

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"bursar/auth/sso/ssotest"
	"bursar/fault"
)

const ada = "ada@acme.test"

func issuerOf(p *ssotest.Provider) *Issuer {
	return New(Config{Issuer: p.URL, Audience: ssotest.Portal, MinInterval: time.Nanosecond})
}

// wantAddress fails the test unless a token is believed.
func wantAddress(t *testing.T, i *Issuer, token string) {
	t.Helper()
	if address, err := i.Email(t.Context(), token); err != nil || address != ada {
		t.Errorf("%q, %v; want %s", address, err, ada)
	}
}

func wantRefusal(t *testing.T, i *Issuer, name, token string, code fault.Code) {
	t.Helper()
	if address, err := i.Email(t.Context(), token); fault.CodeOf(err) != code || address != "" {
		t.Errorf("%s: %q, %v; want %s", name, address, err, code)
	}
}

// A token for the console is believed where the console signs people in, and nowhere else; and there, too, one for anybody else is
// not.
func TestConsoleSignsPeopleIn(t *testing.T) {
	t.Parallel()
	const console = "console"
	provider := ssotest.New(t)
	token := provider.SignIn(console, ada, true)
	wantRefusal(t, issuerOf(provider), "a token for the console, which signs nobody in", token, fault.Unauthenticated)

	issuer := New(Config{Issuer: provider.URL, Audience: ssotest.Portal, ConsoleClient: console, MinInterval: time.Nanosecond})
	wantAddress(t, issuer, token)
	wantAddress(t, issuer, provider.SignIn(ssotest.Portal, ada, true))
	wantRefusal(t, issuer, "a token for another application", provider.SignIn(ssotest.Other, ada, true), fault.Unauthenticated)
	forNobody := provider.Sign(provider.Claims(ada, map[string]any{"aud": []string{}, "azp": console}))
	wantRefusal(t, issuer, "a token for nobody that was issued to the console", forNobody, fault.Unauthenticated)
}

// A person who signed in is known by the verified address in their identity token.
func TestSignIn(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	issuer := issuerOf(provider)
	token := provider.SignIn(ssotest.Portal, ada, true)
	if !IsToken(token) {
		t.Errorf("%q has not the form of a token", token)
	}
	wantAddress(t, issuer, token)
	wantRefusal(t, issuer, "an address that the provider has not verified", provider.SignIn(ssotest.Portal, "eve@acme.test", false), fault.Unauthenticated)
	wantRefusal(t, issuer, "another application's token", provider.SignIn(ssotest.Other, ada, true), fault.Unauthenticated)
}

// Only what the issuer signed, for this audience, for now, given to a client that may speak for people here, with a verified
// address is believed.
func TestWhatIsBelieved(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	issuer := New(Config{Issuer: provider.URL, Audience: ssotest.Portal, AuthorizedParties: []string{"app"}, MinInterval: time.Nanosecond})
	now := time.Now().Unix()
	for name, test := range map[string]struct {
		changes  map[string]any
		believed bool
	}{
		"as it should be":              {nil, true},
		"for others too, to us":        {map[string]any{"aud": []string{"x", ssotest.Portal}, "azp": ssotest.Portal}, true},
		"for us, to an allowed client": {map[string]any{"azp": "app"}, true},
		"an access token of a client":  {map[string]any{"aud": []string{"x", ssotest.Portal}, "client_id": "app"}, true},
		"verified in letters":          {map[string]any{"email_verified": "true"}, true},
		"a clock that is behind":       {map[string]any{"exp": now - 30, "nbf": now + 30}, true},

		"for another":                    {map[string]any{"aud": ssotest.Other}, false},
		"for nobody":                     {map[string]any{"aud": nil}, false},
		"for others too, to whom":        {map[string]any{"aud": []string{"x", ssotest.Portal}}, false},
		"for us, to another client":      {map[string]any{"azp": ssotest.Other}, false},
		"for us, to another's client id": {map[string]any{"client_id": ssotest.Other}, false},
		"to us and to another":           {map[string]any{"azp": ssotest.Portal, "client_id": ssotest.Other}, false},
		"of another issuer":              {map[string]any{"iss": "https://issuer.test"}, false},
		"of a longer issuer":             {map[string]any{"iss": provider.URL + "/"}, false},
		"of no issuer":                   {map[string]any{"iss": nil}, false},
		"expired":                        {map[string]any{"exp": now - 90}, false},
		"without an end":                 {map[string]any{"exp": nil}, false},
		"not begun":                      {map[string]any{"nbf": now + 3600}, false},
		"without an address":             {map[string]any{"email": nil}, false},
		"an empty address":               {map[string]any{"email": ""}, false},
		"addresses":                      {map[string]any{"email": []string{ada}}, false},
		"not verified":                   {map[string]any{"email_verified": false}, false},
		"verified or not":                {map[string]any{"email_verified": nil}, false},
		"verified by a number":           {map[string]any{"email_verified": 1}, false},
		"verified by an object":          {map[string]any{"email_verified": map[string]any{"true": true}}, false},
		"a Kelvin sign":                  {map[string]any{"email": "\u212Ada@acme.test"}, false},
		"a long s":                       {map[string]any{"email": "\u017Fda@acme.test"}, false},
	} {
		token := provider.Sign(provider.Claims(ada, test.changes))
		if test.believed {
			wantAddress(t, issuer, token)
		} else {
			wantRefusal(t, issuer, name, token, fault.Unauthenticated)
		}
	}
}

// A signature counts only if it was made with the issuer's private key: none, one by a secret that is public, one by another
// key under the issuer's name, one of other contents, or one that the token itself brings the key for.
func TestForgeries(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	issuer := issuerOf(provider)
	claims, genuine := provider.Claims(ada, nil), provider.Sign(provider.Claims(ada, nil))
	wantAddress(t, issuer, genuine)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(genuine, ".")
	part := func(content any) string {
		encoded, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(encoded)
	}
	header := func(change map[string]any) string {
		all := map[string]any{"alg": "RS256", "typ": "JWT", "kid": provider.KeyID()}
		maps.Copy(all, change)
		return part(all)
	}
	withKey, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: other}, &jose.SignerOptions{EmbedJWK: true})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := withKey.Sign([]byte(mustJSON(t, claims)))
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"no algorithm":              header(map[string]any{"alg": "none"}) + "." + part(claims) + ".",
		"no algorithm, a signature": header(map[string]any{"alg": "none"}) + "." + part(claims) + "." + parts[2],
		"NONE":                      header(map[string]any{"alg": "NONE"}) + "." + part(claims) + ".",
		"the public key as secret":  provider.SignWith(jose.SigningKey{Algorithm: jose.HS256, Key: provider.PublicKeyPEM()}, provider.KeyID(), claims),
		"the modulus as secret":     provider.SignWith(jose.SigningKey{Algorithm: jose.HS512, Key: provider.Modulus()}, provider.KeyID(), claims),
		"another key":               provider.SignWith(jose.SigningKey{Algorithm: jose.RS256, Key: other}, provider.KeyID(), claims),
		"a key of another kind":     provider.SignWith(jose.SigningKey{Algorithm: jose.ES256, Key: curve}, provider.KeyID(), claims),
		"an unknown key":            provider.SignWith(jose.SigningKey{Algorithm: jose.RS256, Key: other}, "unknown", claims),
		"the key in the token":      embedded,
		"other contents":            parts[0] + "." + part(provider.Claims("eve@acme.test", nil)) + "." + parts[2],
		"another algorithm":         header(map[string]any{"alg": "PS256"}) + "." + parts[1] + "." + parts[2],
		"something critical":        header(map[string]any{"crit": []string{"exp"}}) + "." + parts[1] + "." + parts[2],
		"no signature":              parts[0] + "." + parts[1] + ".",
		"two signatures":            genuine + "." + parts[2],
		"nothing":                   "..",
		"no base 64":                "ey!.ey!.!",
		"huge":                      provider.Sign(provider.Claims(ada, map[string]any{"groups": strings.Repeat("x", maxToken)})),
	} {
		address, err := issuer.Email(t.Context(), token)
		if fault.CodeOf(err) != fault.Unauthenticated || !errors.Is(err, ErrNotGenuine) || address != "" {
			t.Errorf("%s: %q, %v", name, address, err)
		}
	}
	for _, text := range []string{"", "..", "ey", genuine + ".x", fmt.Sprintf(`{"payload":%q,"protected":%q,"signature":%q}`, parts[1], parts[0], parts[2])} {
		if IsToken(text) {
			t.Errorf("%q is taken for a token", text)
		}
	}
}

func mustJSON(t *testing.T, value any) string {
	t.Helper()
	encoded, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

// A new key is known with the first token that it signs, tokens of the old one hold while it is published, and a key that
// was withdrawn is not believed for longer than the keys are kept.
func TestKeysRotate(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	issuer := issuerOf(provider)
	before := provider.SignIn(ssotest.Portal, ada, true)
	wantAddress(t, issuer, before)
	provider.Rotate(true)
	wantAddress(t, issuer, provider.SignIn(ssotest.Portal, ada, true))
	wantAddress(t, issuer, before)

	provider.Rotate(false)
	issuer.mutex.Lock()
	issuer.freshUntil = time.Now() // as after five minutes
	issuer.mutex.Unlock()
	wantRefusal(t, issuer, "a key that was withdrawn", before, fault.Unauthenticated)
	wantAddress(t, issuer, provider.SignIn(ssotest.Portal, ada, true))
}

// While the issuer cannot be asked, tokens are UNAVAILABLE and not refused; it is asked again by itself. What it said
// before stands in for it.
func TestIssuerIsDown(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	issuer := issuerOf(provider)
	token := provider.SignIn(ssotest.Portal, ada, true)
	provider.Down(true)
	wantRefusal(t, issuer, "never asked", token, fault.Unavailable)
	provider.Down(false)
	wantAddress(t, issuer, token)
	provider.Down(true)
	wantAddress(t, issuer, token)
	issuer.mutex.Lock()
	issuer.freshUntil = time.Now() // as after five minutes
	issuer.mutex.Unlock()
	wantAddress(t, issuer, token)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := issuerOf(provider).Email(ctx, token); fault.CodeOf(err) != fault.Unavailable {
		t.Errorf("a caller who left: %v", err)
	}
}

// An issuer that says it is another, that keeps its keys in the open, or that answers anything else is not believed.
func TestIssuerThatIsAnother(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	token := provider.SignIn(ssotest.Portal, ada, true)
	for name, document := range map[string]string{
		"another issuer": `{"issuer": "https://another.test", "jwks_uri": "` + provider.URL + `/keys"}`,
		"no JSON":        "<html>",
		"too much":       `{"x": "` + strings.Repeat("x", maxAnswer) + `"}`,
		"no keys":        `{"issuer": "http://HOST", "jwks_uri": "http://127.0.0.1:1/keys"}`,
		"keys nowhere":   `{"issuer": "http://HOST"}`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprint(w, strings.ReplaceAll(document, "HOST", r.Host))
		}))
		t.Cleanup(server.Close)
		wantRefusal(t, New(Config{Issuer: server.URL, Audience: ssotest.Portal}), name, token, fault.Unavailable)
	}
}

// Whatever tokens come and however many at once, the issuer is asked for one thing at most once in a pause.
func TestIssuerIsAskedSparingly(t *testing.T) {
	t.Parallel()
	for _, down := range []bool{false, true} {
		provider := ssotest.New(t)
		issuer := New(Config{Issuer: provider.URL, Audience: ssotest.Portal, MinInterval: time.Hour})
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		provider.Down(down)
		var callers sync.WaitGroup
		for n := range 100 {
			token := provider.SignWith(jose.SigningKey{Algorithm: jose.RS256, Key: key}, fmt.Sprint("made-up-", n), provider.Claims(ada, nil))
			callers.Go(func() {
				wanted := fault.Unauthenticated
				if down {
					wanted = fault.Unavailable
				}
				wantRefusal(t, issuer, "a made-up key", token, wanted)
			})
		}
		callers.Wait()
		want := int64(2) // what it is, and its keys
		if down {
			want = 1
		}
		if asked := provider.Asked(); asked != want {
			t.Errorf("down %v: asked %d times, want %d", down, asked, want)
		}
	}
}

// The log says why a token was refused, and never holds a token or a part of its signature.
func TestTokensAreNotLogged(t *testing.T) {
	t.Parallel()
	provider := ssotest.New(t)
	var log bytes.Buffer
	issuer := New(Config{Issuer: provider.URL, Audience: ssotest.Portal,
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	genuine := provider.Sign(provider.Claims(ada, nil))
	for _, token := range []string{
		provider.Sign(provider.Claims(ada, map[string]any{"aud": "x"})), provider.Sign(provider.Claims(ada, map[string]any{"exp": 1})),
		genuine[:len(genuine)-4] + "AAAA", genuine + "!", "ey" + genuine, provider.SignIn(ssotest.Portal, ada, false),
	} {
		_, err := issuer.Email(t.Context(), token)
		if fault.CodeOf(err) != fault.Unauthenticated {
			t.Errorf("%v", err)
		}
		for part := range strings.SplitSeq(token, ".") {
			if strings.Contains(log.String(), part) || strings.Contains(err.Error(), part) {
				t.Errorf("a part of the token is in the log or the error: %v\n%s", err, log.String())
			}
		}
	}
	if refusals := strings.Count(log.String(), "a sign-in token was refused"); refusals != 6 {
		t.Errorf("%d refusals in the log, want 6:\n%s", refusals, log.String())
	}
}
