package graph

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
)

// authenticator finds out who presents a bearer token.
type authenticator struct {
	pool     *pgxpool.Pool
	rootHash []byte        // nil: there is no root token
	timeout  time.Duration // of a look-up
}

func newAuthenticator(pool *pgxpool.Pool, rootToken string, timeout time.Duration) *authenticator {
	a := &authenticator{pool: pool, timeout: timeout}
	if rootToken != "" {
		a.rootHash = auth.Hash(rootToken)
	}
	return a
}

// middleware puts who is calling into the context. It refuses nobody: @auth does, field by field, so that an answer is
// always GraphQL's.
func (a *authenticator) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		principal, err := a.authenticate(r.Context(), r.Header.Get("Authorization"))
		next.ServeHTTP(w, r.WithContext(auth.WithPrincipal(r.Context(), principal, err)))
	})
}

func (a *authenticator) authenticate(ctx context.Context, header string) (*auth.Principal, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, fault.New(fault.Unauthenticated, "send a token: Authorization: Bearer TOKEN")
	}
	hash := auth.Hash(token)
	if a.rootHash != nil && subtle.ConstantTimeCompare(hash, a.rootHash) == 1 {
		return &auth.Principal{Role: auth.RoleRoot, Actor: "root"}, nil
	}
	if !auth.IsSecret(token, auth.AccessTokenPrefix) {
		return nil, wrongToken
	}
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	row, err := db.New().AuthenticateAccessToken(ctx, a.pool, hash)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, wrongToken
	} else if err != nil {
		return nil, db.Fault(err)
	}
	return &auth.Principal{
		Role: auth.Role(row.Role), OrganizationID: &row.OrganizationID, MemberID: row.MemberID, Actor: row.ExternalID(),
	}, nil
}

var wrongToken = fault.New(fault.Unauthenticated, "the token is unknown, expired or revoked")

// requireRole is the @auth directive.
func requireRole(ctx context.Context, _ any, next graphql.Resolver, roles []auth.Role) (any, error) {
	principal, err := auth.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	if !principal.May(roles) {
		return nil, fault.New(fault.Forbidden, "the role %s may not do this", principal.Role)
	}
	return next(ctx)
}
