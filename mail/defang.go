package mail

import (
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// defang makes text that a user chose unfit to become a link. Mail clients turn
// web addresses, bare host names and e-mail addresses in text into links, also
// in a subject line: a key's name could lead recipients to a page of its author.
// Brackets go around what clients look for, as is usual in reports of phishing:
//
//   - a dot between two labels of which the second begins with a letter and has
//     two letters or more, as a domain's last one does: "evil[.]example". Dots
//     that IDNA reads as one count, too. "v1.2" and "gpt-4.1" stay.
//   - every dot behind "www", and those of an IPv4 address
//   - a colon before a slash, and one behind a known scheme: "https[:]//", "mailto[:]x"
//   - an @ between two characters: "billing[@]evil[.]example"
//   - a pair of backslashes, of which Outlook makes a network path
//
// Characters that are not seen, such as a zero-width joiner, hide none of these.
func defang(text string) string {
	runes := []rune(text)
	seen := make([]rune, 0, len(runes)) // as a client may read it: what is not seen is left out
	for _, r := range runes {
		if !isInvisible(r) {
			seen = append(seen, plain(r))
		}
	}
	var clean strings.Builder
	next := 0 // index in seen of the rune that is looked at
	for _, r := range runes {
		if isInvisible(r) {
			clean.WriteRune(r)
			continue
		}
		if links(seen, next) {
			clean.WriteString("[" + string(r) + "]")
		} else {
			clean.WriteRune(r)
		}
		next++
	}
	return clean.String()
}

// links tells whether the character at an index may make a link of what is around it.
func links(text []rune, i int) bool {
	before, after := ' ', ' '
	if i > 0 {
		before = text[i-1]
	}
	if i+1 < len(text) {
		after = text[i+1]
	}
	if before == '[' && after == ']' {
		return false
	}
	switch text[i] {
	case '.':
		return isLabel(before) && isLabel(after) && (isLastLabel(labelAfter(text, i)) || isWWW(text[:i]) || isInIPv4(text, i))
	case ':':
		return after == '/' || after == '\\' || after != ' ' && endsInScheme(text[:i])
	case '@':
		return before != ' ' && after != ' '
	case '\\':
		return after == '\\'
	}
	return false
}

// plain returns the ASCII character for which a client may take one that looks
// or is normalized like it; any other character unchanged.
func plain(r rune) rune {
	switch r {
	case '\u3002', '\uff0e', '\uff61', '\u2024', '\ufe52': // ideographic, full-width, half-width and small full stops, one dot leader
		return '.'
	case '\uff20', '\ufe6b':
		return '@'
	case '\uff1a', '\ufe55', '\ufe13', '\ua789', '\u2236':
		return ':'
	case '\uff0f', '\u2044', '\u2215':
		return '/'
	case '\uff3c', '\ufe68':
		return '\\'
	}
	if r >= '\uff10' && r <= '\uff5a' { // full-width digits and letters
		return r - '\uff00' + ' '
	}
	return r
}

// isInvisible: clients may pass the character over.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

// isLabel: the character may be part of a label of a host name.
func isLabel(r rune) bool {
	return r == '-' || r == '_' || unicode.In(r, unicode.L, unicode.N, unicode.M)
}

// labelAfter returns the label behind the dot at an index.
func labelAfter(text []rune, dot int) []rune {
	label := text[dot+1:]
	if end := slices.IndexFunc(label, func(r rune) bool { return !isLabel(r) }); end >= 0 {
		label = label[:end]
	}
	return label
}

// isLastLabel: a domain could end in the label, as in example or xn--p1ai.
func isLastLabel(label []rune) bool {
	return len(label) > 1 && unicode.IsLetter(label[0])
}

// isWWW: the text ends in the label www.
func isWWW(text []rune) bool {
	return strings.EqualFold(string(text[max(0, len(text)-3):]), "www") && (len(text) == 3 || !isLabel(text[len(text)-4]))
}

// isInIPv4: the dot at an index is one of an address such as 192.0.2.1. v1.2.3.4
// is a version.
func isInIPv4(text []rune, dot int) bool {
	isPart := func(r rune) bool { return r == '.' || r >= '0' && r <= '9' }
	begin, end := dot, dot+1
	for begin > 0 && isPart(text[begin-1]) {
		begin--
	}
	for end < len(text) && isPart(text[end]) {
		end++
	}
	if begin > 0 && isLabel(text[begin-1]) {
		return false
	}
	_, err := netip.ParseAddr(strings.TrimRight(string(text[begin:end]), "."))
	return err == nil
}

// endsInScheme: the text ends in a scheme that clients make links of without slashes.
func endsInScheme(text []rune) bool {
	begin := len(text)
	for begin > 0 && isLabel(text[begin-1]) {
		begin--
	}
	switch strings.ToLower(string(text[begin:])) {
	case "http", "https", "ftp", "file", "mailto", "tel", "sms", "callto", "skype", "facetime", "data", "javascript":
		return true
	}
	return false
}
