package mail

import "strings"

// tone is how a mail looks at first sight: amber warns, orange says that a
// request was refused, red that all are, green that they pass again.
type tone struct {
	Bar, Note string // colors of the bar and of the note's ground, on white
	Tag, Ink  string // colors of the tag beside the mark, its ground and its word
	Held      string // color of what is held, in the bar; of refused alone
}

const (
	toneApproaching = "approaching"
	toneExhausted   = "exhausted"
	toneRefused     = "refused"
	toneReset       = "reset"
)

var tones = map[string]tone{
	toneApproaching: {Bar: "#d98a1c", Note: "#fdf5e7", Tag: "#fbe6c4", Ink: "#7a4a00"},
	toneExhausted:   {Bar: "#d93a3a", Note: "#fdefef", Tag: "#fbd9d9", Ink: "#9b1c1c"},
	toneRefused:     {Bar: "#c2541b", Note: "#fdf1ea", Tag: "#fadccb", Ink: "#8a3408", Held: "#eeb595"},
	toneReset:       {Bar: "#2e8b57", Note: "#edf7f0", Tag: "#d5eedd", Ink: "#17603a"},
}

// toneOf is the tone that a subject line tells; "" for one of another kind.
func toneOf(subject string) string {
	for word, tone := range map[string]string{
		"Approaching": toneApproaching, "Exhausted": toneExhausted, "Refused": toneRefused, "Reset": toneReset,
		raiseWords[kindRaiseRequested]: toneApproaching, raiseWords[kindRaiseGranted]: toneReset,
		raiseWords[kindRaiseDeclined]: toneRefused, raiseWords[kindRaised]: toneReset,
	} {
		if strings.HasPrefix(subject, subjectMark+word+": ") {
			return tone
		}
	}
	return ""
}

// tone names the classes of the mail's bar and note.
func (a Alert) tone() string {
	switch {
	case a.aboutRaise():
		return toneOfRaise(a.Kind)
	case a.blocking():
		return toneExhausted
	case a.Kind == kindRefused && !a.PeriodClosed:
		return toneRefused
	case a.Kind == kindReset:
		return toneReset
	}
	return toneApproaching
}
