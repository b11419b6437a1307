package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// checkRequest checks the input of checkUsage.
func checkRequest(ctx context.Context, input *model.CheckUsageInput) (*enforce.CheckRequest, error) {
	scope, keyErr := keyScope(ctx, input.Key, input.Secret)
	estimate, err := validate.UsageEstimate(input.Estimate)
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	return &enforce.CheckRequest{Scope: scope, Estimate: estimate}, nil
}

// reserveRequest checks the input of reserveUsage.
func reserveRequest(ctx context.Context, input *model.ReserveUsageInput) (*enforce.ReserveRequest, error) {
	scope, keyErr := keyScope(ctx, input.Key, input.Secret)
	estimate, ttl, err := validate.ReserveUsage(input)
	if err := validate.Together(keyErr, err); err != nil {
		return nil, err
	}
	return &enforce.ReserveRequest{
		Scope: scope, RequestID: validate.ValueOr(input.RequestID, ""), Estimate: estimate,
		TTLSeconds: int32(ttl), Fingerprint: fingerprint(estimate, ttl), //nolint:gosec // validate bounds it
	}, nil
}

// recordRequest checks the input of recordUsage.
func recordRequest(ctx context.Context, input *model.RecordUsageInput) (*enforce.RecordRequest, error) {
	usage, err := validate.RecordUsage(input)
	request := &enforce.RecordRequest{Scope: tokenScope(ctx), RequestID: validate.ValueOr(input.RequestID, ""), Usage: usage}
	if err := validate.Together(reportedKey(ctx, input, request), err); err != nil {
		return nil, err
	}
	request.Fingerprint = reportFingerprint(request)
	return request, nil
}

// reportedKey takes over the reservation or the key, of which a report has exactly one.
func reportedKey(ctx context.Context, input *model.RecordUsageInput, request *enforce.RecordRequest) (err error) {
	external, key, secret := validate.Given(input.ReservationID), validate.Given(input.Key), validate.Given(input.Secret)
	switch {
	case (external == nil) == (key == nil && secret == nil):
		return fault.BadInput("reservationId", "give a reservationId, or the secret that the caller presented, or an API key's id as key")
	case external == nil:
		request.Scope, err = keyScope(ctx, key, secret)
		return err
	}
	_, request.ReservationID, err = parseID("reservationId", *external, id.Reservation)
	return err
}

// reportFingerprint returns the fingerprint of a report's contents. What it has had since the first release is in it by
// position; later fields of the usage are in it by name, unless they are zero (see db.ReportedUsage).
func reportFingerprint(request *enforce.RecordRequest) []byte {
	usage := &request.Usage
	contents := []any{request.ReservationID, usage.Requests, usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens,
		usage.CostNanos, usage.Provider, usage.Model, usage.Metadata, usage.OccurredAt}
	if later := encoded(usage); string(later) != "{}" {
		contents = append(contents, json.RawMessage(later))
	}
	return fingerprint(contents...)
}

// fingerprint returns a hash of a request's contents. The key is not among them: the function compares it by its id, so
// that a retry may present the key's secret before a rotation, the one after it, or its id.
func fingerprint(contents ...any) []byte {
	sum := sha256.Sum256(encoded(contents))
	return sum[:]
}

// encoded returns contents as JSON.
func encoded(contents any) []byte {
	text, err := json.Marshal(contents)
	if err != nil {
		panic(err) // numbers, strings, times and arrays of bytes always encode
	}
	return text
}

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
			r.keyIDUses.Note(principal, id.Organization.Format(*principal.OrganizationID))
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
