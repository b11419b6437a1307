package mail

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// keyAlert is a monthly budget of a key that crossed 80 %. Tests change what they are about.
func keyAlert(changes ...func(*Alert)) Alert {
	end := time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)
	alert := Alert{
		Kind: "THRESHOLD", SubjectKind: "API key",
		SubjectName: "production", WorkspaceName: "Research", OrganizationName: "Acme",
		KeyPrefix: "bsr_k3F9", BudgetType: "COST", PeriodicReset: "MONTHLY",
		Threshold: decimal.RequireFromString("1000"), Amount: decimal.RequireFromString("1250"),
		Used:        decimal.RequireFromString("1027.418252"),
		PeriodStart: time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC), PeriodEnd: &end,
		RaisedAt: time.Date(2026, time.November, 23, 9, 41, 7, 0, time.UTC),
		Link:     "https://bursar.acme.test/keys/key_01?tab=limits&from=mail", AlertID: "alt_01jd", MailID: "018f3b",
	}
	for _, change := range changes {
		change(&alert)
	}
	return alert
}

func workspaceTokens(a *Alert) {
	end := time.Date(2026, time.November, 29, 0, 0, 0, 0, time.UTC)
	a.Kind, a.SubjectKind, a.SubjectName, a.WorkspaceName, a.KeyPrefix = "EXHAUSTED", "workspace", "Research", "", ""
	a.BudgetType, a.PeriodicReset, a.Threshold = "TOKENS", "WEEKLY", decimal.Zero
	a.Amount, a.Used = decimal.NewFromInt(5_000_000), decimal.NewFromInt(5_012_480)
	a.PeriodStart, a.PeriodEnd = end.AddDate(0, 0, -7), &end
}

func organizationWithoutReset(a *Alert) {
	a.Kind, a.SubjectKind, a.SubjectName, a.WorkspaceName, a.KeyPrefix = "EXHAUSTED", "organization", "Acme", "", ""
	a.PeriodicReset, a.Threshold, a.PeriodEnd, a.Link = "NONE", decimal.Zero, nil, ""
	a.Used = decimal.RequireFromString("1250")
}

func settledLate(a *Alert) {
	a.PeriodClosed, a.RaisedAt = true, a.PeriodEnd.Add(4*time.Minute)
}

// resetAfter is the mail after a month that ended exhausted.
func resetAfter(a *Alert) {
	end := a.PeriodEnd.AddDate(0, 1, 0)
	a.Kind, a.Threshold, a.PeriodStart, a.PeriodEnd = "RESET", decimal.Zero, *a.PeriodEnd, &end
	a.EndedUsed, a.Used = decimal.RequireFromString("1250.0312"), decimal.RequireFromString("0.75")
}

// withOthers went out together with two lower ones and with the news of the reset before.
func withOthers(a *Alert) {
	a.Others = []Other{
		{Kind: "REFUSED", Requested: decimal.RequireFromString("300"), Amount: a.Amount, At: a.RaisedAt.Add(-time.Minute)},
		{Kind: "THRESHOLD", Threshold: decimal.RequireFromString("625"), Amount: a.Amount, At: a.RaisedAt.Add(-2 * time.Minute)},
		{Kind: "EXHAUSTED", Amount: decimal.RequireFromString("100"), At: a.RaisedAt.Add(-time.Hour)},
		{Kind: "RESET", Amount: a.Amount, At: a.PeriodStart},
	}
}

func hostileNames(a *Alert) {
	a.SubjectName = "</td><script>alert(1)</script>\r\nBcc: all@acme.test\u2028\u202egnp.exe 👩‍💻\x00\xff" + strings.Repeat(" ключ-密钥", 60)
	a.WorkspaceName = `"><img src=x onerror=alert(1)>{{.Secret}}`
	a.OrganizationName = "Åcme & <b>Søns</b>\nX-Injected: 1"
	a.KeyPrefix = "bsr_<i>"
	a.AlertID = "alt_<u>"
	a.Link = `https://bursar.acme.test/?q="><script>alert(1)</script>`
}

// Guarantee: what recipients see changes only when someone looks at the change.
func TestAlertGolden(t *testing.T) {
	t.Parallel()
	for name, alert := range map[string]Alert{
		"threshold_key":          keyAlert(),
		"exhausted_workspace":    keyAlert(workspaceTokens),
		"exhausted_organization": keyAlert(organizationWithoutReset),
		"closed_period":          keyAlert(settledLate),
		"hostile_names":          keyAlert(hostileNames),
		"reset_key":              keyAlert(resetAfter),
		"several_at_once":        keyAlert(withOthers),
		"refused_key":            keyAlert(refusedWithHolds),
		"refused_workspace":      keyAlert(refusedWithoutHolds),
		"refused_organization":   keyAlert(refusedFullOfHolds),
		"raise_requested":        keyAlert(raiseRequested),
		"raise_granted":          keyAlert(raiseGranted),
		"raise_declined":         keyAlert(raiseDeclined),
		"raised_organization":    keyAlert(organizationRaised),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			message, err := alert.Message("Bursar <bursar@localhost>", "ada@acme.test")
			if err != nil {
				t.Fatal(err)
			}
			compareGolden(t, name+".html", message.HTML)
			compareGolden(t, name+".txt", "Subject: "+message.Subject+"\n\n"+message.Text)
		})
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs from what is rendered; look at it, then run go test ./mail -update\ngot:\n%s", path, got)
	}
}

