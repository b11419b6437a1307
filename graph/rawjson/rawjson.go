// Package rawjson walks through text that is known to be valid JSON, without decoding what is not looked at: for large inputs, where a map
// for each object is most of what they cost.
package rawjson

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Members calls a function with the name and the text of each member of an object, in their order. It reports false, possibly after some
// members, for text that is no object, for a name that is escaped or no UTF-8, and when the function reports false.
func Members(text string, member func(name, value string) bool) bool {
	at := space(text, 0)
	if at == len(text) || text[at] != '{' {
		return false
	}
	for at = space(text, at+1); text[at] != '}'; {
		end := skip(text, at)
		name := text[at+1 : end-1]
		if !isPlain(name) {
			return false
		}
		at = space(text, space(text, end)+1) // past the colon
		end = skip(text, at)
		if !member(name, text[at:end]) {
			return false
		}
		if at = space(text, end); text[at] == ',' {
			at = space(text, at+1)
		}
	}
	return true
}

// Elements calls a function with the text of each element of a list, in their order. It reports false for text that is no list, and when the
// function reports false.
func Elements(text string, element func(value string) bool) bool {
	at := space(text, 0)
	if at == len(text) || text[at] != '[' {
		return false
	}
	for at = space(text, at+1); text[at] != ']'; {
		end := skip(text, at)
		if !element(text[at:end]) {
			return false
		}
		if at = space(text, end); text[at] == ',' {
			at = space(text, at+1)
		}
	}
	return true
}

// Text returns a string's value, which may be a part of the text; false for a value that is no string.
func Text(value string) (string, bool) {
	if value == "" || value[0] != '"' {
		return "", false
	}
	if inner := value[1 : len(value)-1]; isPlain(inner) {
		return inner, true
	}
	var decoded string
	err := json.Unmarshal([]byte(value), &decoded)
	return decoded, err == nil
}

// isPlain tells whether a string's text is its value.
func isPlain(text string) bool { return strings.IndexByte(text, '\\') < 0 && utf8.ValidString(text) }

// space returns the index of the first byte at or behind an index that is no white space.
func space(text string, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
		at++
	}
	return at
}

// skip returns the index behind the value that begins at an index.
func skip(text string, at int) int {
	switch text[at] {
	case '"':
		return quoted(text, at)
	case '{', '[':
		return nested(text, at)
	}
	for at < len(text) {
		switch text[at] {
		case ',', '}', ']', ' ', '\n', '\t', '\r':
			return at
		}
		at++
	}
	return at
}

// quoted returns the index behind the string that begins at an index.
func quoted(text string, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// nested returns the index behind the object or list that begins at an index.
func nested(text string, at int) int {
	for depth := 0; ; at++ {
		switch text[at] {
		case '"':
			at = quoted(text, at) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
}
