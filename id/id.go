// Package id converts the UUIDs of rows to external ids, which are prefixed strings in the API, and back.
package id

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Prefix names the type of an external id's object.
type Prefix string

// The prefixes, as the contract lists them; sql/functions/control/external_id.sql writes the same form.
const (
	Organization Prefix = "org"
	Workspace    Prefix = "ws"
	Member       Prefix = "mem"
	AccessToken  Prefix = "tok"
	APIKey       Prefix = "key"
	BudgetLimit  Prefix = "bud"
	RateLimit    Prefix = "rat"
	Reservation  Prefix = "res"
	Lease        Prefix = "lea"
	UsageEvent   Prefix = "evt"
	Alert        Prefix = "alt"
	AuditEntry   Prefix = "aud"
	Price        Prefix = "prc"
	Repricing    Prefix = "rpc"
	RaiseRequest Prefix = "rrq"
	Simulation   Prefix = "sim"
	Webhook      Prefix = "whk"
	// WebhookDelivery is also the id of the message that a webhook is sent.
	WebhookDelivery Prefix = "whd"
	Policy          Prefix = "pol"
)

// Format returns the external form of a UUID: the prefix, an underscore, and 32 hexadecimal digits.
func (p Prefix) Format(u uuid.UUID) string {
	return string(p) + "_" + hex.EncodeToString(u[:])
}

// FormatPointer is Format for an id that may be nil.
func (p Prefix) FormatPointer(u *uuid.UUID) *string {
	if u == nil {
		return nil
	}
	s := p.Format(*u)
	return &s
}

// Parse returns the prefix and the UUID of an external id; false for anything that Format would not have written.
func Parse(s string) (Prefix, uuid.UUID, bool) {
	prefix, digits, found := strings.Cut(s, "_")
	if !found || len(digits) != 32 || strings.ToLower(digits) != digits {
		return "", uuid.UUID{}, false
	}
	switch Prefix(prefix) {
	case Organization, Workspace, Member, AccessToken, APIKey, BudgetLimit, RateLimit, Reservation, Lease, UsageEvent, Alert, AuditEntry, Price, Repricing, Webhook, WebhookDelivery, RaiseRequest, Policy, Simulation:
	default:
		return "", uuid.UUID{}, false
	}
	var u uuid.UUID
	if _, err := hex.Decode(u[:], []byte(digits)); err != nil {
		return "", uuid.UUID{}, false
	}
	return Prefix(prefix), u, true
}

// CreatedAt returns the instant in a UUIDv7, to the millisecond.
func CreatedAt(u uuid.UUID) time.Time {
	milliseconds := int64(u[0])<<40 | int64(u[1])<<32 | int64(u[2])<<24 | int64(u[3])<<16 | int64(u[4])<<8 | int64(u[5])
	return time.UnixMilli(milliseconds).UTC()
}

// FirstAt returns the first UUIDv7 of an instant's millisecond: none that was made before it is greater, none that was made
// after it is smaller. The instant is of the years 1970 to 10889, which is where 48 bits end.
func FirstAt(at time.Time) uuid.UUID {
	var milliseconds [8]byte
	binary.BigEndian.PutUint64(milliseconds[:], uint64(max(0, at.UnixMilli()))) //nolint:gosec // not negative
	u := uuid.UUID{6: 0x70, 8: 0x80}
	copy(u[:6], milliseconds[2:])
	return u
}
