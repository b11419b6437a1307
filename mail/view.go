package mail

import (
	"fmt"
	"strings"
)

// Longest names, in runes, in the subject line and in the body.
const (
	maxSubjectLineName         = 60
	maxSubjectLineOrganization = 40
	maxBodyName                = 200
)

// subjectMark begins every subject line.
const subjectMark = "[Bursar] "

// alertView is what the two templates of an alert mail share: all of it is
// text, ready to be laid out.
type alertView struct {
	Subject      string // the subject line
	Preview      string // what a mailbox shows after the subject line
	Word         string // Approaching, Exhausted, Refused, Reset or one of raiseWords, as in the subject line
	Headline     string
	SubjectKind  string
	SubjectName  string
	KeyPrefix    string // "" unless an API key
	Workspace    string // "" when there is none
	Organization string // "" if the subject is the organization
	Used, Amount string // read as "Used of Amount": Used has no unit behind it
	UsedPercent  string
	BarWidth     int    // percents, 0 to 100
	HeldWidth    int    // of what is held, behind it; percents, 0 to 100 less BarWidth
	FreeWidth    int    // of the rest; percents
	HeldPercent  string // "" when nothing is held
	Tone         string // class of the bar and the note: approaching, exhausted, refused or reset
	Colors       tone   // of that class, for mailboxes that read no classes
	Facts        []fact
	Others       []string // what else the mail tells of, a line each
	Next         []string // what happens next, in sentences
	Link         string
	Reason       string // why the recipient gets this mail
	AlertID      string
}

// fact is one row of the table under the bar.
type fact struct{ Label, Value string }

func newAlertView(a Alert) alertView {
	name, organization := displayName(a.SubjectName), displayName(a.OrganizationName)
	view := alertView{
		Subject:     subjectLine(a, name, organization),
		Word:        word(a),
		Headline:    headline(a),
		SubjectKind: strings.ToUpper(a.SubjectKind[:1]) + a.SubjectKind[1:],
		SubjectName: truncate(name, maxBodyName),
		KeyPrefix:   truncate(OneLine(a.KeyPrefix), maxSubjectLineName),
		Workspace:   truncate(defang(OneLine(a.WorkspaceName)), maxBodyName),
		Used:        formatNumber(a.BudgetType, a.Used),
		Amount:      formatAmount(a.BudgetType, a.Amount),
		UsedPercent: formatPercent(a.Used, a.Amount),
		BarWidth:    barWidth(a.Used, a.Amount),
		HeldWidth:   heldWidth(a),
		Tone:        a.tone(),
		Colors:      tones[a.tone()],
		Facts:       facts(a),
		Others:      others(a),
		Next:        next(a),
		Link:        inProse(a.Link),
		AlertID:     OneLine(a.AlertID),
	}
	view.FreeWidth = 100 - view.BarWidth - view.HeldWidth
	if a.Held.IsPositive() {
		view.HeldPercent = formatPercent(a.Held, a.Amount)
	}
	if a.SubjectKind != subjectOrganization {
		view.Organization = truncate(organization, maxBodyName)
	}
	view.Preview = fmt.Sprintf("%s of %s used. %s", view.Used, view.Amount, view.Next[0])
	view.Reason = fmt.Sprintf("You receive this as an owner or admin of %s, or because you were added to the recipients.",
		truncate(organization, maxBodyName))
	if a.SubjectKind == subjectAPIKey {
		view.Reason = fmt.Sprintf("You receive this as an owner or admin of %s, as the creator of the key, or because you were added to the recipients.",
			truncate(organization, maxBodyName))
	}
	if reason := raiseReason(a); reason != "" {
		view.Reason = reason
	}
	return view
}

// subjectLine can be filtered on: it begins with [Bursar] and Approaching,
// Exhausted, Refused, Reset, Raised or what became of the wish for a raise, and a colon. Then comes who and what:
// the organization stands last, as the first to be cut off.
func subjectLine(a Alert, name, organization string) string {
	budget := budgetNamed(a) + " of " + formatAmount(a.BudgetType, a.Amount)
	if a.Kind == kindThreshold {
		budget = formatPercent(a.Threshold, a.Amount) + " of its " + budget
	} else if a.aboutRaise() {
		budget = formatAmount(a.Raise.Unit, a.Raise.By) + " more for its " + budget
	}
	line := subjectMark + word(a) + ": " + subjectWord(a) + ` "` + truncate(name, maxSubjectLineName) + `", ` + budget
	if a.SubjectKind != subjectOrganization {
		line += " (" + truncate(organization, maxSubjectLineOrganization) + ")"
	}
	if a.PeriodClosed {
		// Nobody should hurry because of a period that is over.
		line += ", in a period that has ended"
	}
	if a.isDigest() {
		line += fmt.Sprintf(", and %d more", len(a.Others))
	}
	return line
}

// word is the one by which mails are filtered, and told apart at first sight.
func word(a Alert) string {
	switch a.Kind {
	case kindThreshold:
		return "Approaching"
	case kindRefused:
		return "Refused"
	case kindReset:
		return "Reset"
	case kindExhausted:
		return "Exhausted"
	}
	return raiseWords[a.Kind]
}

// subjectWord names the subject's kind in the middle of a subject line.
func subjectWord(a Alert) string {
	if a.SubjectKind == subjectAPIKey {
		return "key"
	}
	return a.SubjectKind
}

func headline(a Alert) string {
	switch a.Kind {
	case kindExhausted:
		return strings.ToUpper(budgetNamed(a)[:1]) + budgetNamed(a)[1:] + " exhausted"
	case kindRefused:
		return "A request was refused by the " + budgetNamed(a)
	case kindReset:
		return "The " + budgetNamed(a) + " has reset"
	case kindRaiseRequested, kindRaiseGranted, kindRaiseDeclined, kindRaised:
		return raiseHeadline(a)
	}
	percent := formatPercent(a.Threshold, a.Amount)
	return strings.ToUpper(percent[:1]) + percent[1:] + " of the " + budgetNamed(a) + " used"
}

// budgetNamed is "weekly budget", "monthly budget" or "budget".
func budgetNamed(a Alert) string { return cadence(a) + "budget" }

// displayName is a name on one line in which nothing becomes a link; names are
// never blank in a sentence.
func displayName(name string) string {
	if clean := defang(OneLine(name)); clean != "" {
		return clean
	}
	return "(unnamed)"
}

// inProse escapes what would end a link in the middle of a plain text.
func inProse(link string) string {
	return strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E").Replace(link)
}
