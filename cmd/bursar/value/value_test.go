package value_test

import (
	"testing"

	"bursar/cmd/bursar/value"
)

// Guarantee: mail links to the page of what its budget stands on, and to none that the portal may not have.
func TestPublicURLs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ template, subject, want string }{
		{"", "key_1", ""},
		{"https://portal.test/keys/{id}", "key_1", "https://portal.test/keys/key_1"},
		{"https://portal.test/keys/{id}", "ws_1", ""},
		{"https://portal.test/{kind}/{id}?from=mail", "key_1", "https://portal.test/keys/key_1?from=mail"},
		{"https://portal.test/{kind}/{id}", "ws_1", "https://portal.test/workspaces/ws_1"},
		{"https://portal.test/{kind}/{id}", "org_1", "https://portal.test/organizations/org_1"},
	} {
		if got := value.PublicURL(c.template).LinkTo(c.subject); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.template, c.subject, got, c.want)
		}
	}
}
