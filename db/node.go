package db

import (
	"github.com/google/uuid"

	"bursar/id"
)

// IsNode marks a type of GraphQL's interface Node.
func (*Organization) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*Workspace) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*Member) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*AccessToken) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*APIKey) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*Reservation) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*UsageEvent) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*Alert) IsNode() {}

// IsNode marks a type of GraphQL's interface Node.
func (*AuditEntry) IsNode() {}

// IsAPIKeyOwner marks a type of GraphQL's union of owners of API keys.
func (*Organization) IsAPIKeyOwner() {}

// IsAPIKeyOwner marks a type of GraphQL's union of owners of API keys.
func (*Workspace) IsAPIKeyOwner() {}

// ExternalID returns the organization's external id.
func (o *Organization) ExternalID() string { return id.Organization.Format(o.ID) }

// ExternalID returns the workspace's external id.
func (w *Workspace) ExternalID() string { return id.Workspace.Format(w.ID) }

// ExternalID returns the member's external id.
func (m *Member) ExternalID() string { return id.Member.Format(m.ID) }

// ExternalID returns the token's external id.
func (t *AccessToken) ExternalID() string { return id.AccessToken.Format(t.ID) }

// ExternalID returns the key's external id.
func (k *APIKey) ExternalID() string { return id.APIKey.Format(k.ID) }

// ExternalID returns the reservation's external id.
func (r *Reservation) ExternalID() string { return id.Reservation.Format(r.ID) }

// ExternalID returns the event's external id.
func (e *UsageEvent) ExternalID() string { return id.UsageEvent.Format(e.ID) }

// ExternalID returns the alert's external id.
func (a *Alert) ExternalID() string { return id.Alert.Format(a.ID) }

// ExternalID returns the entry's external id.
func (e *AuditEntry) ExternalID() string { return id.AuditEntry.Format(e.ID) }

// ExternalTargetID returns the external id of the entry's target.
func (e *AuditEntry) ExternalTargetID() string { return id.Prefix(e.TargetType).Format(e.TargetID) }

// ExternalSubjectID returns the external id of the budget's subject.
func (a *Alert) ExternalSubjectID() string {
	switch {
	case a.APIKeyID != nil:
		return id.APIKey.Format(*a.APIKeyID)
	case a.WorkspaceID != nil:
		return id.Workspace.Format(*a.WorkspaceID)
	}
	return id.Organization.Format(a.OrganizationID)
}

// ExternalSubjectID returns the external id of what the recipient was added to.
func (r *Recipient) ExternalSubjectID() string {
	switch {
	case r.APIKeyID != nil:
		return id.APIKey.Format(*r.APIKeyID)
	case r.WorkspaceID != nil:
		return id.Workspace.Format(*r.WorkspaceID)
	}
	return id.Organization.Format(r.OrganizationID)
}

// Subject returns the organization as the subject of limits and recipients.
func (o *Organization) Subject() SubjectID { return SubjectID{o.ID, o.ID} }

// Subject returns the workspace as the subject of limits and recipients.
func (w *Workspace) Subject() SubjectID { return SubjectID{w.OrganizationID, w.ID} }

// Subject returns the key as the subject of limits and recipients.
func (k *APIKey) Subject() SubjectID { return SubjectID{k.OrganizationID, k.ID} }

// Creator returns the id of the member who created the key, also of one who was removed since; nil when it has none.
func (k *APIKey) Creator() *uuid.UUID {
	if k.CreatedByID != nil {
		return k.CreatedByID
	}
	return k.FormerCreatorID
}

// Organization returns the membership's organization.
func (m *ListMembershipsRow) Organization() *ListMembershipsRow { return m }

// ExternalID returns the external id of the membership's organization.
func (m *ListMembershipsRow) ExternalID() string { return id.Organization.Format(m.ID) }

// OwningOrganization returns the id of the organization that owns the key itself; nil when a workspace does.
func (k *APIKey) OwningOrganization() *uuid.UUID {
	if k.WorkspaceID != nil {
		return nil
	}
	return &k.OrganizationID
}
