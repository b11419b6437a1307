package id

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// An id is read back as what it was made of.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, prefix := range []Prefix{Organization, Workspace, Member, AccessToken, APIKey, BudgetLimit, RateLimit, Reservation, Lease, UsageEvent, Alert, AuditEntry, Price, Repricing, RaiseRequest, Simulation} {
		u := uuid.New()
		gotPrefix, got, ok := Parse(prefix.Format(u))
		if !ok || gotPrefix != prefix || got != u {
			t.Errorf("%s: %s %v %v", prefix, gotPrefix, got, ok)
		}
	}
}

// Only what Format writes is an id.
func TestMalformed(t *testing.T) {
	t.Parallel()
	digits := strings.Repeat("a", 32)
	for _, s := range []string{"", "org", "org_", "org_" + digits[1:], "org_" + digits + "a", "ORG_" + digits, "org_" + strings.ToUpper(digits),
		"org-" + digits, "xyz_" + digits, "org_" + strings.Repeat("g", 32), "org_" + digits[:31] + "\x00", " org_" + digits, uuid.NewString()} {
		if _, _, ok := Parse(s); ok {
			t.Errorf("%q is taken for an id", s)
		}
	}
}

// A UUIDv7 knows the millisecond in which it was made.
func TestCreatedAt(t *testing.T) {
	t.Parallel()
	before := time.Now().Truncate(time.Millisecond)
	u, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	if at := CreatedAt(u); at.Before(before) || at.After(time.Now()) {
		t.Fatalf("%v is not now", at)
	}
}

// The first id of a millisecond stands between those of the one before and its own.
func TestFirstAt(t *testing.T) {
	t.Parallel()
	before, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	at := CreatedAt(before)
	first, next := FirstAt(at), FirstAt(at.Add(time.Millisecond))
	if first.String() > before.String() || next.String() <= before.String() || !CreatedAt(first).Equal(at) || first.Version() != 7 {
		t.Fatalf("%v, %v, %v", first, before, next)
	}
	if zero := FirstAt(time.Unix(-5, 0)); !CreatedAt(zero).Equal(time.Unix(0, 0)) {
		t.Fatal(zero)
	}
}