// Guarantee: subject lines can be filtered on, and say what matters first.
func TestSubjectLine(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Alert){
		`[Bursar] Approaching: key "production", 80 % of its monthly budget of $1,250.00 (Acme)`: func(*Alert) {},
		`[Bursar] Approaching: key "production", 80 % of its weekly budget of $1,250.00 (Acme)`:  func(a *Alert) { a.PeriodicReset = "WEEKLY" },
		`[Bursar] Approaching: key "production", 80 % of its budget of $1,250.00 (Acme)`:         func(a *Alert) { a.PeriodicReset = "NONE" },
		`[Bursar] Approaching: key "production", 33 % of its monthly budget of $3.00 (Acme)`: func(a *Alert) {
			a.Threshold, a.Amount = decimal.NewFromInt(1), decimal.NewFromInt(3)
		},
		`[Bursar] Approaching: key "production", less than 1 % of its monthly budget of $1,250.00 (Acme)`: func(a *Alert) {
			a.Threshold = decimal.RequireFromString("0.000000001")
		},
		`[Bursar] Exhausted: workspace "Research", weekly budget of 5,000,000 tokens (Acme)`: workspaceTokens,
		`[Bursar] Exhausted: organization "Acme", budget of $1,250.00`:                       organizationWithoutReset,
		`[Bursar] Refused: key "production", monthly budget of $10.00 (Acme)`:                refusedWithHolds,
		`[Bursar] Refused: key "production", monthly budget of $10.00 (Acme), in a period that has ended`: func(a *Alert) {
			refusedWithHolds(a)
			settledLate(a)
		},
		`[Bursar] Raise requested: key "production", $250.00 more for its monthly budget of $1,250.00 (Acme)`: raiseRequested,
		`[Bursar] Raise granted: key "production", $250.00 more for its monthly budget of $1,500.00 (Acme)`:   raiseGranted,
		`[Bursar] Raise declined: key "production", $250.00 more for its monthly budget of $1,250.00 (Acme)`:  raiseDeclined,
		`[Bursar] Raised: organization "Acme", $100.00 more for its budget of $1,350.00`:                      organizationRaised,
		`[Bursar] Reset: key "production", monthly budget of $1,250.00 (Acme)`:                                resetAfter,
		`[Bursar] Exhausted: key "production", monthly budget of $1,250.00 (Acme), in a period that has ended`: func(a *Alert) {
			a.Kind, a.PeriodClosed, a.Used = "EXHAUSTED", true, a.Amount
		},
		`[Bursar] Approaching: key "(unnamed)", 80 % of its monthly budget of $1,250.00 (Acme)`: func(a *Alert) { a.SubjectName = "\r\n\t" },
	} {
		message, err := keyAlert(change).Message("bursar@localhost", "ada@acme.test")
		if err != nil {
			t.Errorf("%s: %v", want, err)
		} else if message.Subject != want {
			t.Errorf("got  %q\nwant %q", message.Subject, want)
		}
	}
}

// Guarantee: the outbox tells the kinds of mail apart by their subject lines, and has no color for a line that only looks like one.
func TestToneOfSubjectLine(t *testing.T) {
	t.Parallel()
	for want, changes := range map[string][]func(*Alert){
		toneApproaching: {func(*Alert) {}, raiseRequested}, toneExhausted: {workspaceTokens}, toneRefused: {refusedWithHolds, raiseDeclined},
		toneReset: {resetAfter, raiseGranted, organizationRaised},
	} {
		for _, change := range changes {
			message, err := keyAlert(change).Message("bursar@localhost", "ada@acme.test")
			if got := toneOf(message.Subject); err != nil || got != want {
				t.Errorf("%s: tone %q, error %v; want %q", message.Subject, got, err, want)
			}
		}
	}
	if got := toneOf(`Re: [Bursar] Exhausted: key "x"`); got != "" {
		t.Errorf("an answer has the tone %q", got)
	}
}

