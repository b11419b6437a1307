package db

import "bursar/id"

// ExternalLimitID returns the external id of the limit that refused; nil when none did.
func (c *DenialCount) ExternalLimitID() *string {
	if c.LimitID == nil {
		return nil
	}
	prefix := id.RateLimit
	if *c.LimitKind == LimitKindBUDGET { // which is not null beside a limit
		prefix = id.BudgetLimit
	}
	return prefix.FormatPointer(c.LimitID)
}

// ExternalLimitID returns the external id of the limit that denied, or would have denied.
func (h *ListDenialHoursRow) ExternalLimitID() string {
	return (&LimitStatus{Kind: *h.LimitKind, ID: *h.LimitID}).ExternalID() // a count of a limit has both
}
