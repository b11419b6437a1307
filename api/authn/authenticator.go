// Package authn finds out who calls: by an access token, the root token, or a token of the single sign-on issuer.
package authn

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/auth/sso"
	"bursar/db"
	"bursar/fault"
	"bursar/id"
)

// rememberedTokens is how many tokens' principals are kept.
const rememberedTokens = 4096

// lookUps is how many tokens are looked up at a time, so that whoever sends wrong ones has no more of the database than that.
const lookUps = 2

// Config says how callers are known.
type Config struct {
	Tokens    *db.Confined  // where access tokens are looked up
	Members   *db.Confined  // where people who sign in are looked up; apart, for only the issuer's signature lets a token get there
	RootToken string        // the operator's; "" when there is none
	Timeout   time.Duration // of a look-up
	Logins    *auth.Logins  // counts those that fail; nil: those of this server alone
	Issuer    *sso.Issuer   // of people's own tokens; nil: there is none
	// Refuse answers a request whose address has sent too many wrong tokens. It may be asked again after the wait.
	Refuse func(w http.ResponseWriter, r *http.Request, wait time.Duration, err error)
}

// Authenticator finds out who presents a bearer token.
type Authenticator struct {
	config   Config
	rootHash []byte // nil: there is no root token
	// remembered are principals by their token's hash, of tokens that are bound to no member: what these may do never changes,
	// but whether they are valid does. The statement of an enforcement call looks at that itself, everything else asks first.
	// What a bound token may do changes with its member's role, so it is looked up each time.
	remembered *lru.Cache[string, *auth.Principal]
	turns      chan struct{} // one for each look-up that is under way
}

// New returns an authenticator.
func New(config Config) *Authenticator {
	remembered, err := lru.New[string, *auth.Principal](rememberedTokens)
	if err != nil {
		panic(err) // the size is positive
	}
	config.Logins = cmp.Or(config.Logins, auth.NewLogins(nil))
	a := &Authenticator{config: config, remembered: remembered, turns: make(chan struct{}, lookUps)}
	if config.RootToken != "" {
		a.rootHash = auth.Hash(config.RootToken)
	}
	return a
}

// Handler puts who is calling into the context, and refuses an address that keeps sending wrong tokens.
func (a *Authenticator) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := bearerToken(r)
		ctx := a.authenticate(r, token)
		if _, err := auth.FromContext(ctx); token != "" && fault.CodeOf(err) == fault.Unauthenticated {
			if wait := a.failed(r, token, err); wait > 0 {
				a.config.Refuse(w, r.WithContext(ctx), wait, err)
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// failed counts a wrong token and returns how long its address has to wait; 0 when it need not. Genuine tokens of people,
// that have expired or are no member's, are nobody's guess, and portals pass on many.
func (a *Authenticator) failed(r *http.Request, token string, err error) time.Duration {
	switch {
	case auth.IsSecret(token, auth.AccessTokenPrefix), errors.Is(err, sso.ErrNotGenuine):
		return a.config.Logins.FailToken(r)
	case a.config.Issuer != nil && sso.IsToken(token):
		return 0
	}
	return a.config.Logins.FailGuess(r)
}

// bearerToken returns the token that a request presents; "" for none.
func bearerToken(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func (a *Authenticator) authenticate(r *http.Request, token string) context.Context {
	ctx := r.Context()
	if token == "" {
		return auth.WithPrincipal(ctx, nil, fault.New(fault.Unauthenticated, "send a token: Authorization: Bearer TOKEN"))
	}
	hash, isSecret := auth.Hash(token), auth.IsSecret(token, auth.AccessTokenPrefix)
	if a.rootHash != nil && (isSecret || a.config.Logins.MayGuess(r)) && subtle.ConstantTimeCompare(hash, a.rootHash) == 1 {
		return auth.WithPrincipal(ctx, &auth.Principal{Role: auth.RoleRoot, Actor: "root"}, nil)
	}
	if !isSecret && a.config.Issuer != nil && sso.IsToken(token) {
		principal, err := a.signIn(r, token)
		return auth.WithPrincipal(ctx, principal, err)
	}
	if !isSecret {
		return auth.WithPrincipal(ctx, nil, wrongToken)
	}
	if principal, ok := a.remembered.Get(string(hash)); ok {
		return auth.WithRemembered(ctx, principal, func() (*auth.Principal, error) { return a.look(ctx, hash) })
	}
	principal, err := a.lookInTurn(r, hash)
	return auth.WithPrincipal(ctx, principal, err)
}

// lookInTurn is look, but for addresses that keep sending wrong tokens only a few at a time.
func (a *Authenticator) lookInTurn(r *http.Request, hash []byte) (*auth.Principal, error) {
	ctx, cancel := context.WithTimeout(r.Context(), a.config.Timeout)
	defer cancel()
	done, err := a.config.Logins.AcquireLookup(ctx, r)
	if err != nil {
		return nil, db.Fault(err)
	}
	defer done()
	return a.look(ctx, hash)
}

// look asks the database whose token has a hash, and remembers the answer.
func (a *Authenticator) look(ctx context.Context, hash []byte) (*auth.Principal, error) {
	ctx, cancel := context.WithTimeout(ctx, a.config.Timeout)
	defer cancel()
	select {
	case a.turns <- struct{}{}:
		defer func() { <-a.turns }()
	case <-ctx.Done():
		return nil, db.Fault(ctx.Err())
	}
	row, err := db.New().AuthenticateAccessToken(ctx, a.config.Tokens.OfAccessToken(hash), hash)
	if errors.Is(err, pgx.ErrNoRows) {
		a.remembered.Remove(string(hash))
		return nil, wrongToken
	} else if err != nil {
		return nil, db.Fault(err)
	}
	principal := &auth.Principal{
		Role: auth.Role(row.Role), TokenID: row.ID, OrganizationID: &row.OrganizationID, Actor: id.AccessToken.Format(row.ID),
	}
	if row.MemberID == nil {
		a.remembered.Add(string(hash), principal)
		return principal, nil
	}
	principal.MemberID, principal.MemberRole = row.MemberID, auth.Role(*row.MemberRole)
	return principal, nil
}

var wrongToken = fault.New(fault.Unauthenticated, "the token is unknown, expired or revoked")
