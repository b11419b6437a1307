package ssotest

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"golang.org/x/oauth2"
)

const password = "correct horse battery staple"

// SignIn signs a person in through a client, as a browser would: authorization code with PKCE. It returns their identity
// token.
func (p *Provider) SignIn(client, email string, verified bool) string {
	p.t.Helper()
	p.mutex.Lock()
	p.people[email] = &storage.User{ID: email, Username: email, Password: password, Email: email, EmailVerified: verified}
	p.mutex.Unlock()
	config := oauth2.Config{
		ClientID: client, RedirectURL: redirectURL, Scopes: []string{"openid", "email"},
		Endpoint: oauth2.Endpoint{AuthURL: p.URL + "/authorize", TokenURL: p.URL + "/oauth/token", AuthStyle: oauth2.AuthStyleInParams},
	}
	verifier := oauth2.GenerateVerifier()
	login := p.redirected(http.MethodGet, config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier)), nil)
	callback := p.redirected(http.MethodPost, login, url.Values{"username": {email}, "password": {password}})
	returned, err := url.Parse(p.redirected(http.MethodGet, callback, nil))
	if err != nil {
		p.t.Fatal(err)
	}
	token, err := config.Exchange(context.Background(), returned.Query().Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		p.t.Fatal(err)
	}
	identity, _ := token.Extra("id_token").(string)
	return identity
}

// redirected sends a request that must be answered with a redirect, and returns where to.
func (p *Provider) redirected(method, target string, form url.Values) string {
	p.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // only the header matters
	location, err := response.Location()
	if err != nil {
		p.t.Fatalf("%s %s: %s, %v", method, target, response.Status, err)
	}
	return location.String()
}

// Claims returns what a token of the provider's for the portal says; a nil in changes leaves a claim out.
func (p *Provider) Claims(email string, changes map[string]any) map[string]any {
	now := time.Now()
	claims := map[string]any{
		"iss": p.URL, "aud": Portal, "sub": "1", "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "email": email, "email_verified": true,
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

// Sign returns a token that the provider's key signs, whatever it says.
func (p *Provider) Sign(claims map[string]any) string {
	p.t.Helper()
	key := p.signingKey()
	return p.SignWith(jose.SigningKey{Algorithm: jose.RS256, Key: key.private}, key.id, claims)
}

// SignWith returns a token that any key signs, under the name of any.
func (p *Provider) SignWith(key jose.SigningKey, keyID string, claims map[string]any) string {
	p.t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	token, err := sign(key, keyID, payload)
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// SignText returns a token that the provider's key signs, of a text that need not be claims at all. The test is the caller's
// own, for one input of many.
func (p *Provider) SignText(t *testing.T, payload string) string {
	t.Helper()
	key := p.signingKey()
	token, err := sign(jose.SigningKey{Algorithm: jose.RS256, Key: key.private}, key.id, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func sign(key jose.SigningKey, keyID string, payload []byte) (string, error) {
	signer, err := jose.NewSigner(key, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", keyID))
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// KeyID returns the name of the key that the provider signs with.
func (p *Provider) KeyID() string { return p.signingKey().id }

// PublicKeyPEM returns what everybody can know of the key that the provider signs with, as a text.
func (p *Provider) PublicKeyPEM() []byte {
	p.t.Helper()
	encoded, err := x509.MarshalPKIXPublicKey(&p.signingKey().private.PublicKey)
	if err != nil {
		p.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: encoded})
}

// Modulus returns the number that makes up that key.
func (p *Provider) Modulus() []byte { return p.signingKey().private.N.Bytes() }
