// Package caller tells who calls, and gives the rows that they may see and the transactions in which they change them.
package caller

import (
	"context"

	"github.com/google/uuid"

	"bursar/auth"
	"bursar/fault"
)

// Organization returns the organization of the caller, to which they are restricted; nil for the operator, who sees every one.
func Organization(ctx context.Context) *uuid.UUID {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return principal.OrganizationID
}

// OwnKeysOnly returns the member to whose own API keys the caller is restricted; nil for callers who are not a MEMBER.
func OwnKeysOnly(ctx context.Context) *uuid.UUID {
	principal, _ := auth.FromContext(ctx) // @auth has refused callers without one
	return principal.OwnKeysOnly()
}

// NotOwn refuses a MEMBER what is not about their own keys.
func NotOwn(field string) *fault.Fault {
	return fault.New(fault.Forbidden, "%s: a MEMBER may do this with API keys that they created, and with nothing else", field)
}
