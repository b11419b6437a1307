// Package keyscope says for which API key a request of enforcement is: by the secret that a caller presented, or by the key's id where the
// access token accepts ids.
package keyscope

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/validate"
	"bursar/id"
)

// Of returns the scope of a request for an API key, which exactly one of the two inputs names. A secret is never read as an id.
// A key is an id when it has the form of one and the caller's token accepts ids; otherwise it is a secret, and no key has one of that
// form. An empty input counts as given only when there is no other.
func Of(ctx context.Context, key, secret *string) (db.Scope, error) {
	scope := OfToken(ctx)
	switch {
	case key == nil && secret == nil:
		return scope, fault.BadInput("secret", "give the secret that the caller presented, or an API key's id as key")
	case validate.Given(key) != nil && validate.Given(secret) != nil:
		return scope, fault.BadInput("secret", "give either a secret or a key")
	case key == nil || validate.Given(secret) != nil:
		scope.SecretHash = string(auth.Hash(*secret))
		return scope, nil
	}
	if keyID, isID := idOf(key); isID && acceptsIDs(ctx) {
		scope.APIKeyID = keyID
	} else {
		scope.SecretHash = string(auth.Hash(*key))
	}
	return scope, nil
}

// idOf returns the API key's id that an input is; false for any other text and for none.
func idOf(key *string) (uuid.UUID, bool) {
	prefix, keyID, ok := id.Parse(validate.ValueOr(key, ""))
	return keyID, ok && prefix == id.APIKey
}

// Field returns which of the two inputs of Of names the key.
func Field(key *string) string {
	if validate.Given(key) != nil {
		return "key"
	}
	return "secret"
}

func acceptsIDs(ctx context.Context) bool {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return principal.AcceptsKeyIDs
}

// OfToken returns the scope of a request that names no key. The principal may be remembered: the statement looks at the
// token.
func OfToken(ctx context.Context) db.Scope {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return db.Scope{AccessTokenID: principal.TokenID, OrganizationID: OrganizationOrZero(ctx)}
}

// OrganizationOrZero returns the organization of the caller, to which they are restricted; the zero id, which is any organization for the
// functions of enforcement, for the operator.
func OrganizationOrZero(ctx context.Context) uuid.UUID {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	if principal.OrganizationID != nil {
		return *principal.OrganizationID
	}
	return uuid.Nil
}

// Complete completes the answer to a request that came with a key. Where that is an API key's id, an answer that there is no such key
// says that the caller's token accepts no ids, and the log that a token does which is not meant to.
func (u *IDUses) Complete(ctx context.Context, key *string, answer *db.UsageAnswer, err error) (*db.UsageAnswer, error) {
	if _, isID := idOf(key); !isID {
		return answer, err
	}
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	switch {
	case principal.AcceptsKeyIDs:
		if err == nil && principal.Role == auth.RoleGateway {
			u.note(principal)
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

// OfHash returns the scope of a request for the API key with a secret of which only the SHA-256 is known, in hexadecimal digits, as other gateways
// keep it. Like an id it is no secret: the caller's token must accept ids.
func OfHash(ctx context.Context, field, hash string) (db.Scope, error) {
	scope := OfToken(ctx)
	sum, err := hex.DecodeString(hash)
	if err != nil || len(sum) != sha256.Size {
		return scope, fault.BadInput(field, "must be the SHA-256 of a secret, 64 hexadecimal digits")
	}
	if !acceptsIDs(ctx) {
		return scope, fault.New(fault.Forbidden, "the hash of a secret is no secret: it names an API key for access tokens with acceptsKeyIds alone")
	}
	scope.SecretHash = string(sum)
	return scope, nil
}
