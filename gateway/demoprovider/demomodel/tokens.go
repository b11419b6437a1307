package demomodel

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How many tokens things have. A token of the demo models is a word with the blanks before it, in parts of at most eight bytes. A turn of a conversation has three tokens
// beside its text, an image in it 85, and definitions of tools one for each four bytes of their JSON. There are never more tokens than bytes.
const (
	tokenBytes     = 8
	tokensOfTurn   = 3
	TokensOfImage  = 85
	bytesPerToken  = 4 // of JSON
	longestExcerpt = 80
)

// SplitTokens returns the tokens of a text, which together are the text.
func SplitTokens(text string) []string {
	var list []string
	for text != "" {
		n := tokenLength(text)
		list = append(list, text[:n])
		text = text[n:]
	}
	return list
}

// CountTokens returns how many tokens a text has.
func CountTokens(text string) (n int64) {
	for ; text != ""; n++ {
		text = text[tokenLength(text):]
	}
	return n
}

// tokenLength returns how many bytes the first token of a text has.
func tokenLength(text string) int {
	n, inWord := 0, false
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		blank := unicode.IsSpace(r)
		if blank && inWord || n > 0 && n+size > tokenBytes {
			break
		}
		inWord = inWord || !blank
		n += size
	}
	return n
}

// speak returns the tokens of an answer's text: a lead, and sentences behind it. Without a number of tokens it has one sentence.
func speak(lead string, tokens *int) []string {
	if tokens == nil {
		return SplitTokens(lead + sentences()[0])
	}
	list := SplitTokens(lead)
	for i := 0; len(list) < *tokens; i++ {
		list = append(list, SplitTokens(sentences()[i%len(sentences())])...)
	}
	return list[:*tokens]
}

func sentences() []string {
	return []string{
		" I say the same to the same question, and I need no network.",
		" A budget holds when it is checked before the money is spent.",
		" Each answer says how many tokens it has used, and each token has its price.",
		" What was reserved and not used is given back.",
		" Whoever leaves in the middle pays for what was made until then.",
	}
}

// lead returns the beginning of an answer: what was asked or what a tool said.
func lead(model, asked, toolSaid string) string {
	if toolSaid != "" {
		return fmt.Sprintf("The tool answered: %s. This is %s.", excerpt(toolSaid), model)
	}
	return fmt.Sprintf("This is %s, inside Bursar. You wrote: %s.", model, excerpt(asked))
}

// excerpt returns the beginning of a text on one line.
func excerpt(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longestExcerpt {
		text = string(runes[:longestExcerpt]) + "…"
	}
	return "“" + text + "”"
}
