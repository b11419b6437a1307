// Package store compares a plan with the database, and carries it out.
package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/importer"
)

// Target says where a plan is carried out.
type Target struct {
	Into        *db.Organization // the one organization that everything goes into; nil: one for each of the plan's
	RaiseQuotas bool             // of organizations that would pass them
}

// kinds of what was imported, as imported_objects names them.
const (
	ofOrganization = "ORGANIZATION"
	ofWorkspace    = "WORKSPACE"
	ofKey          = "API_KEY"
	ofPolicy       = "POLICY"
	ofOpening      = "OPENING"
)

type object struct{ kind, externalID string }

// resolver compares a plan with what is there.
type resolver struct {
	plan       *importer.Plan
	target     Target
	imported   map[object]*db.ImportedObject
	live       map[uuid.UUID]map[string]bool // slugs of workspaces that are not deleted, by organization
	workspaces map[uuid.UUID]bool            // workspaces that are not deleted
	secrets    map[string]bool               // hashes that API keys have
	problems   []string
}

// Resolve finds out what of a plan is there already, gives what is new its ids and slugs, and says what stands against carrying it out. It writes
// nothing.
func Resolve(ctx context.Context, pool *pgxpool.Pool, plan *importer.Plan, target Target) (problems []string, err error) {
	r := &resolver{plan: plan, target: target, imported: map[object]*db.ImportedObject{}, live: map[uuid.UUID]map[string]bool{},
		workspaces: map[uuid.UUID]bool{}, secrets: map[string]bool{}}
	queries := db.New()
	imported, err := queries.ListImported(ctx, pool, plan.Source)
	if err != nil {
		return nil, db.Fault(err)
	}
	for _, o := range imported {
		r.imported[object{o.Kind, o.ExternalID}] = o
	}
	var there []uuid.UUID
	for i := range plan.Organizations {
		if o := &plan.Organizations[i]; r.organization(o) {
			there = append(there, o.ID)
		}
	}
	if err := r.read(ctx, pool, there); err != nil {
		return nil, err
	}
	for i := range plan.Organizations {
		r.objects(&plan.Organizations[i])
	}
	slugs, err := queries.ListSlugs(ctx, pool)
	if err != nil {
		return nil, db.Fault(err)
	}
	taken := map[string]bool{}
	for _, slug := range slugs {
		taken[slug] = true
	}
	plan.GiveSlugs(taken, func(o *importer.Organization) map[string]bool { return r.live[o.ID] })
	return r.problems, r.quotas(ctx, pool, there)
}

// organization finds an organization, and tells whether it is there.
func (r *resolver) organization(o *importer.Organization) bool {
	known := r.imported[object{ofOrganization, o.ExternalID}]
	switch {
	case r.target.Into != nil:
		o.ID, o.Name, o.Slug, o.State = r.target.Into.ID, r.target.Into.Name, r.target.Into.Slug, importer.There
		o.Limits, o.Opening = nil, nil
	case known != nil:
		o.ID, o.State = known.ObjectID, importer.There
	default:
		o.State = importer.New
		return false
	}
	return true
}

// read reads what is there of organizations, and which secrets are API keys'.
func (r *resolver) read(ctx context.Context, pool *pgxpool.Pool, there []uuid.UUID) error {
	organizations, err := db.New().FindOrganizations(ctx, pool, &db.FindOrganizationsParams{IDs: there})
	if err != nil {
		return db.Fault(err)
	}
	for _, found := range organizations {
		for i := range r.plan.Organizations {
			if o := &r.plan.Organizations[i]; o.ID == found.ID && o.State == importer.There {
				o.Name, o.Slug = found.Name, found.Slug
				r.mayHaveLimits(o, found)
			}
		}
	}
	workspaces, err := db.New().ListLiveWorkspaces(ctx, pool, there)
	if err != nil {
		return db.Fault(err)
	}
	for _, w := range workspaces {
		if r.live[w.OrganizationID] == nil {
			r.live[w.OrganizationID] = map[string]bool{}
		}
		r.live[w.OrganizationID][w.Slug] = true
		r.workspaces[w.ID] = true
	}
	var hashes [][]byte
	for i := range r.plan.Organizations {
		for _, key := range r.plan.Organizations[i].Keys {
			if key.SecretHash != nil && r.imported[object{ofKey, key.ExternalID}] == nil {
				hashes = append(hashes, key.SecretHash)
			}
		}
	}
	known, err := db.New().ListKnownSecretHashes(ctx, pool, hashes)
	if err != nil {
		return db.Fault(err)
	}
	for _, hash := range known {
		r.secrets[hex.EncodeToString(hash)] = true
	}
	return nil
}

// mayHaveLimits notes a problem if limits are to be made where there may be none.
func (r *resolver) mayHaveLimits(o *importer.Organization, found *db.Organization) {
	limited := len(o.Policies) > 0 || slices.ContainsFunc(o.Keys, func(k importer.Key) bool { return len(k.Limits) > 0 }) ||
		slices.ContainsFunc(o.Workspaces, func(w importer.Workspace) bool { return len(w.Limits) > 0 })
	if limited && found.Plan != db.PlanENTERPRISE && (found.Plan != db.PlanPRO || !found.GovernanceEnabled) {
		r.problems = append(r.problems, fmt.Sprintf("organization %s has the plan %s, which has no limits: give it another one", o.Slug, found.Plan))
	}
}

// objects finds the workspaces, API keys and policies of an organization.
func (r *resolver) objects(o *importer.Organization) {
	for i := range o.Workspaces {
		w := &o.Workspaces[i]
		w.ID, w.State = r.find(ofWorkspace, w.ExternalID)
		if known := r.imported[object{ofWorkspace, w.ExternalID}]; known != nil && known.OrganizationID != o.ID {
			r.plan.Report.Add(importer.Skipped, "workspace "+w.Name, "id", "it was imported into another organization, and stays there; new API keys of it belong to the organization", w.ExternalID)
			w.ID = uuid.Nil
		} else if known != nil && !r.workspaces[w.ID] {
			r.plan.Report.Add(importer.Noted, "workspace "+w.Name, "id", "it was imported before and deleted since: new API keys of it belong to the organization", w.ExternalID)
			w.ID = uuid.Nil
		}
	}
	o.Keys = slices.DeleteFunc(o.Keys, func(k importer.Key) bool {
		taken := k.SecretHash != nil && r.secrets[hex.EncodeToString(k.SecretHash)] && r.imported[object{ofKey, k.ExternalID}] == nil
		if taken {
			r.plan.Report.Add(importer.Skipped, "API key "+k.Name, "token", "an API key that was not imported from here has the same secret: it is left out", k.Prefix)
		}
		return taken
	})
	for i := range o.Keys {
		k := &o.Keys[i]
		k.ID, k.State = r.find(ofKey, k.ExternalID)
		if known := r.imported[object{ofKey, k.ExternalID}]; known != nil && known.OrganizationID != o.ID {
			r.plan.Report.Add(importer.Noted, "API key "+k.Name, "id", "it was imported into another organization, and stays there", k.Prefix)
		}
	}
	for i := range o.Policies {
		_, o.Policies[i].State = r.find(ofPolicy, o.Policies[i].ExternalID)
	}
	r.policies(o)
}

// find returns the id of an object: that of before, or a new one.
func (r *resolver) find(kind, externalID string) (uuid.UUID, importer.State) {
	if known := r.imported[object{kind, externalID}]; known != nil {
		return known.ObjectID, importer.There
	}
	return uuid.Must(uuid.NewV7()), importer.New
}
