// Package authn finds out who calls: by an access token, by the operator's root token, or by a token that the single sign-on issuer
// signed for a person. What callers may do is the schema's to say (@auth).
package authn

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/auth/sso"
	"bursar/db"
	"bursar/fault"
	"bursar/id"
)

const (
	maxCached  = 4096 // tokens whose principals are cached
	maxLookups = 2    // of tokens at the same time, so that wrong ones cannot keep the database busy

	maxRemembered = 65_536 // tokens whose organizations are remembered, where there are several databases
)

// Config says how callers are authenticated.
type Config struct {
	// Tokens is where access tokens are looked up.
	Tokens *db.TenantDB
	// Members is where people who sign in are looked up. It may have connections of its own: only a token that the issuer has
	// signed leads there.
	Members *db.TenantDB
	// RootToken is the operator's. "": there is none.
	RootToken string
	// Timeout is the time of a look-up, after which the answer is UNAVAILABLE.
	Timeout time.Duration
	// Logins counts failed logins. nil: this authenticator counts its own.
	Logins *auth.Logins
	// Issuer signs the tokens of people. nil: only access tokens are accepted.
	Issuer *sso.Issuer
	// Refuse answers a request whose address has sent too many wrong tokens, and may try again after the wait.
	Refuse func(w http.ResponseWriter, r *http.Request, wait time.Duration, err error)
}

// Authenticator finds out who presents a bearer token.
type Authenticator struct {
	config   Config
	rootHash []byte // nil: there is no root token
	// principals are those of tokens that are bound to no member, by the token's hash. What such a token may do never changes, but
	// it may have been revoked: the statement of an enforcement call verifies the token, any other operation looks it up again
	// (auth.Confirmed). A token that is bound to a member is looked up for each request: its role changes with the member's.
	principals *lru.Cache[string, *auth.Principal]
	lookups    chan struct{} // has an element for each look-up that runs, where there is one database
	// organizations are those of tokens, by the token's hash, which never change: where there are several databases, the one is asked that decides.
	organizations *lru.Cache[string, uuid.UUID]
}

// New returns an authenticator.
func New(config Config) *Authenticator {
	principals, err := lru.New[string, *auth.Principal](maxCached)
	if err != nil {
		panic(err) // the size is positive
	}
	organizations, err := lru.New[string, uuid.UUID](maxRemembered)
	if err != nil {
		panic(err) // the size is positive
	}
	config.Logins = cmp.Or(config.Logins, auth.NewLogins(nil))
	a := &Authenticator{config: config, principals: principals, lookups: make(chan struct{}, maxLookups), organizations: organizations}
	if config.RootToken != "" {
		a.rootHash = auth.Hash(config.RootToken)
	}
	return a
}

