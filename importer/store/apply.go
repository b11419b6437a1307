package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
	"bursar/importer"
)

// perStatement is how many rows one statement makes: few enough for a progress that moves.
const perStatement = 500

// Secrets keeps the new secrets of API keys for their owners. Add is called before they are committed, Keep when they are, and Undo when they are not.
type Secrets interface {
	Add(o *importer.Organization, secrets []Secret) error
	Keep()
	Undo() error
}

// Secret is the new secret of an API key.
type Secret struct {
	Key  *importer.Key
	Text string
}

// Applier carries out a plan.
type Applier struct {
	Pool    *pgxpool.Pool
	Actor   db.Actor
	Plan    db.Plan   // of new organizations
	Secrets Secrets   // nil: no API key gets a new one
	Done    func(int) // is told how many API keys are made, of all organizations
	done    int
}

// Apply makes what is new in a plan that was resolved: an organization with all that is in it in one transaction. An error leaves the organizations
// before it, and nothing of its own; another run makes the rest.
func (a *Applier) Apply(ctx context.Context, plan *importer.Plan) error {
	for i := range plan.Organizations {
		o := &plan.Organizations[i]
		if !hasNew(o) {
			a.advance(len(o.Keys))
			continue
		}
		written := false
		err := db.InTx(ctx, a.Pool, a.Actor, func(tx pgx.Tx) error {
			w := &writer{Applier: a, plan: plan, organization: o, tx: tx}
			err := w.write(ctx)
			written = err == nil
			return err
		})
		if err != nil && !written && a.Secrets != nil { // else it may have been committed
			return errors.Join(err, a.Secrets.Undo())
		}
		if err != nil {
			return err
		}
		if a.Secrets != nil {
			a.Secrets.Keep()
		}
	}
	return nil
}

func (a *Applier) advance(keys int) {
	a.done += keys
	a.Done(a.done)
}

// hasNew tells whether something is made. An organization that is new and has only what is elsewhere by now is not.
func hasNew(o *importer.Organization) bool {
	return added(o, db.QuotaNameWORKSPACES)+added(o, db.QuotaNameAPIKEYS)+added(o, db.QuotaNamePOLICIES) > 0 ||
		o.State == importer.New && len(o.Workspaces)+len(o.Keys)+len(o.Policies) == 0
}

// writer makes what is new of one organization.
type writer struct {
	*Applier
	plan         *importer.Plan
	organization *importer.Organization
	tx           pgx.Tx
	limits       []any
	secrets      []Secret
}

