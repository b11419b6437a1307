package sql

import (
	"fmt"
	"regexp"
	"strings"
)

// dollarQuote is what begins and ends a dollar-quoted literal.
var dollarQuote = regexp.MustCompile(`^\$(?:[A-Za-z_][A-Za-z_0-9]*)?\$`)

// statements splits a script into its statements, without the semicolons that end them and without comments, but for those in
// a literal: a function's body keeps its own. It supports neither BEGIN ATOMIC, whose body has semicolons outside of literals, nor quotes that a
// backslash escapes.
func statements(script string) ([]string, error) {
	var found []string
	var statement strings.Builder
	end := func() {
		if text := strings.TrimSpace(statement.String()); text != "" {
			found = append(found, text)
		}
		statement.Reset()
	}
	for rest := script; rest != ""; {
		length, kept, err := token(rest)
		if err != nil {
			return nil, err
		}
		switch {
		case rest[0] == ';':
			end()
		case kept:
			statement.WriteString(rest[:length])
		}
		rest = rest[length:]
	}
	end()
	return found, nil
}

// token returns the length of the token that a text begins with: a comment, which is not kept, a literal, a word or one other
// character.
func token(text string) (length int, kept bool, err error) {
	switch {
	case strings.HasPrefix(text, "--"):
		line, _, _ := strings.Cut(text, "\n")
		return len(line), false, nil
	case strings.HasPrefix(text, "/*"):
		length, err = until(text, 2, "*/")
		return length, false, err
	case text[0] == '\'', text[0] == '"': // a doubled quote is the end of one literal and the beginning of the next
		length, err = until(text, 1, text[:1])
		return length, true, err
	case text[0] == '$':
		if quote := dollarQuote.FindString(text); quote != "" {
			length, err = until(text, len(quote), quote)
			return length, true, err
		}
	case isWord(text[0]): // as a whole: a $ in a word begins no literal
		for length = 1; length < len(text) && (isWord(text[length]) || text[length] == '$'); length++ {
			continue
		}
		return length, true, nil
	}
	return 1, true, nil
}

func isWord(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// until returns the length of a text up to the end of the first quote at or after from.
func until(text string, from int, quote string) (int, error) {
	at := strings.Index(text[from:], quote)
	if at < 0 {
		line, _, _ := strings.Cut(text, "\n")
		return 0, fmt.Errorf("%q does not end", line)
	}
	return from + at + len(quote), nil
}
