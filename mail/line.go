package mail

import (
	"strings"
	"unicode"
)

// OneLine makes text that a user chose fit for a header and for one line of
// prose: control characters and line breaks of every kind become spaces, runs
// of space become one, and marks that turn the direction of writing go, since
// they could make what follows them read as something else. Letters, emoji and
// their joiners stay.
func OneLine(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
	return strings.Join(strings.Fields(clean), " ")
}

// truncate cuts text to at most limit runes, the last of which is then an
// ellipsis.
func truncate(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	// A cut behind a joiner or a space would leave it dangling.
	return strings.TrimRight(string(runes[:limit-1]), " \u200d") + "…"
}
