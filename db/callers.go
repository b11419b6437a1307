package db

import "github.com/google/uuid"

// Caller is who asks the functions of enforcement: an access token in its organization, and what names the API key.
type Caller struct {
	AccessTokenID  uuid.UUID // zero: the operator's, which needs no row
	OrganizationID uuid.UUID // zero: any, for the operator
	SecretHash     string    // of the API key's secret; "" when not given
	APIKeyID       uuid.UUID // zero when not given
}

// Callers are the callers of a batch, each once: requests name theirs by its place, so that the database looks at each once.
type Callers struct {
	AccessTokenIDs, OrganizationIDs []uuid.UUID
	SecretHashes                    [][]byte
	APIKeyIDs                       []uuid.UUID
	places                          map[Caller]int32
}

// Place returns the caller's place, from 1; a new one takes the next.
func (c *Callers) Place(caller Caller) int32 {
	if place, ok := c.places[caller]; ok {
		return place
	}
	if c.places == nil {
		c.places = map[Caller]int32{}
	}
	c.AccessTokenIDs = append(c.AccessTokenIDs, caller.AccessTokenID)
	c.OrganizationIDs = append(c.OrganizationIDs, caller.OrganizationID)
	c.SecretHashes = append(c.SecretHashes, []byte(caller.SecretHash))
	c.APIKeyIDs = append(c.APIKeyIDs, caller.APIKeyID)
	place := int32(len(c.APIKeyIDs)) //nolint:gosec // a batch has a few hundred
	c.places[caller] = place
	return place
}
