package mail

// tone is how a mail looks at first sight: amber warns, red says that requests
// are refused, green that they pass again.
type tone struct{ Bar, Note string } // colors of the bar and of the note's ground, on white

const (
	toneApproaching = "approaching"
	toneExhausted   = "exhausted"
	toneReset       = "reset"
)

var tones = map[string]tone{
	toneApproaching: {Bar: "#d98a1c", Note: "#fdf5e7"},
	toneExhausted:   {Bar: "#d93a3a", Note: "#fdefef"},
	toneReset:       {Bar: "#2e8b57", Note: "#edf7f0"},
}

// tone names the classes of the mail's bar and note.
func (a Alert) tone() string {
	switch {
	case a.blocking():
		return toneExhausted
	case a.Kind == kindReset:
		return toneReset
	}
	return toneApproaching
}
