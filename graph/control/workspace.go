package control

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// CreateWorkspace creates a workspace.
func (c *Changes) CreateWorkspace(ctx context.Context, input model.CreateWorkspaceInput) (*model.CreateWorkspacePayload, error) {
	params, claim, err := createWorkspaceParams(ctx, input)
	if err != nil {
		return nil, err
	}
	payload := &model.CreateWorkspacePayload{}
	_, payload.Replayed, err = c.once(ctx, claim, func(tx pgx.Tx, made *db.ControlRequest) error {
		workspace, err := c.Queries.CreateWorkspace(ctx, tx, params)
		if err == nil {
			made.ObjectID = &workspace.ID
		}
		return err
	}, func(tx pgx.Tx, workspaceID uuid.UUID) (err error) {
		payload.Workspace, err = c.find.WorkspaceIn(ctx, tx, "requestId", workspaceID)
		return err
	})
	if err != nil {
		return nil, err
	}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, payload.Workspace.OrganizationID)
	return payload, err
}

// createWorkspaceParams checks the input of createWorkspace.
func createWorkspaceParams(ctx context.Context, input model.CreateWorkspaceInput) (*db.CreateWorkspaceParams, *db.ClaimControlRequestParams, error) {
	organizationID, err := lookup.OrganizationID(ctx, "organizationId", input.OrganizationID)
	slug, inputErr := validate.CreateWorkspace(&input)
	requestID := input.RequestID
	input.RequestID = nil
	return &db.CreateWorkspaceParams{OrganizationID: organizationID, Name: input.Name, Slug: slug},
		claimOf(organizationID, requestID, "createWorkspace", input),
		validate.Together(err, inputErr)
}

// UpdateWorkspace changes a workspace. Answers NOT_FOUND for a deleted one, and CONFLICT for one that has another version than the expected
// one.
func (c *Changes) UpdateWorkspace(ctx context.Context, input model.UpdateWorkspaceInput) (*model.UpdateWorkspacePayload, error) {
	workspace, err := c.find.Workspace(ctx, "id", input.ID)
	if err := validate.Together(err, validate.UpdateWorkspace(&input)); err != nil {
		return nil, err
	}
	payload := &model.UpdateWorkspacePayload{}
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		s := &lookup.Subject{SubjectID: workspace.Subject(), WorkspaceID: &workspace.ID}
		if err := c.expectOf(ctx, tx, input.ExpectedVersion, s, "id"); err != nil {
			return err
		}
		payload.Workspace, err = c.Queries.UpdateWorkspace(ctx, tx, &db.UpdateWorkspaceParams{
			ID: workspace.ID, OrganizationID: workspace.OrganizationID, Name: input.Name, Slug: input.Slug})
		return lookup.Missing(err, "id", "workspace")
	})
	if err != nil {
		return nil, err
	}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, workspace.OrganizationID)
	return payload, err
}

// DeleteWorkspace deletes a workspace. Answers CONFLICT while it owns API keys that are not revoked.
func (c *Changes) DeleteWorkspace(ctx context.Context, input model.DeleteWorkspaceInput) (*model.DeleteWorkspacePayload, error) {
	workspace, err := c.find.Workspace(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	err = c.Change(ctx, func(tx pgx.Tx) error {
		keys, err := c.Queries.DeleteWorkspace(ctx, tx, &db.DeleteWorkspaceParams{OrganizationID: workspace.OrganizationID, ID: workspace.ID})
		if err == nil && keys > 0 {
			return &fault.Fault{Code: fault.Conflict, Field: "id",
				Message: fmt.Sprintf("id: the workspace owns %d API keys that are not revoked; revoke them, or move them with updateApiKey", keys)}
		}
		return lookup.Missing(err, "id", "workspace")
	})
	if err != nil {
		return nil, err
	}
	payload := &model.DeleteWorkspacePayload{DeletedID: input.ID}
	payload.Organization, err = c.find.OrganizationOfPayload(ctx, workspace.OrganizationID)
	return payload, err
}
