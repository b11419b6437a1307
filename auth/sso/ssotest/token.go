package ssotest

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// SignIn returns the identity token of a person who has just signed in through a client with a password: what a provider's token
// endpoint answers after the authorization code flow. verified says whether the provider has checked their address.
func (p *Provider) SignIn(client, email string, verified bool) string {
	p.t.Helper()
	now := time.Now().Unix()
	return p.Sign(p.Claims(email, map[string]any{
		"sub": email, "aud": []string{client}, "azp": client, "client_id": client, "auth_time": now, "amr": []string{"pwd"},
		"at_hash": "FXJoLpTnxx7T0NCVIoId4g", "email_verified": verified,
	}))
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
	return p.SignWith(jose.SigningKey{Algorithm: algorithm, Key: key.private}, key.id, claims)
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
	token, err := sign(jose.SigningKey{Algorithm: algorithm, Key: key.private}, key.id, []byte(payload))
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
