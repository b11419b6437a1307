package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/validate"
	"bursar/id"
)

// keyScope returns the scope of a request for an API key, which exactly one of the two inputs names. A secret is never read as an id.
// A key is an id when it has the form of one and the caller's token accepts ids; otherwise it is a secret, and no key has one of that
// form. An empty input counts as given only when there is no other.
func keyScope(ctx context.Context, key, secret *string) (db.Scope, error) {
	scope := tokenScope(ctx)
	switch {
	case key == nil && secret == nil:
		return scope, fault.BadInput("secret", "give the secret that the caller presented, or an API key's id as key")
	case validate.Given(key) != nil && validate.Given(secret) != nil:
		return scope, fault.BadInput("secret", "give either a secret or a key")
	case key == nil || validate.Given(secret) != nil:
		scope.SecretHash = string(auth.Hash(*secret))
		return scope, nil
	}
	if keyID, isID := keyIDOf(key); isID && acceptsKeyIDs(ctx) {
		scope.APIKeyID = keyID
	} else {
		scope.SecretHash = string(auth.Hash(*key))
	}
	return scope, nil
}

// keyIDOf returns the API key's id that an input is; false for any other text and for none.
func keyIDOf(key *string) (uuid.UUID, bool) {
	prefix, keyID, ok := id.Parse(validate.ValueOr(key, ""))
	return keyID, ok && prefix == id.APIKey
}

// keyField returns which of the two inputs of keyScope names the key.
func keyField(key *string) string {
	if validate.Given(key) != nil {
		return "key"
	}
	return "secret"
}

func acceptsKeyIDs(ctx context.Context) bool {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return principal.AcceptsKeyIDs
}

// tokenScope returns the scope of a request that names no key. The principal may be remembered: the statement looks at the
// token.
func tokenScope(ctx context.Context) db.Scope {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return db.Scope{AccessTokenID: principal.TokenID, OrganizationID: scopeOrZero(ctx)}
}

// answerTo completes the answer to a request that came with a key. Where that is an API key's id, an answer that there is no such key
// says that the caller's token accepts no ids, and the log that a token does which is not meant to.
func (r *Resolver) answerTo(ctx context.Context, key *string, answer *db.UsageAnswer, err error) (*db.UsageAnswer, error) {
	if _, isID := keyIDOf(key); !isID {
		return answer, err
	}
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	switch {
	case principal.AcceptsKeyIDs:
		if err == nil && principal.Role == auth.RoleGateway {
			r.keyIDUses.note(principal)
		}
	case err == nil:
		for _, denial := range answer.Denials {
			denial.OfRefusedID = denial.Reason == db.DenialReasonKEYNOTFOUND
		}
	case fault.CodeOf(err) == fault.NotFound:
		return nil, fault.ErrKeyIDRefused
	}
	return answer, err
}
