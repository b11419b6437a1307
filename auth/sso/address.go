package sso

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
)

// claims are what a token says besides what every token must.
type claims struct {
	Email           string `json:"email"`
	EmailVerified   truth  `json:"email_verified"`
	AuthorizedParty string `json:"azp"`
	ClientID        string `json:"client_id"` // access tokens (RFC 9068) name the client so
}

// truth is true for true and for "true", as some issuers write it, and false for all the rest.
type truth bool

// UnmarshalJSON implements [json.Unmarshaler].
func (t *truth) UnmarshalJSON(text []byte) error {
	*t = string(text) == "true" || string(text) == `"true"`
	return nil
}

var _ json.Unmarshaler = (*truth)(nil)

// addressIn returns the verified address in a token that the issuer signed for the audience.
func (i *Issuer) addressIn(ctx context.Context, token *oidc.IDToken) (string, error) {
	var said claims
	var all map[string]json.RawMessage
	if err := errors.Join(token.Claims(&said), token.Claims(&all)); err != nil {
		return "", i.refuse(ctx, "the token's claims cannot be read", err)
	}
	for name := range all {
		if slices.ContainsFunc(read(), func(known string) bool { return name != known && strings.EqualFold(name, known) }) {
			return "", i.refuse(ctx, "the token has a claim whose name differs from one that counts by its case alone", fmt.Errorf("%w: %q", ErrNotGenuine, name))
		}
	}
	if err := i.checkAudience(token.Audience); err != nil {
		return "", i.refuse(ctx, "the token is not one of the issuer's for this service", fmt.Errorf("%w: %w", ErrNotGenuine, err))
	}
	if err := i.checkParties(token.Audience, &said); err != nil {
		return "", i.refuse(ctx, "the token was issued to another client", fmt.Errorf("%w: %w", ErrNotGenuine, err))
	}
	switch {
	case said.Email == "":
		return "", i.refuse(ctx, "the token has no e-mail address: ask the issuer for the scope email", errNoAddress)
	case !bool(said.EmailVerified):
		return "", i.refuse(ctx, "the issuer has not verified the e-mail address: the token's email_verified is not true", errNoAddress)
	case slices.ContainsFunc([]rune(said.Email), looksLikeASCII):
		return "", i.refuse(ctx, "the token's e-mail address has characters that pass for others", errNoAddress)
	}
	return said.Email, nil
}

// read returns the names of the claims that are read, by the verifier or here. encoding/json takes a name in any case for them, so
// that "Email_Verified", which somebody may have been free to choose, would count as well as email_verified.
func read() []string {
	return []string{"iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "at_hash", "email", "email_verified", "azp", "client_id",
		"_claim_names", "_claim_sources"}
}

var errNoAddress = errors.New("no address to know the person by")

// checkAudience refuses a token that is for somebody else alone.
func (i *Issuer) checkAudience(audience []string) error {
	if slices.Contains(audience, i.config.Audience) || i.isConsole(audience...) {
		return nil
	}
	return fmt.Errorf("it is for %q", audience)
}

// isConsole tells whether the console is among these clients.
func (i *Issuer) isConsole(clients ...string) bool {
	return i.config.ConsoleClient != "" && slices.Contains(clients, i.config.ConsoleClient)
}

// checkParties refuses a token that the issuer gave to a client that may not speak for people here, although it is for this
// audience among others.
func (i *Issuer) checkParties(audience []string, said *claims) error {
	for _, party := range []string{said.AuthorizedParty, said.ClientID} {
		if party != "" && party != i.config.Audience && !i.isConsole(party) && !slices.Contains(i.config.AuthorizedParties, party) {
			return fmt.Errorf("it was issued to %q", party)
		}
	}
	if len(audience) > 1 && said.AuthorizedParty == "" && said.ClientID == "" {
		return fmt.Errorf("it is for %q and does not say to whom it was issued", audience)
	}
	return nil
}

// looksLikeASCII tells a character that Unicode's simple case folding makes equal to an ASCII letter although it is none itself, as
// the Kelvin sign and the long s: compared without case, an address with it would be somebody else's.
func looksLikeASCII(r rune) bool {
	if r <= unicode.MaxASCII {
		return false
	}
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		if other <= unicode.MaxASCII {
			return true
		}
	}
	return false
}
