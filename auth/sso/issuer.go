// Package sso knows people by the tokens that an OpenID Connect issuer signs for them: JSON Web Tokens, presented as bearer
// tokens.
package sso

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"

	"bursar/fault"
)

const (
	maxToken   = 16 << 10 // bytes
	clockSkew  = time.Minute
	keysFor    = 5 * time.Minute // a key that the issuer withdraws is believed no longer
	askTimeout = 3 * time.Second // of one request to the issuer
)

// ErrNotGenuine is the cause of a refusal of what the issuer did not sign, or did not sign for this service. Other refusals
// are of genuine tokens.
var ErrNotGenuine = errors.New("the token is not genuine")

// Config says whose tokens are believed.
type Config struct {
	Issuer   string // its URL, exactly as it names itself
	Audience string // whom tokens must be for: the client id of a portal, or the name of this API
	// AuthorizedParties are the clients, besides the audience itself, to which tokens may have been issued (azp or client_id).
	AuthorizedParties []string
	// ConsoleClient is the client id of Bursar's own console: tokens may be for it in place of the audience, and issued to it. ""
	// if people do not sign in to the console.
	ConsoleClient string
	Logger        *slog.Logger  // is told, at debug, why a token was refused; never the token
	MinInterval   time.Duration // between two requests to the issuer for the same URL; 0 is 2 s
}

// Issuer believes the tokens of one issuer.
type Issuer struct {
	config Config
	client *http.Client
	asking singleflight.Group

	mutex      sync.Mutex
	keys       oidc.KeySet // nil until the issuer has been asked
	freshUntil time.Time
}

// New returns an issuer. It asks the issuer nothing: that is done when the first token comes, so that a server starts
// without it.
func New(config Config) *Issuer {
	config.Logger = cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	return &Issuer{config: config, client: &http.Client{
		Timeout: askTimeout,
		Transport: &cachedTransport{
			next: http.DefaultTransport, minInterval: cmp.Or(config.MinInterval, defaultMinInterval), entries: map[string]*cachedAnswer{},
		},
		// what discovery names is where it is; a redirect could lead to another's keys, or out of TLS
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// IsToken tells whether a bearer token has the form of a signed JSON Web Token.
func IsToken(text string) bool {
	return strings.Count(text, ".") == 2 && strings.HasPrefix(text, "ey") // what base 64 makes of a JSON object's beginning
}

// Email returns the verified e-mail address of the person for whom the issuer signed a token. A token that is not valid now
// is UNAUTHENTICATED; UNAVAILABLE when the issuer's keys are not known and it cannot be asked.
func (i *Issuer) Email(ctx context.Context, token string) (string, error) {
	switch {
	case len(token) > maxToken:
		return "", i.refuse(ctx, "the token is larger than 16 KiB", ErrNotGenuine)
	case !IsToken(token): // a signature has other forms than three parts; no issuer gives them out
		return "", i.refuse(ctx, "the token is no signed JSON Web Token", ErrNotGenuine)
	}
	keys, err := i.keySet(ctx)
	if err != nil {
		return "", unavailable(err)
	}
	watched := &watchedKeys{KeySet: keys}
	verified, err := oidc.NewVerifier(i.config.Issuer, watched, &oidc.Config{
		SkipClientIDCheck: true, SupportedSigningAlgs: asymmetric(), // checkAudience knows of two clients
		Now: func() time.Time { return time.Now().Add(-clockSkew) },
	}).Verify(ctx, token)
	switch {
	case watched.unknown != nil:
		return "", unavailable(watched.unknown)
	case isExpired(err):
		return "", i.refuse(ctx, "the token has expired: sign in again", err)
	case err != nil:
		return "", i.refuse(ctx, "the token is not one of the issuer's for this service", fmt.Errorf("%w: %w", ErrNotGenuine, err))
	}
	return i.addressIn(ctx, verified)
}

// ExpiryOf returns the instant from which a token that Email has accepted is refused.
func ExpiryOf(token string) time.Time {
	var said struct {
		ExpiresAt float64 `json:"exp"` // seconds; some issuers give fractions
	}
	parts := strings.Split(token, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[min(1, len(parts)-1)])
	if err != nil || json.Unmarshal(payload, &said) != nil {
		return time.Now().Add(-clockSkew) // of what Email does not accept
	}
	return time.Unix(int64(said.ExpiresAt), 0).Add(clockSkew)
}

// asymmetric returns the algorithms of signatures that are believed: all those with a private key that the issuer keeps to
// itself. With a shared secret (HS256) or none, whoever knows the public keys could sign.
func asymmetric() []string {
	return []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}
}

func isExpired(err error) bool {
	_, expired := errors.AsType[*oidc.TokenExpiredError](err)
	return expired
}

// refuse returns UNAUTHENTICATED with a public message, and tells the log the reason.
func (i *Issuer) refuse(ctx context.Context, message string, reason error) error {
	i.config.Logger.DebugContext(ctx, "a sign-in token was refused", "message", message, "error", reason)
	return fault.New(fault.Unauthenticated, "%s", message).Because(reason)
}

func unavailable(cause error) error {
	return fault.New(fault.Unavailable, "the issuer of sign-in tokens cannot be asked for its keys; try again").Because(cause)
}

// keySet returns the issuer's keys, asking where they are when that is not known or was asked too long ago. Whoever comes
// meanwhile waits for the same answer.
func (i *Issuer) keySet(ctx context.Context) (oidc.KeySet, error) {
	if keys := i.freshKeys(); keys != nil {
		return keys, nil
	}
	asked := i.asking.DoChan("", func() (any, error) { return i.discover(context.WithoutCancel(ctx)) })
	select {
	case answer := <-asked:
		if answer.Err != nil {
			return nil, answer.Err
		}
		return answer.Val.(oidc.KeySet), nil //nolint:forcetypeassert // discover returns nothing else
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (i *Issuer) freshKeys() oidc.KeySet {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if time.Now().Before(i.freshUntil) {
		return i.keys
	}
	return nil
}

// discover asks the issuer where its keys are. The keys themselves are asked for by the first token that needs them, and
// again by one that is signed with a key that is not among them: so a new key is known with its first token.
func (i *Issuer) discover(ctx context.Context) (oidc.KeySet, error) {
	if keys := i.freshKeys(); keys != nil { // another caller has just asked
		return keys, nil
	}
	ctx = oidc.ClientContext(ctx, i.client)
	provider, err := oidc.NewProvider(ctx, i.config.Issuer)
	if err != nil {
		return nil, err
	}
	var where struct {
		Keys string `json:"jwks_uri"`
	}
	if err := provider.Claims(&where); err != nil {
		return nil, err
	}
	if keys, err := url.Parse(where.Keys); err != nil || keys.Scheme != "https" && strings.HasPrefix(i.config.Issuer, "https:") {
		return nil, fmt.Errorf("the issuer's keys are at %q, which is no https", where.Keys)
	}
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.keys, i.freshUntil = oidc.NewRemoteKeySet(ctx, where.Keys), time.Now().Add(keysFor)
	return i.keys, nil
}

// watchedKeys notes why keys were not known, which the verifier's own error does not tell from a wrong signature.
type watchedKeys struct {
	oidc.KeySet
	unknown error
}

// VerifySignature implements [oidc.KeySet].
func (w *watchedKeys) VerifySignature(ctx context.Context, token string) ([]byte, error) {
	payload, err := w.KeySet.VerifySignature(ctx, token)
	if errors.Unwrap(err) != nil { // a wrong signature has no cause
		w.unknown = err
	}
	return payload, err
}
