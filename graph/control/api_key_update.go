package control

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/limitset"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// UpdateAPIKey changes an API key with its limits and recipients.
func (c *Changes) UpdateAPIKey(ctx context.Context, input model.UpdateAPIKeyInput) (*model.UpdateAPIKeyPayload, error) {
	key, err := c.find.APIKey(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	form := &limitForm{limitset.Form{Budgets: input.BudgetLimits, Rates: input.RateLimits}, input.Recipients}
	params, err := c.updateAPIKeyParams(ctx, key, &input, form)
	if err != nil {
		return nil, err
	}
	payload := &model.UpdateAPIKeyPayload{}
	return payload, c.changeAPIKey(ctx, key, mayEndHolds(params), func(tx pgx.Tx) (err error) {
		payload.APIKey, err = c.updateAPIKey(ctx, tx, params, input.ExpectedVersion, form)
		return err
	})
}

// updateAPIKey changes a key, then its limits and recipients, and returns it as it is then. CONFLICT for another version than expected
// (nil: any), and for a revoked key.
func (c *Changes) updateAPIKey(
	ctx context.Context, tx pgx.Tx, params *db.UpdateAPIKeyParams, expected *int, form *limitForm,
) (*db.APIKey, error) {
	s := &lookup.Subject{SubjectID: db.SubjectID{OrganizationID: params.OrganizationID, ID: params.ID}, APIKeyID: &params.ID}
	if !form.empty() { // before the key, as enforcement does
		if err := c.Queries.LockOrganizations(ctx, tx, []uuid.UUID{s.OrganizationID}); err != nil {
			return nil, err
		}
	}
	if err := c.expectOf(ctx, tx, expected, s, "id"); err != nil {
		return nil, err
	}
	key, err := c.Queries.UpdateAPIKey(ctx, tx, params)
	if err != nil || form.empty() {
		return key, revoked(err)
	}
	if err := c.saveLimits(ctx, tx, s, form); err != nil {
		return nil, err
	}
	return c.find.APIKeyIn(ctx, tx, "id", key.ID) // with its last version
}

// updateAPIKeyParams checks the input of updateApiKey. The version comes first: what else is wrong may be so because of what somebody else
// has changed meanwhile.
func (c *Changes) updateAPIKeyParams(
	ctx context.Context, key *db.APIKey, input *model.UpdateAPIKeyInput, form *limitForm,
) (*db.UpdateAPIKeyParams, error) {
	if validate.ExpectedVersion(input.ExpectedVersion) == nil {
		if err := expect(input.ExpectedVersion, "API key", key); err != nil {
			return nil, err
		}
	}
	_, limitsErr := c.planLimits(ctx, c.Within(ctx), key.Subject(), form.limits)
	if fault.CodeOf(limitsErr) == fault.Forbidden {
		return nil, limitsErr
	}
	description, setDescription := input.Description.ValueOK()
	expiresAt, setExpiresAt := input.ExpiresAt.ValueOK()
	params := &db.UpdateAPIKeyParams{
		ID: key.ID, OrganizationID: key.OrganizationID, Name: input.Name, SetDescription: setDescription, Description: description,
		SetExpiresAt: setExpiresAt, ExpiresAt: expiresAt, EmailNotifications: input.EmailNotifications, Enabled: input.Enabled,
		Metadata: input.Metadata, Administrator: caller.OwnKeysOnly(ctx) == nil,
	}
	return params, validate.Together(
		notSilenced(ctx, input.EmailNotifications),
		c.move(ctx, key, params, input.OwnerID),
		validate.UpdateAPIKey(input),
		c.knownZones(ctx, form.limits.Budgets),
		limitsErr,
		clearFields(params, input.Clear),
	)
}

// changeAPIKey runs the change of a key in one transaction. mayEndHolds says that the key may not be usable afterwards: then the
// organization is locked before the key, as enforcement does, and what the key holds is given back.
func (c *Changes) changeAPIKey(ctx context.Context, key *db.APIKey, mayEndHolds bool, change func(tx pgx.Tx) error) error {
	if !mayEndHolds {
		return c.Change(ctx, change)
	}
	return c.Change(ctx, func(tx pgx.Tx) error {
		err := c.Queries.LockAPIKeys(ctx, tx, &db.LockAPIKeysParams{OrganizationID: key.OrganizationID, IDs: []uuid.UUID{key.ID}})
		if err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return c.Queries.EndHolds(ctx, tx, key.OrganizationID)
	})
}

// mayEndHolds tells whether a key may not be usable after a change.
func mayEndHolds(params *db.UpdateAPIKeyParams) bool {
	return params.SetExpiresAt || params.Enabled != nil && !*params.Enabled
}

// clearFields has a change take away what a client has named in clear. A client that gives clear, also an empty list, means by a null
// that the field stays; without clear (nil), a null takes the field away.
func clearFields(params *db.UpdateAPIKeyParams, fields []model.APIKeyField) error {
	if fields == nil {
		return nil
	}
	params.SetDescription, params.SetExpiresAt = params.Description != nil, params.ExpiresAt != nil
	var errs []error
	for i, field := range fields {
		name, set, given := "description", &params.SetDescription, params.Description != nil
		if field == model.APIKeyFieldExpiresAt {
			name, set, given = "expiresAt", &params.SetExpiresAt, params.ExpiresAt != nil
		}
		if given {
			errs = append(errs, fault.BadInput(fmt.Sprintf("clear.%d", i), "%s is given, and cannot be taken away as well", name))
		}
		*set = true
	}
	return validate.Together(errs...)
}

// move has a change give the key another owner, if the client has named one: a workspace of the key's organization, or that itself.
func (c *Changes) move(ctx context.Context, key *db.APIKey, params *db.UpdateAPIKeyParams, ownerID *string) error {
	if ownerID == nil {
		return nil
	}
	if caller.OwnKeysOnly(ctx) != nil {
		return fault.New(fault.Forbidden, "ownerId: only an OWNER or ADMIN moves an API key, because other limits apply to it then")
	}
	owner, err := c.find.Owner(ctx, "ownerId", *ownerID)
	if err != nil {
		return err
	}
	if owner.OrganizationID != key.OrganizationID {
		return lookup.NotFound("ownerId", "organization or workspace to move this API key to")
	}
	params.SetOwner, params.WorkspaceID = true, owner.WorkspaceID
	return nil
}
