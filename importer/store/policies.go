package store

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/id"
	"bursar/importer"
)

const maxGroups = 100_000 // as createPolicy has it

// makePolicies makes the policies, whose conditions name what was made before.
func (w *writer) makePolicies(ctx context.Context) error {
	o := w.organization
	ids := map[object]string{}
	workspaces := map[string]*uuid.UUID{}
	for i := range o.Workspaces {
		if of := &o.Workspaces[i]; of.ID != uuid.Nil {
			ids[object{"workspace", of.ExternalID}], workspaces[of.ExternalID] = id.Workspace.Format(of.ID), &of.ID
		}
	}
	for i := range o.Keys {
		ids[object{"apiKey", o.Keys[i].ExternalID}] = id.APIKey.Format(o.Keys[i].ID)
	}
	for i := range o.Policies {
		policy := &o.Policies[i]
		if policy.State != importer.New || policy.Workspace != "" && workspaces[policy.Workspace] == nil {
			continue
		}
		params, err := policyParams(o.ID, policy, workspaces[policy.Workspace], ids)
		if err != nil {
			return err
		}
		made, err := db.New().CreatePolicy(ctx, w.tx, params)
		if err != nil {
			return err
		}
		if err := w.note(ctx, ofPolicy, policy.ExternalID, made); err != nil {
			return err
		}
	}
	return nil
}

func policyParams(organizationID uuid.UUID, policy *importer.Policy, workspaceID *uuid.UUID, ids map[object]string) (*db.CreatePolicyParams, error) {
	conditions, limits := []any{}, []any{}
	for _, c := range policy.Conditions {
		conditions = append(conditions, map[string]any{"attribute": c.Attribute, "allowed": named(c.Attribute, c.In, ids), "refused": named(c.Attribute, c.NotIn, ids)})
	}
	for _, l := range policy.Limits {
		limits = append(limits, rowOf(&l, nil, nil))
	}
	params := &db.CreatePolicyParams{OrganizationID: organizationID, WorkspaceID: workspaceID, Name: policy.Name, Mode: db.LimitModeENFORCE,
		GroupBy: policy.GroupBy, MaxGroups: maxGroups}
	if params.GroupBy == nil {
		params.GroupBy = []string{}
	}
	var err error
	if params.Conditions, err = json.Marshal(conditions); err != nil {
		return nil, err
	}
	params.Limits, err = json.Marshal(limits)
	return params, err
}

// named returns the values of a condition, with ids of Bursar for those of API keys and workspaces.
func named(attribute string, values []string, ids map[object]string) []string {
	found := []string{}
	for _, value := range values {
		if known := ids[object{attribute, value}]; known != "" {
			value = known
		}
		found = append(found, value)
	}
	return found
}

// makeOpenings books opening balances. What workspaces and the organization had used beyond their API keys is booked to revoked API keys without a
// secret.
func (w *writer) makeOpenings(ctx context.Context) error {
	o := w.organization
	var rows, holders []any
	holderOf := map[string]uuid.UUID{}
	for _, opening := range o.Openings() {
		var workspaceID *uuid.UUID
		var subjects []uuid.UUID
		if opening.Workspace != nil && opening.Workspace.ID != uuid.Nil {
			workspaceID = &opening.Workspace.ID
			if opening.OfWorkspace {
				subjects = append(subjects, *workspaceID)
			}
		}
		if opening.OfWhole {
			subjects = append(subjects, o.ID)
		}
		var keyID uuid.UUID
		if opening.Key != nil {
			keyID = opening.Key.ID
		} else {
			external, name := ofOrganization+" "+o.ExternalID, "Opening balance of the organization"
			if opening.Workspace != nil {
				external, name = ofWorkspace+" "+opening.Workspace.ExternalID, importer.Cut("Opening balance of "+opening.Workspace.Name)
			}
			var made bool
			if keyID, made = holderOf[external]; !made {
				keyID = uuid.Must(uuid.NewV7())
				holderOf[external] = keyID
				holders = append(holders, map[string]any{"kind": ofOpening, "id": keyID, "workspace_id": workspaceID, "name": name, "prefix": db.NoSecret,
					"description": "Holds what was used in " + w.plan.System + " by API keys that were not imported. It has no secret.",
					"enabled":     false, "email_notifications": false, "metadata": db.Metadata{}, "recipients": []string{}, "external_id": external})
			}
		}
		if opening.OfKey {
			subjects = append(subjects, keyID)
		}
		rows = append(rows, map[string]any{"api_key_id": keyID, "workspace_id": workspaceID, "cost_nanos": opening.Amounts.CostNanos,
			"tokens": opening.Amounts.Tokens, "subject_ids": subjects})
	}
	if err := w.inParts(ctx, holders, func(list []byte, _ int) error {
		return db.New().ImportAPIKeys(ctx, w.tx, &db.ImportAPIKeysParams{OrganizationID: o.ID, Source: w.plan.Source, Keys: list})
	}); err != nil {
		return err
	}
	return w.inParts(ctx, rows, func(list []byte, _ int) error {
		return db.New().ImportOpenings(ctx, w.tx, &db.ImportOpeningsParams{OrganizationID: o.ID, System: w.plan.System, Openings: list})
	})
}
