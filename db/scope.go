package db

import "github.com/google/uuid"

// Scope is what identifies a request to the functions of enforcement, before the database has resolved it: an access token in
// its organization, and what names the API key. Limits are found by it.
type Scope struct {
	AccessTokenID  uuid.UUID // zero: the operator's, which needs no row
	OrganizationID uuid.UUID // zero: any, for the operator
	SecretHash     string    // of the API key's secret; "" when not given
	APIKeyID       uuid.UUID // zero when not given
}

// Scopes are the distinct scopes of a batch. Requests name theirs by its index, so that the database resolves each once. The
// slices are the first arguments of reserve_usage, record_usage and check_usage.
type Scopes struct {
	AccessTokenIDs, OrganizationIDs []uuid.UUID
	SecretHashes                    [][]byte
	APIKeyIDs                       []uuid.UUID
	indexes                         map[Scope]int32
}

// Index returns the scope's index, from 1; a new scope is added.
func (s *Scopes) Index(scope Scope) int32 {
	if index, ok := s.indexes[scope]; ok {
		return index
	}
	if s.indexes == nil {
		s.indexes = map[Scope]int32{}
	}
	s.AccessTokenIDs = append(s.AccessTokenIDs, scope.AccessTokenID)
	s.OrganizationIDs = append(s.OrganizationIDs, scope.OrganizationID)
	s.SecretHashes = append(s.SecretHashes, []byte(scope.SecretHash))
	s.APIKeyIDs = append(s.APIKeyIDs, scope.APIKeyID)
	index := int32(len(s.APIKeyIDs)) //nolint:gosec // a batch has a few hundred
	s.indexes[scope] = index
	return index
}