// Guarantee: no name can add a header, a line, markup, or turn the writing's direction, and the subject line stays short.
func TestHostileNamesAreHarmless(t *testing.T) {
	t.Parallel()
	message, err := keyAlert(hostileNames).Message("bursar@localhost", "ada@acme.test")
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(message.Subject, unicode.IsControl) || !utf8.ValidString(message.Subject) {
		t.Errorf("subject is not one clean line: %q", message.Subject)
	}
	if length := utf8.RuneCountInString(message.Subject); length > 200 {
		t.Errorf("subject has %d runes", length)
	}
	for line := range strings.SplitSeq(message.Text, "\n") {
		if strings.HasPrefix(line, "Bcc:") || strings.HasPrefix(line, "X-Injected:") {
			t.Errorf("a name began a line of the text: %q", line)
		}
	}
	if !strings.Contains(message.Text, "\nOpen in Bursar: https://bursar.acme.test/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E\n") {
		t.Error("the link can be cut short in the text")
	}
	for _, markup := range []string{"<script", "<img", "<b>", "<i>", "<u>", "\u202e", "\x00"} {
		if strings.Contains(message.HTML, markup) {
			t.Errorf("HTML contains %q", markup)
		}
	}
	if !strings.Contains(message.HTML, "👩\u200d💻") {
		t.Error("the joined emoji did not survive")
	}
	if err := message.Validate(); err != nil {
		t.Errorf("the mail would not be sent: %v", err)
	}
}

// Guarantee: a mail about something no budget can raise is refused, not sent with a nonsensical number.
func TestImpossibleAlertsAreRefused(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*Alert){
		"no id":          func(a *Alert) { a.AlertID = "" },
		"kind is":        func(a *Alert) { a.Kind = "" },
		"subject kind":   func(a *Alert) { a.SubjectKind = "team" },
		"budget type":    func(a *Alert) { a.BudgetType = "EUR" },
		"periodic reset": func(a *Alert) { a.PeriodicReset = "HOURLY" },
		"amount is 0":    func(a *Alert) { a.Amount = decimal.Zero },
		"used is -1":     func(a *Alert) { a.Used = decimal.NewFromInt(-1) },
		"never resets":   func(a *Alert) { a.Kind, a.PeriodicReset = "RESET", "NONE" },
		"is exhausted":   func(a *Alert) { a.Kind, a.Used = "EXHAUSTED", a.Amount.Sub(decimal.New(1, -9)) },
		"is used up":     func(a *Alert) { a.Kind, a.Used = "REFUSED", a.Amount },
		"held is -1":     func(a *Alert) { a.Kind, a.Held = "REFUSED", decimal.NewFromInt(-1) },
		"threshold is 0": func(a *Alert) { a.Threshold = decimal.Zero },
		"of the raise":   func(a *Alert) { raiseRequested(a); a.Raise.By = decimal.Zero },
		"the raise &{":   func(a *Alert) { raiseRequested(a); a.Kind = "EXHAUSTED"; a.Used = a.Amount },
		"the raise <nil": func(a *Alert) { raiseRequested(a); a.Raise = nil },
		"link is":        func(a *Alert) { a.Link = "javascript:alert(1)" },
		"link:":          func(a *Alert) { a.Link = "https://a\nb" },
	} {
		if _, err := keyAlert(change).Message("bursar@localhost", "ada@acme.test"); !Permanent(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v", want, err)
		}
	}
}

// Guarantee: a mail says that requests are refused exactly when all are.
func TestBlocking(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Alert)
		want   string
		color  string // class of the bar and the note
	}{
		"approaching":         {func(*Alert) {}, "Nothing is blocked yet.", "approaching"},
		"exhausted":           {workspaceTokens, "Requests are being refused.", "exhausted"},
		"threshold, but full": {func(a *Alert) { a.Used = a.Amount }, "Requests are being refused.", "exhausted"},
		"reset":               {resetAfter, "This budget lets requests through again.", "reset"},
		"refused":             {refusedFullOfHolds, "The budget is not used up, but a request was refused.", "refused"},
		"refused, but ended": {func(a *Alert) {
			refusedFullOfHolds(a)
			a.PeriodClosed = true
		}, "A request was refused in that period. It blocks nothing in the current period.", "approaching"},
		"exhausted, but ended": {func(a *Alert) { a.Kind, a.PeriodClosed, a.Used = "EXHAUSTED", true, a.Amount }, "This is about a period that has ended.", "approaching"},
	} {
		message, err := keyAlert(test.change).Message("bursar@localhost", "ada@acme.test")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(message.HTML, `class="`+test.color+`"`) || !strings.Contains(message.HTML, `class="`+test.color+`-note"`) {
			t.Errorf("%s: the mail is not colored as %s", name, test.color)
		}
		for _, part := range []string{message.HTML, message.Text} {
			if !strings.Contains(part, test.want) {
				t.Errorf("%s: %q is missing in\n%s", name, test.want, part)
			}
		}
	}
}
