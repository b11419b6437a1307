package mail

import (
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// A digest says that it is one and how many other alerts it tells of, after the words by which subject lines are filtered. It names each
// other alert's budget, in that budget's unit and on one line whatever the name holds, 200 at most, and says how many there are besides.
func TestDigest(t *testing.T) {
	t.Parallel()
	alert := keyAlert()
	plain, err := alert.Message("Bursar <b@acme.test>", "finance@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 250 {
		alert.Others = append(alert.Others, Other{
			Kind: "THRESHOLD", Threshold: decimal.NewFromInt(500), Amount: decimal.NewFromInt(1000), At: alert.RaisedAt,
			SubjectKind: "workspace", SubjectName: fmt.Sprintf("research %03d\r\nBcc: x@x.test <b>", i), BudgetType: "TOKENS", PeriodicReset: "WEEKLY"})
	}
	alert.Others[1] = Other{Kind: "EXHAUSTED", Amount: decimal.NewFromInt(5), At: alert.RaisedAt} // of the mail's own budget
	digest, err := alert.Message("Bursar <b@acme.test>", "finance@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	if want := plain.Subject + ", and 250 more"; digest.Subject != want {
		t.Errorf("the subject line is %q, want %q", digest.Subject, want)
	}
	if strings.Contains(plain.Text, digestNote) || !strings.Contains(digest.Text, digestNote) || !strings.Contains(digest.HTML, digestNote) {
		t.Errorf("it does not say that it is a digest:\n%s", digest.Text)
	}
	lines := strings.Count(digest.Text, `workspace "research `)
	if lines != 199 || !strings.Contains(digest.Text, `workspace "research 000 Bcc: x[@]x[.]test <b>", weekly budget: 500 tokens (50 %), `) ||
		!strings.Contains(digest.Text, "  Exhausted: all of $5.00, ") || !strings.Contains(digest.Text, "and 50 more") {
		t.Errorf("%d lines, want 199:\n%s", lines, digest.Text)
	}
	if strings.Contains(digest.HTML, "<b>") || strings.Count(digest.HTML, "research ") != 199 {
		t.Errorf("the names are not escaped, or not all are there:\n%s", digest.HTML)
	}
}