// Handler puts the caller into the context of every request, or why there is none (auth.FromContext). It refuses requests with wrong
// tokens from an address that has sent too many.
func (a *Authenticator) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := bearerToken(r)
		ctx := a.authenticate(r, token)
		if _, err := auth.FromContext(ctx); token != "" && fault.CodeOf(err) == fault.Unauthenticated {
			if wait := a.fail(r, token, err); wait > 0 {
				a.config.Refuse(w, r.WithContext(ctx), wait, err)
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Call puts the caller of a call that is no HTTP request into its context, by the address that it comes from and what it sends as Authorization; or why
// there is none. wait is how long an address that has sent too many wrong tokens has to wait; 0: it need not.
func (a *Authenticator) Call(ctx context.Context, address, authorization string) (_ context.Context, wait time.Duration) {
	r := (&http.Request{RemoteAddr: address, Header: http.Header{"Authorization": {authorization}}}).WithContext(ctx)
	token := bearerToken(r)
	ctx = a.authenticate(r, token)
	if _, err := auth.FromContext(ctx); token != "" && fault.CodeOf(err) == fault.Unauthenticated {
		wait = a.fail(r, token, err)
	}
	return ctx, wait
}

// Caller looks up who presents the token of a request, also when that is remembered: for requests that last.
func (a *Authenticator) Caller(r *http.Request) (*auth.Principal, error) {
	return auth.Confirmed(a.authenticate(r, bearerToken(r)))
}

// fail counts a wrong token and returns how long its address has to wait; 0: it need not. A token that the issuer has signed is not
// counted when it has expired or is no member's: nobody guesses those, and portals pass many on.
func (a *Authenticator) fail(r *http.Request, token string, err error) time.Duration {
	switch {
	case auth.IsSecret(token, auth.AccessTokenPrefix), errors.Is(err, sso.ErrNotGenuine):
		return a.config.Logins.FailToken(r)
	case a.config.Issuer != nil && sso.IsToken(token):
		return 0
	}
	return a.config.Logins.FailGuess(r)
}

// bearerToken returns the token that a request presents; "": none.
func bearerToken(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// authenticate returns the request's context with the caller, or with why there is none.
func (a *Authenticator) authenticate(r *http.Request, token string) context.Context {
	ctx := r.Context()
	if token == "" {
		return auth.WithPrincipal(ctx, nil, fault.New(fault.Unauthenticated, "send a token: Authorization: Bearer TOKEN"))
	}
	hash, isSecret := auth.Hash(token), auth.IsSecret(token, auth.AccessTokenPrefix)
	if a.rootHash != nil && (isSecret || a.config.Logins.MayGuess(r)) && subtle.ConstantTimeCompare(hash, a.rootHash) == 1 {
		return auth.WithPrincipal(ctx, &auth.Principal{Role: auth.RoleRoot, AcceptsKeyIDs: true, Actor: "root"}, nil)
	}
	if !isSecret && a.config.Issuer != nil && sso.IsToken(token) {
		principal, err := a.signIn(r, token)
		switch {
		case err == nil || principal == nil:
		case fault.CodeOf(err) == fault.BadUserInput:
			return auth.WithUndecided(ctx, principal.Email, err)
		default:
			return auth.WithInvited(ctx, principal.Email, err)
		}
		return auth.WithPrincipal(ctx, principal, err)
	}
	if !isSecret {
		return auth.WithPrincipal(ctx, nil, fault.ErrToken)
	}
	if principal, ok := a.principals.Get(string(hash)); ok {
		return auth.WithRemembered(ctx, principal, func() (*auth.Principal, error) { return a.lookUp(ctx, hash) })
	}
	principal, err := a.lookUpFirst(r, hash)
	return auth.WithPrincipal(ctx, principal, err)
}

// lookUpFirst looks up a token that is not cached. Look-ups for addresses that keep sending wrong tokens wait for each other.
func (a *Authenticator) lookUpFirst(r *http.Request, hash []byte) (*auth.Principal, error) {
	ctx, cancel := context.WithTimeout(r.Context(), a.config.Timeout)
	defer cancel()
	done, err := a.config.Logins.AcquireLookup(ctx, r)
	if err != nil {
		return nil, db.Fault(err)
	}
	defer done()
	return a.lookUp(ctx, hash)
}

// lookUp asks the database for the token with a hash, and caches its principal if it is bound to no member. A token that is unknown,
// expired or revoked is UNAUTHENTICATED; a database that does not answer in time UNAVAILABLE.
func (a *Authenticator) lookUp(ctx context.Context, hash []byte) (*auth.Principal, error) {
	ctx, cancel := context.WithTimeout(ctx, a.config.Timeout)
	defer cancel()
	row, err := a.findToken(ctx, hash)
	if errors.Is(err, pgx.ErrNoRows) {
		a.principals.Remove(string(hash))
		return nil, fault.ErrToken
	} else if err != nil {
		return nil, db.Fault(err)
	}
	principal := &auth.Principal{
		Role: auth.Role(row.Role), TokenID: row.ID, OrganizationID: &row.OrganizationID, AcceptsKeyIDs: row.AcceptsKeyIDs,
		Actor: id.AccessToken.Format(row.ID),
	}
	if row.MemberID == nil {
		a.principals.Add(string(hash), principal)
		return principal, nil
	}
	principal.MemberID, principal.MemberRole = row.MemberID, auth.Role(*row.MemberRole)
	return principal, nil
}
