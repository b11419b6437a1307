package db

import (
	"github.com/google/uuid"

	"bursar/id"
)

// IsNode marks what GraphQL's node resolves.
func (*Organization) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*Workspace) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*Member) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*AccessToken) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*APIKey) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*Reservation) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*UsageEvent) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*Alert) IsNode() {}

// IsNode marks what GraphQL's node resolves.
func (*AuditEntry) IsNode() {}

// IsAPIKeyOwner marks what may own an API key.
func (*Organization) IsAPIKeyOwner() {}

// IsAPIKeyOwner marks what may own an API key.
func (*Workspace) IsAPIKeyOwner() {}

// ExternalID returns the organization's id as clients know it.
func (o *Organization) ExternalID() string { return id.Organization.Format(o.ID) }

// ExternalID returns the workspace's id as clients know it.
func (w *Workspace) ExternalID() string { return id.Workspace.Format(w.ID) }

// ExternalID returns the member's id as clients know it.
func (m *Member) ExternalID() string { return id.Member.Format(m.ID) }

// ExternalID returns the token's id as clients know it.
func (t *AccessToken) ExternalID() string { return id.AccessToken.Format(t.ID) }

// ExternalID returns the key's id as clients know it.
func (k *APIKey) ExternalID() string { return id.APIKey.Format(k.ID) }

// ExternalID returns the reservation's id as clients know it.
func (r *Reservation) ExternalID() string { return id.Reservation.Format(r.ID) }

// ExternalID returns the event's id as clients know it.
func (e *UsageEvent) ExternalID() string { return id.UsageEvent.Format(e.ID) }

// ExternalID returns the alert's id as clients know it.
func (a *Alert) ExternalID() string { return id.Alert.Format(a.ID) }

// ExternalID returns the entry's id as clients know it.
func (e *AuditEntry) ExternalID() string { return id.AuditEntry.Format(e.ID) }

// ExternalTargetID returns the id of what the entry is about as clients know it.
func (e *AuditEntry) ExternalTargetID() string { return id.Prefix(e.TargetType).Format(e.TargetID) }

// ExternalSubjectID returns the id of what the alert's budget stands on as clients know it.
func (a *Alert) ExternalSubjectID() string {
	switch {
	case a.APIKeyID != nil:
		return id.APIKey.Format(*a.APIKeyID)
	case a.WorkspaceID != nil:
		return id.Workspace.Format(*a.WorkspaceID)
	}
	return id.Organization.Format(a.OrganizationID)
}

// Subject returns what limits and recipients of the organization are looked up by.
func (o *Organization) Subject() SubjectID { return SubjectID{o.ID, o.ID} }

// Subject returns what limits and recipients of the workspace are looked up by.
func (w *Workspace) Subject() SubjectID { return SubjectID{w.OrganizationID, w.ID} }

// Subject returns what limits and recipients of the key are looked up by.
func (k *APIKey) Subject() SubjectID { return SubjectID{k.OrganizationID, k.ID} }

// OwningOrganization returns the id of the organization that owns the key itself; nil when a workspace does.
func (k *APIKey) OwningOrganization() *uuid.UUID {
	if k.WorkspaceID != nil {
		return nil
	}
	return &k.OrganizationID
}
