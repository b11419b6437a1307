package lookup

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/validate"
	"bursar/id"
)

// APIKeys finds 1 to 100 API keys, which must be of one organization; nil for a list that was not given. Otherwise it is as APIKey.
func (f *Finder) APIKeys(ctx context.Context, field string, externalIDs []string) ([]*db.APIKey, error) {
	if externalIDs == nil {
		return nil, nil
	}
	const most = 100
	if len(externalIDs) == 0 || len(externalIDs) > most {
		return nil, fault.BadInput(field, "must be 1 to %d", most)
	}
	ids, errs := make([]uuid.UUID, len(externalIDs)), make([]error, len(externalIDs))
	for i, external := range externalIDs {
		_, ids[i], errs[i] = validate.ID(fmt.Sprintf("%s.%d", field, i), external, id.APIKey)
	}
	if err := validate.Together(errs...); err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindAPIKeys(ctx, f.Within(ctx), &db.FindAPIKeysParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
	if err != nil {
		return nil, db.Fault(err)
	}
	byID, keys := map[uuid.UUID]*db.APIKey{}, make([]*db.APIKey, len(ids))
	for _, key := range rows {
		byID[key.ID] = key
	}
	for i, keyID := range ids {
		at := fmt.Sprintf("%s.%d", field, i)
		if keys[i] = byID[keyID]; keys[i] == nil || keys[i].OrganizationID != keys[0].OrganizationID {
			return nil, NotFound(at, "API key")
		}
		if err := ownKey(ctx, at, keys[i]); err != nil {
			return nil, err
		}
	}
	return keys, nil
}
