package sso

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/auth/sso/ssotest"
	"bursar/fault"
)

// Whatever claims the issuer signs, a person is known by them only if each says so: this issuer, this audience, a client that may
// speak for people here, a time that has not passed, an address, and that it is verified. Others are UNAUTHENTICATED, in
// words that tell nothing of the token.
func FuzzClaims(f *testing.F) {
	provider := ssotest.New(f)
	issuer := New(Config{Issuer: provider.URL, Audience: ssotest.Portal, AuthorizedParties: []string{"app"}, MinInterval: time.Nanosecond})
	for _, seed := range []string{
		`{"iss": "ISSUER", "aud": "portal", "exp": 4e9, "iat": 1, "sub": "1", "email": "ada@acme.test", "email_verified": true}`,
		`{"iss": "ISSUER", "aud": ["x", "portal"], "azp": "app", "exp": 4000000000, "email": "ada@acme.test", "email_verified": "true"}`,
		`{"iss": "ISSUER", "aud": ["portal"], "client_id": "other", "exp": 4e9, "email": "ada@acme.test", "email_verified": true}`,
		`{"iss": "ISSUER", "aud": "portal", "exp": 1, "email": "ada@acme.test", "email_verified": true}`,
		`{"iss": "ISSUER", "aud": "portal", "exp": 4e9, "nbf": 4e9, "email": "ada@acme.test", "email_verified": true}`,
		`{"iss": "x", "aud": "portal", "exp": 4e9, "email": "ada@acme.test", "email_verified": true}`,
		`{"iss": "ISSUER", "aud": "portal", "exp": "4e9", "email": ["a"], "email_verified": 1}`,
		`{"iss": "ISSUER", "aud": null, "exp": 1e400, "email": "\u212Ada@acme.test", "email_verified": {"true": true}}`,
		`{"iss": "ISSUER", "aud": {}, "exp": -9223372036854775808, "email": "\u0000", "Email": "eve@acme.test", "email_verified": true, "EMAIL_VERIFIED": false}`,
		`{"iss": "ISSUER", "aud": "portal", "exp": 9223372036854775807, "email": "ada@acme.test", "email": "eve@acme.test", "email_verified": true}`,
		`{"iss": "ISSUER", "aud": "portal", "exp": 4e9, "email": "ada@acme.test", "email_verified": false, "Email_Verified": true}`,
		`{"iss": "ISSUER", "aud": "other", "AUD": "portal", "exp": 4e9, "email": "ada@acme.test", "email_verified": true}`,
		`[]`, `null`, `1`, `{`, ``, `{"_claim_names": {"email": "s"}, "_claim_sources": {"s": {"endpoint": "http://127.0.0.1:1/"}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "ISSUER", provider.URL)
		token := provider.SignText(t, text)
		address, err := issuer.Email(t.Context(), token)
		if err != nil {
			if fault.CodeOf(err) != fault.Unauthenticated || address != "" {
				t.Fatalf("%s is refused with %q and %v", text, address, err)
			}
			return
		}
		var said map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &said); err != nil {
			t.Fatalf("%s is believed and is no object", text)
		}
		if problem := whyNot(address, provider.URL, said); problem != "" {
			t.Fatalf("%s is believed to be %q: %s", text, address, problem)
		}
	})
}

// whyNot says why claims should not have been believed, read by rules of its own; "" when they say all that is asked for.
func whyNot(address, issuer string, said map[string]json.RawMessage) string {
	value := func(name string) (value any) { // a name counts in one spelling alone
		_ = json.Unmarshal(said[name], &value) // of no text: null
		return value
	}
	audience := []string{}
	switch one := value("aud").(type) {
	case string:
		audience = append(audience, one)
	case []any:
		for _, element := range one {
			name, _ := element.(string)
			audience = append(audience, name)
		}
	}
	allowed := []any{nil, "", "app", ssotest.Portal}
	expires, _ := value("exp").(float64)
	switch {
	case value("iss") != issuer:
		return "another issuer"
	case !slices.Contains(audience, ssotest.Portal):
		return "another audience"
	case value("email") != address || address == "":
		return "another address"
	case value("email_verified") != true && value("email_verified") != "true":
		return "not verified"
	case !slices.Contains(allowed, value("azp")), !slices.Contains(allowed, value("client_id")):
		return "issued to another client"
	case expires < float64(time.Now().Add(-2*time.Minute).Unix()):
		return "expired"
	}
	return ""
}

// spelled returns a token without what base 64 and line breaks let one spell in several ways.
func spelled(token string) string {
	parts := strings.Split(strings.Join(strings.Fields(token), ""), ".")
	signature, _ := base64.RawURLEncoding.DecodeString(parts[len(parts)-1])
	parts[len(parts)-1] = string(signature)
	return strings.Join(parts, ".")
}

// Whatever is presented as a token is UNAUTHENTICATED unless the issuer has signed exactly that.
func FuzzToken(f *testing.F) {
	provider := ssotest.New(f)
	issuer := New(Config{Issuer: provider.URL, Audience: ssotest.Portal, MinInterval: time.Nanosecond})
	genuine := provider.Sign(provider.Claims("ada@acme.test", nil))
	parts := strings.Split(genuine, ".")
	for _, seed := range []string{"GENUINE", "", ".", "..", "ey..", "e30.e30.", parts[0] + "." + parts[1] + ".", "e30." + parts[1] + "." + parts[2], "GENUINE.", "GENUINE=",
		"eyJhbGciOiJub25lIn0." + parts[1] + ".", `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`, "GENUINE\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		token := strings.ReplaceAll(text, "GENUINE", genuine)
		address, err := issuer.Email(t.Context(), token)
		switch {
		case err == nil && (spelled(token) != spelled(genuine) || address != "ada@acme.test"):
			t.Fatalf("%q is believed to be %q", text, address)
		case err != nil && (fault.CodeOf(err) != fault.Unauthenticated || token == genuine):
			t.Fatalf("%q is refused with %v", text, err)
		}
	})
}
