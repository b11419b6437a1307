package graph

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/graph/validate"
	"bursar/id"
)

// workspace finds the workspace with an id, also a deleted one. Answers NOT_FOUND for another organization's.
func (r *Resolver) workspace(ctx context.Context, field, external string) (*db.Workspace, error) {
	_, parsed, err := validate.ID(field, external, id.Workspace)
	if err != nil {
		return nil, err
	}
	return r.workspaceIn(ctx, r.within(ctx), field, parsed)
}

// workspaceIn is workspace for an id that was parsed, also within a transaction.
func (r *Resolver) workspaceIn(ctx context.Context, on db.DBTX, field string, workspaceID uuid.UUID) (*db.Workspace, error) {
	rows, err := r.queries.FindWorkspaces(ctx, on, &db.FindWorkspacesParams{IDs: []uuid.UUID{workspaceID}, OrganizationID: callerOrganization(ctx)})
	return found(rows, err, field, "workspace")
}

// createWorkspaceParams checks the input of createWorkspace.
func createWorkspaceParams(ctx context.Context, input model.CreateWorkspaceInput) (*db.CreateWorkspaceParams, *db.ClaimControlRequestParams, error) {
	organizationID, err := organization(ctx, "organizationId", input.OrganizationID)
	slug, inputErr := validate.CreateWorkspace(&input)
	requestID := input.RequestID
	input.RequestID = nil
	return &db.CreateWorkspaceParams{OrganizationID: organizationID, Name: input.Name, Slug: slug},
		claimOf(organizationID, requestID, "createWorkspace", input),
		validate.Together(err, inputErr)
}

// updateWorkspaceParams checks the input of updateWorkspace.
func (r *Resolver) updateWorkspaceParams(ctx context.Context, input *model.UpdateWorkspaceInput) (*db.UpdateWorkspaceParams, error) {
	workspace, err := r.workspace(ctx, "id", input.ID)
	if err := validate.Together(err, validate.UpdateWorkspace(input)); err != nil {
		return nil, err
	}
	params := &db.UpdateWorkspaceParams{ID: workspace.ID, OrganizationID: workspace.OrganizationID, Name: input.Name, Slug: input.Slug}
	if input.ExpectedVersion != nil {
		params.ExpectedVersion = new(int32(*input.ExpectedVersion)) //nolint:gosec // validate bounds it
	}
	return params, nil
}

// updateWorkspace changes a workspace. Answers NOT_FOUND for a deleted one, and CONFLICT for one that has another version than the
// expected one.
func (r *Resolver) updateWorkspace(ctx context.Context, tx pgx.Tx, params *db.UpdateWorkspaceParams) (*db.Workspace, error) {
	changed, err := r.queries.UpdateWorkspace(ctx, tx, params)
	if !errors.Is(err, pgx.ErrNoRows) || params.ExpectedVersion == nil {
		return changed, missing(err, "id", "workspace")
	}
	rows, err := r.queries.FindWorkspaces(ctx, tx, &db.FindWorkspacesParams{IDs: []uuid.UUID{params.ID}, OrganizationID: &params.OrganizationID})
	current, err := found(rows, err, "id", "workspace")
	if err != nil {
		return nil, err
	}
	if current.DeletedAt != nil {
		return nil, notFound("id", "workspace")
	}
	return nil, &fault.Fault{Code: fault.Conflict, Field: "expectedVersion",
		Message: fmt.Sprintf("expectedVersion: the workspace has version %d; it was changed since", current.Version)}
}

// deleteWorkspace deletes a workspace. Answers CONFLICT while it owns API keys that are not revoked.
func (r *Resolver) deleteWorkspace(ctx context.Context, external string) error {
	workspace, err := r.workspace(ctx, "id", external)
	if err != nil {
		return err
	}
	return r.change(ctx, func(tx pgx.Tx) error {
		keys, err := r.queries.DeleteWorkspace(ctx, tx, &db.DeleteWorkspaceParams{OrganizationID: workspace.OrganizationID, ID: workspace.ID})
		if err == nil && keys > 0 {
			return &fault.Fault{Code: fault.Conflict, Field: "id",
				Message: fmt.Sprintf("id: the workspace owns %d API keys that are not revoked; revoke them, or move them with updateApiKey", keys)}
		}
		return missing(err, "id", "workspace")
	})
}
