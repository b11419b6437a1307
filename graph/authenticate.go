package graph

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"

	"bursar/api/admission"
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

// authenticator finds out who presents a bearer token.
type authenticator struct {
	database *db.Confined
	rootHash []byte        // nil: there is no root token
	timeout  time.Duration // of a look-up
	logins   *auth.Logins
	issuer   *sso.Issuer  // of people's own tokens; nil: there is none
	members  *db.Confined // portals', for people's tokens are looked at only when their signature is the issuer's
	present  presenter
	refusals *admission.Tarpit
	// remembered are principals by their token's hash, of tokens that are bound to no member: what these may do never changes,
	// but whether they are valid does. The statement of an enforcement call looks at that itself, everything else asks first.
	// What a bound token may do changes with its member's role, so it is looked up each time.
	remembered *lru.Cache[string, *auth.Principal]
	turns      chan struct{} // one for each look-up that is under way
}

func newAuthenticator(config Config, timeout time.Duration, present presenter, refusals *admission.Tarpit) *authenticator {
	remembered, err := lru.New[string, *auth.Principal](rememberedTokens)
	if err != nil {
		panic(err) // the size is positive
	}
	a := &authenticator{
		database: db.Confine(config.EnforcementPool), timeout: timeout, logins: cmp.Or(config.Logins, auth.NewLogins(nil)), present: present, remembered: remembered,
		refusals: refusals, turns: make(chan struct{}, lookUps), issuer: config.Issuer, members: db.Confine(config.Pool),
	}
	if config.RootToken != "" {
		a.rootHash = auth.Hash(config.RootToken)
	}
	return a
}

// middleware puts who is calling into the context, and refuses an address that keeps sending wrong tokens.
func (a *authenticator) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := bearerToken(r)
		ctx := a.authenticate(r, token)
		if _, err := auth.FromContext(ctx); token != "" && fault.CodeOf(err) == fault.Unauthenticated {
			if wait := a.failed(r, token, err); wait > 0 {
				a.refusals.DelayOrAbort(r.Context())
				w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
				answer(w, http.StatusTooManyRequests, a.present.present(ctx, err))
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// failed counts a wrong token and returns how long its address has to wait; 0 when it need not. Genuine tokens of people,
// that have expired or are no member's, are nobody's guess, and portals pass on many.
func (a *authenticator) failed(r *http.Request, token string, err error) time.Duration {
	switch {
	case auth.IsSecret(token, auth.AccessTokenPrefix), errors.Is(err, sso.ErrNotGenuine):
		return a.logins.FailToken(r)
	case a.issuer != nil && sso.IsToken(token):
		return 0
	}
	return a.logins.FailGuess(r)
}

// bearerToken returns the token that a request presents; "" for none.
func bearerToken(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func (a *authenticator) authenticate(r *http.Request, token string) context.Context {
	ctx := r.Context()
	if token == "" {
		return auth.WithPrincipal(ctx, nil, fault.New(fault.Unauthenticated, "send a token: Authorization: Bearer TOKEN"))
	}
	hash, isSecret := auth.Hash(token), auth.IsSecret(token, auth.AccessTokenPrefix)
	if a.rootHash != nil && (isSecret || a.logins.MayGuess(r)) && subtle.ConstantTimeCompare(hash, a.rootHash) == 1 {
		return auth.WithPrincipal(ctx, &auth.Principal{Role: auth.RoleRoot, Actor: "root"}, nil)
	}
	if !isSecret && a.issuer != nil && sso.IsToken(token) {
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
func (a *authenticator) lookInTurn(r *http.Request, hash []byte) (*auth.Principal, error) {
	ctx, cancel := context.WithTimeout(r.Context(), a.timeout)
	defer cancel()
	done, err := a.logins.Turn(ctx, r)
	if err != nil {
		return nil, db.Fault(err)
	}
	defer done()
	return a.look(ctx, hash)
}

// look asks the database whose token has a hash, and remembers the answer.
func (a *authenticator) look(ctx context.Context, hash []byte) (*auth.Principal, error) {
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	select {
	case a.turns <- struct{}{}:
		defer func() { <-a.turns }()
	case <-ctx.Done():
		return nil, db.Fault(ctx.Err())
	}
	row, err := db.New().AuthenticateAccessToken(ctx, a.database.OfAccessToken(hash), hash)
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

// requireRole is the @auth directive: the resolvers of fields with own confine those roles to their own keys.
func requireRole(ctx context.Context, _ any, next graphql.Resolver, roles, own []auth.Role) (any, error) {
	identify := auth.Confirmed
	if field := graphql.GetFieldContext(ctx); looksAtToken[field.Object+"."+field.Field.Name] {
		identify = auth.FromContext
	}
	principal, err := identify(ctx)
	if err != nil {
		return nil, err
	}
	if !principal.May(roles, own) {
		return nil, fault.New(fault.Forbidden, "the role %s may not do this", principal.Role)
	}
	return next(ctx)
}

// looksAtToken are the operations whose statement refuses a token that is not valid any more.
var looksAtToken = map[string]bool{"Query.checkUsage": true, "Mutation.reserveUsage": true, "Mutation.recordUsage": true}
