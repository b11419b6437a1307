package mail

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// Text that a person chose becomes one line without anything that acts on what is around it, whatever it is, and is cut to its limit.
func FuzzOneLine(f *testing.F) {
	for _, seed := range []string{"", "a\r\nBcc: x@y.test", "\u202eabc", "👩‍👩‍👧 é", "\xff\xfe", "a\u2028b\u00a0\u0085c", "\ufeff"} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		line := OneLine(text)
		if !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
		}) || OneLine(line) != line {
			t.Fatalf("%q becomes %q", text, line)
		}
		if limit > 0 && limit < 1000 && utf8.RuneCountInString(truncate(line, limit)) > limit {
			t.Fatalf("%q is cut to %q", line, truncate(line, limit))
		}
	})
}
