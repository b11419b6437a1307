package id

import (
	"strings"
	"testing"

	"github.com/google/uuid"
)

// Only what Format writes is an id, and it is that of what it was made of.
func FuzzParse(f *testing.F) {
	for _, prefix := range []Prefix{Organization, Workspace, Member, AccessToken, APIKey, BudgetLimit, RateLimit, Reservation, Lease, UsageEvent, Alert, AuditEntry, Price, Repricing, Webhook, WebhookDelivery, RaiseRequest, Simulation} {
		f.Add(prefix.Format(uuid.MustParse("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")))
	}
	digits := strings.Repeat("a", 32)
	for _, seed := range []string{"", "key_", "KEY_" + digits, "key_" + strings.ToUpper(digits), "key_" + digits + "a", "_" + digits, "key__" + digits[1:], "x_" + digits} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		prefix, parsed, ok := Parse(text)
		if ok != (prefix != "") || !ok && parsed != uuid.Nil {
			t.Fatalf("%q: %q %v %t", text, prefix, parsed, ok)
		}
		if ok && prefix.Format(parsed) != text {
			t.Fatalf("%q is read as %q", text, prefix.Format(parsed))
		}
	})
}
