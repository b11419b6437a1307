package auth

import (
	"math"
	"regexp"
	"strings"
	"unicode"
)

const (
	wordBits     = 13 // of a word that was drawn from a list, such as Diceware's of 7,776 words
	longestWord  = 12 // letters
	uuidBits     = 122
	repeatBits   = 24 // that a repeated part has at least: random text repeats so much of itself once in 30,000 times
	seenOften    = 6  // times that each character occurs on average, beyond which no others are expected
	letters      = 26 // of one case
	asciiSymbols = 32 // printable characters that are neither letters nor digits
)

// uuidForm is that of a UUID, of which six bits are fixed.
var uuidForm = regexp.MustCompile(`^(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// familiar is what people type when they make up a secret. A part of it counts as one that was there before.
const familiar = "abcdefghijklmnopqrstuvwxyz 01234567890 zyxwvutsrqponmlkjihgfedcba 09876543210 " +
	"qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm 0123456789abcdef " +
	"password passwort secret changeme letmein administrator root-token root_token bursar-root operator"

// Strength estimates from a secret's form how many bits an attacker has to guess, at most: one who knows nothing but that form. A secret that
// was drawn at random has as many bits as are said here, or a few more; one that a person made up has fewer.
//
// It is the length times the bits of a character, which depend on the alphabet: that of the kinds of characters that occur (digits,
// hexadecimal digits, letters of either case, others), or the characters themselves when each occurs six times. A part that has occurred
// before, such as the second half of "abcabc", or that people type, such as "qwerty", counts as one character. Words between separators count as
// words of a list, and a UUID has 122 bits.
func Strength(secret string) float64 {
	if uuidForm.MatchString(secret) {
		return uuidBits
	}
	words, rest := splitWords(secret)
	perCharacter := math.Log2(float64(alphabetOf(secret)))
	return words + float64(distinctLength(rest, perCharacter))*perCharacter
}

// splitWords returns the bits of the words that stand between separators, if there are at least two, and the text without them.
func splitWords(text string) (bits float64, rest string) {
	isSeparator := func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) }
	words := 0
	var others strings.Builder
	for _, part := range strings.FieldsFunc(text, isSeparator) {
		if isWord(part) {
			words++
			bits += min(wordBits, float64(len(part))*math.Log2(letters))
		} else {
			others.WriteString(part)
		}
	}
	if words < 2 {
		return 0, text
	}
	return bits, others.String()
}

// isWord tells whether a text looks like a word: a few letters alone, of one case but perhaps the first, with a vowel.
func isWord(text string) bool {
	if len(text) > longestWord {
		return false
	}
	lower := strings.ToLower(text)
	oneCase := text == lower || text == strings.ToUpper(text) || text[1:] == lower[1:]
	return oneCase && !strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) }) && strings.ContainsAny(lower, "aeiouy")
}

// alphabetOf returns how many characters a text is drawn from.
func alphabetOf(text string) int {
	distinct := map[rune]bool{}
	var digits, lower, upper, others, beyondHex bool
	for _, c := range text {
		distinct[c] = true
		switch {
		case unicode.IsDigit(c):
			digits = true
		case unicode.IsLower(c):
			lower, beyondHex = true, beyondHex || c > 'f'
		case unicode.IsUpper(c):
			upper, beyondHex = true, beyondHex || c > 'F'
		default:
			others = true
		}
	}
	size := 0
	for _, kind := range []struct {
		there bool
		size  int
	}{{digits, 10}, {lower, letters}, {upper, letters}, {others, asciiSymbols}} {
		if kind.there {
			size += kind.size
		}
	}
	if !beyondHex && !others && lower != upper {
		size = 16
	}
	if len(text) >= seenOften*len(distinct) {
		size = min(size, len(distinct))
	}
	return max(size, 1)
}

// distinctLength returns how many characters a text has when each part that has occurred before counts as one.
func distinctLength(text string, perCharacter float64) (length int) {
	shortest := max(3, int(math.Ceil(repeatBits/max(perCharacter, 1))))
	lower := strings.ToLower(text)
	for at := 0; at < len(lower); length++ {
		part := 0
		for size := shortest; at+size <= len(lower); size++ {
			// what occurs before may overlap: "aaaa" is an "a" that is repeated
			if !strings.Contains(lower[:at+size-1], lower[at:at+size]) && !strings.Contains(familiar, lower[at:at+size]) {
				break
			}
			part = size
		}
		at += max(part, 1)
	}
	return length
}
