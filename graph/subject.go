package graph

import (
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/validate"
	"bursar/id"
)

// subject is an organization, a workspace or an API key that the caller may see.
type subject struct {
	db.SubjectID
	WorkspaceID *uuid.UUID // set for a workspace alone
	APIKeyID    *uuid.UUID // set for an API key alone
}

// organization returns the id of an organization that the caller may act on.
func organization(ctx context.Context, field, external string) (uuid.UUID, error) {
	_, parsed, err := validate.ID(field, external, id.Organization)
	if err != nil {
		return uuid.Nil, err
	}
	if own := callerOrganization(ctx); own != nil && *own != parsed {
		return uuid.Nil, notFound(field, "organization")
	}
	return parsed, nil
}

// subject finds the organization, workspace or API key with an id. Answers NOT_FOUND for another organization's, and
// FORBIDDEN to a MEMBER for anything but their own keys.
func (r *Resolver) subject(ctx context.Context, field, external string) (*subject, error) {
	s, err := r.anySubject(ctx, field, external)
	if err == nil && s.APIKeyID == nil && ownKeysOnly(ctx) != nil {
		return nil, notOwn(field)
	}
	return s, err
}

// anySubject is subject for what a MEMBER may also do with workspaces and the organization.
func (r *Resolver) anySubject(ctx context.Context, field, external string) (*subject, error) {
	prefix, parsed, err := validate.ID(field, external, id.APIKey, id.Workspace, id.Organization)
	if err != nil {
		return nil, err
	}
	switch prefix {
	case id.APIKey:
		key, err := r.apiKey(ctx, field, external)
		if err != nil {
			return nil, err
		}
		return &subject{SubjectID: key.Subject(), APIKeyID: &key.ID}, nil
	case id.Workspace:
		rows, err := r.queries.FindWorkspaces(ctx, r.within(ctx), &db.FindWorkspacesParams{IDs: []uuid.UUID{parsed}, OrganizationID: callerOrganization(ctx)})
		workspace, err := found(rows, err, field, "workspace")
		if err != nil {
			return nil, err
		}
		return &subject{SubjectID: workspace.Subject(), WorkspaceID: &workspace.ID}, nil
	}
	if _, err := organization(ctx, field, external); err != nil {
		return nil, err
	}
	rows, err := r.queries.FindOrganizations(ctx, r.within(ctx), &db.FindOrganizationsParams{IDs: []uuid.UUID{parsed}, OrganizationID: callerOrganization(ctx)})
	owner, err := found(rows, err, field, "organization")
	if err != nil {
		return nil, err
	}
	return &subject{SubjectID: owner.Subject()}, nil
}

// limit finds the limit of a kind with an id. Answers NOT_FOUND for another organization's, and FORBIDDEN to a MEMBER when
// it stands on a key that somebody else created.
func (r *Resolver) limit(ctx context.Context, field, external string, prefix id.Prefix) (*db.LimitStatus, error) {
	_, parsed, err := validate.ID(field, external, prefix)
	if err != nil {
		return nil, err
	}
	rows, err := r.queries.FindLimits(ctx, r.within(ctx), &db.FindLimitsParams{IDs: []uuid.UUID{parsed}, OrganizationID: callerOrganization(ctx)})
	limit, err := found(rows, err, field, "limit")
	if err != nil {
		return nil, err
	}
	if limit.ExternalID() != external {
		return nil, notFound(field, "limit")
	}
	return limit, r.visibleLimit(ctx, field, limit)
}

// alert finds the alert with an id. Answers NOT_FOUND for another organization's, and FORBIDDEN to a MEMBER when it is not about a
// key that they created.
func (r *Resolver) alert(ctx context.Context, field, external string) (*db.Alert, error) {
	_, parsed, err := validate.ID(field, external, id.Alert)
	if err != nil {
		return nil, err
	}
	rows, err := r.queries.FindAlerts(ctx, r.within(ctx), &db.FindAlertsParams{IDs: []uuid.UUID{parsed}, OrganizationID: callerOrganization(ctx)})
	alert, err := found(rows, err, field, "alert")
	if err != nil {
		return nil, err
	}
	return alert, r.ofOwnKey(ctx, field, alert.APIKeyID)
}

// apiKey finds the API key with an id. Answers NOT_FOUND for another organization's, and FORBIDDEN to a MEMBER when
// somebody else created it.
func (r *Resolver) apiKey(ctx context.Context, field, external string) (*db.APIKey, error) {
	_, parsed, err := validate.ID(field, external, id.APIKey)
	if err != nil {
		return nil, err
	}
	return r.apiKeyIn(ctx, r.within(ctx), field, parsed)
}

// apiKeyIn is apiKey for an id that was parsed, also within a transaction.
func (r *Resolver) apiKeyIn(ctx context.Context, on db.DBTX, field string, keyID uuid.UUID) (*db.APIKey, error) {
	rows, err := r.queries.FindAPIKeys(ctx, on, &db.FindAPIKeysParams{IDs: []uuid.UUID{keyID}, OrganizationID: callerOrganization(ctx)})
	key, err := found(rows, err, field, "API key")
	if err != nil {
		return nil, err
	}
	return key, ownKey(ctx, field, key)
}
