package takeover

import (
	"strings"
	"testing"
)

// Guarantee: a question is answered by yes alone.
func TestAsk(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{"yes\n": true, "yes": true, "YES\r\n": true, "y\n": false, "no\n": false, "\n": false, "": false, "yesno\n": false} {
		var asked strings.Builder
		if got, err := ask(strings.NewReader(answer), &asked, "Import 5 prices"); err != nil || got != want {
			t.Errorf("%q is %t with error %v", answer, got, err)
		}
		if asked.String() != "Import 5 prices? (yes/no) " {
			t.Errorf("the question is %q", asked.String())
		}
	}
}
