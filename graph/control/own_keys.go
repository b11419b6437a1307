package control

import (
	"context"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/validate"
)

// creatorOf returns the creator of a new key: the given member, else the calling member, else nobody. A MEMBER creates keys for
// themselves alone.
func creatorOf(ctx context.Context, given *string) (*uuid.UUID, error) {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	if given == nil {
		return principal.MemberID, nil
	}
	creator, err := memberID("createdById", *given)
	if own := principal.OwnKeysOnly(); err == nil && own != nil && *creator != *own {
		return nil, caller.NotOwn("createdById")
	}
	return creator, err
}

// notSilenced refuses a MEMBER to switch off the mail of a key, which others read too.
func notSilenced(ctx context.Context, emailNotifications *bool) error {
	if caller.OwnKeysOnly(ctx) == nil || validate.ValueOr(emailNotifications, true) {
		return nil
	}
	return fault.New(fault.Forbidden, "emailNotifications: only an OWNER or ADMIN switches a key's mail off")
}