func (w *writer) write(ctx context.Context) error {
	if err := db.New().LockImports(ctx, w.tx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{w.makeOrganization, w.makeWorkspaces, w.makeKeys, w.makeLimits, w.makePolicies, w.makeOpenings} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if len(w.secrets) == 0 {
		return nil
	}
	return w.Secrets.Add(w.organization, w.secrets)
}

func (w *writer) makeOrganization(ctx context.Context) error {
	o := w.organization
	if o.State == importer.New {
		made, err := db.New().CreateOrganization(ctx, w.tx, &db.CreateOrganizationParams{Name: o.Name, Slug: o.Slug, Plan: w.Plan})
		if err != nil {
			return err
		}
		o.ID = made.ID
		if err := w.note(ctx, ofOrganization, o.ExternalID, o.ID); err != nil {
			return err
		}
		for _, l := range o.Limits {
			w.limits = append(w.limits, rowOf(&l, nil, nil))
		}
	}
	if len(o.RaisedQuotas) == 0 {
		return nil
	}
	quotas := &db.SetQuotasParams{OrganizationID: o.ID}
	for name, maximum := range o.RaisedQuotas {
		quotas.Names, quotas.Maxima = append(quotas.Names, string(name)), append(quotas.Maxima, int32(maximum)) //nolint:gosec // keys of one file
	}
	return db.New().SetQuotas(ctx, w.tx, quotas)
}

func (w *writer) note(ctx context.Context, kind, externalID string, id uuid.UUID) error {
	objects, err := json.Marshal([]any{map[string]any{"kind": kind, "external_id": externalID, "id": id}})
	if err != nil {
		return err
	}
	return db.New().NoteImported(ctx, w.tx, &db.NoteImportedParams{OrganizationID: w.organization.ID, Source: w.plan.Source, Objects: objects})
}

func (w *writer) makeWorkspaces(ctx context.Context) error {
	var rows []any
	for i := range w.organization.Workspaces {
		of := &w.organization.Workspaces[i]
		if of.State != importer.New {
			continue
		}
		rows = append(rows, map[string]any{"id": of.ID, "name": of.Name, "slug": of.Slug, "external_id": of.ExternalID})
		for _, l := range of.Limits {
			w.limits = append(w.limits, rowOf(&l, &of.ID, nil))
		}
	}
	return w.inParts(ctx, rows, func(list []byte, _ int) error {
		return db.New().ImportWorkspaces(ctx, w.tx, &db.ImportWorkspacesParams{OrganizationID: w.organization.ID, Source: w.plan.Source, Workspaces: list})
	})
}

func (w *writer) makeKeys(ctx context.Context) error {
	workspaces := map[string]*uuid.UUID{}
	for i := range w.organization.Workspaces {
		if of := &w.organization.Workspaces[i]; of.ID != uuid.Nil {
			workspaces[of.ExternalID] = &of.ID
		}
	}
	var rows []any
	for i := range w.organization.Keys {
		key := &w.organization.Keys[i]
		if key.State != importer.New {
			continue
		}
		if key.NewSecret {
			secret := auth.NewSecret(auth.APIKeyPrefix)
			key.Prefix, key.SecretHash = secret.Prefix, secret.Hash
			w.secrets = append(w.secrets, Secret{key, secret.Text})
		}
		rows = append(rows, keyRow(key, workspaces[key.Workspace]))
		for _, l := range key.Limits {
			w.limits = append(w.limits, rowOf(&l, nil, &key.ID))
		}
	}
	w.advance(len(w.organization.Keys) - len(rows))
	return w.inParts(ctx, rows, func(list []byte, number int) error {
		defer w.advance(number)
		return db.New().ImportAPIKeys(ctx, w.tx, &db.ImportAPIKeysParams{OrganizationID: w.organization.ID, Source: w.plan.Source, Keys: list})
	})
}

func keyRow(key *importer.Key, workspaceID *uuid.UUID) map[string]any {
	metadata := key.Metadata
	if metadata == nil {
		metadata = db.Metadata{}
	}
	row := map[string]any{"kind": ofKey, "id": key.ID, "workspace_id": workspaceID, "name": key.Name, "prefix": key.Prefix,
		"secret_hash": hex.EncodeToString(key.SecretHash), "enabled": key.Enabled, "email_notifications": true, "metadata": metadata,
		"expires_at": key.ExpiresAt, "recipients": key.Recipients, "external_id": key.ExternalID}
	if key.Description != "" {
		row["description"] = key.Description
	}
	return row
}

// rowOf returns a limit as import_limits and create_policy read it.
func rowOf(l *importer.Limit, workspaceID, apiKeyID *uuid.UUID) map[string]any {
	alerts := l.AlertUnits
	if alerts == nil {
		alerts = []int64{}
	}
	row := map[string]any{"workspace_id": workspaceID, "api_key_id": apiKeyID, "kind": l.Kind, "type": l.Type, "period": l.Period,
		"max_units": l.MaxUnits, "alert_units": alerts, "week_starts_on": l.WeekStartsOn, "day_of_month": l.DayOfMonth,
		"reset_days": l.ResetDays, "reset_anchor": l.ResetAnchor}
	if l.TimeZone != "" {
		row["time_zone"] = l.TimeZone
	}
	return row
}

func (w *writer) makeLimits(ctx context.Context) error {
	return w.inParts(ctx, w.limits, func(list []byte, _ int) error {
		return db.New().ImportLimits(ctx, w.tx, &db.ImportLimitsParams{OrganizationID: w.organization.ID, Limits: list})
	})
}

// inParts writes rows as JSON, some for each statement. Functions keep the plans of their first call, which may be made for tables that were empty then and
// read all that an organization has for each row: they plan anew for each part.
func (w *writer) inParts(ctx context.Context, rows []any, write func(list []byte, number int) error) error {
	for from := 0; from < len(rows); from += perStatement {
		part := rows[from:min(from+perStatement, len(rows))]
		list, err := json.Marshal(part)
		if err != nil {
			return err
		}
		if _, err := w.tx.Exec(ctx, "discard plans"); err != nil {
			return err
		}
		if err := write(list, len(part)); err != nil {
			return err
		}
	}
	return nil
}
