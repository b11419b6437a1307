package db

import "time"

// Change is which version of what people set in forms a row is, when it came to be, and who made it: as in the audit log, "" for what
// nobody has changed since it was created.
type Change struct {
	Version int32
	At      time.Time
	By      string
}

func changeOf(version int32, createdAt time.Time, updatedAt *time.Time, updatedBy *string) Change {
	change := Change{Version: version, At: createdAt}
	if updatedAt != nil {
		change.At = *updatedAt
	}
	if updatedBy != nil {
		change.By = *updatedBy
	}
	return change
}

// LastChange returns the organization's version, when it was changed last, and by whom.
func (o *Organization) LastChange() Change {
	return changeOf(o.Version, o.CreatedAt, o.UpdatedAt, o.UpdatedBy)
}

// LastChange returns the workspace's version, when it was changed last, and by whom.
func (w *Workspace) LastChange() Change {
	return changeOf(w.Version, w.CreatedAt, w.UpdatedAt, w.UpdatedBy)
}

// LastChange returns the key's version, when it was changed last, and by whom.
func (k *APIKey) LastChange() Change {
	return changeOf(k.Version, k.CreatedAt, k.UpdatedAt, k.UpdatedBy)
}

// LastChange returns the limit's version and when it was changed last. By whom, its row does not say.
func (s *LimitStatus) LastChange() Change {
	return changeOf(s.Version, s.PeriodStart, s.DefinedAt, nil)
}

// LastChangedAt returns when the organization was changed last, or when it was created.
func (o *Organization) LastChangedAt() time.Time { return o.LastChange().At }

// LastChangedAt returns when the workspace was changed last, or when it was created.
func (w *Workspace) LastChangedAt() time.Time { return w.LastChange().At }

// LastChangedAt returns when the key was changed last, or when it was created.
func (k *APIKey) LastChangedAt() time.Time { return k.LastChange().At }

// LastChangedAt returns when the limit was changed last, or when it was created. Answers of enforcement leave that out.
func (s *LimitStatus) LastChangedAt() time.Time { return s.LastChange().At }

// IsLimitSubject marks a type of GraphQL's interface LimitSubject.
func (*Organization) IsLimitSubject() {}

// IsLimitSubject marks a type of GraphQL's interface LimitSubject.
func (*Workspace) IsLimitSubject() {}

// IsLimitSubject marks a type of GraphQL's interface LimitSubject.
func (*APIKey) IsLimitSubject() {}

// SubjectType returns what the budget of the alert stands on.
func (a *Alert) SubjectType() SubjectType {
	return subjectType(a.WorkspaceID != nil, a.APIKeyID != nil)
}

// SubjectType returns what the recipient was added to.
func (r *Recipient) SubjectType() SubjectType {
	return subjectType(r.WorkspaceID != nil, r.APIKeyID != nil)
}

func subjectType(isWorkspace, isAPIKey bool) SubjectType {
	switch {
	case isAPIKey:
		return SubjectTypeAPIKEY
	case isWorkspace:
		return SubjectTypeWORKSPACE
	}
	return SubjectTypeORGANIZATION
}
