package usage

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// What follows reads JSON that was checked before: it finds no error in it, and makes no copies but of what it returns. encoding/json takes four times as many
// allocations for an answer, which every call has.

// fieldsOf returns the fields of an object as they stand; of a name that is there twice, the last. The bytes are valid JSON that begins with a brace.
func fieldsOf(data []byte) map[string]json.RawMessage {
	fields := make(map[string]json.RawMessage, 8)
	eachField(data, func(name string, value []byte) { fields[name] = value })
	return fields
}

// eachField calls a function with each field of an object.
func eachField(data []byte, do func(name string, value []byte)) {
	at := 1 + spaces(data[1:])
	for data[at] != '}' {
		quoted := textBytes(data[at:])
		name := textOf(data[at : at+quoted])
		at += quoted
		at += spaces(data[at:]) + len(":")
		at += spaces(data[at:])
		length := valueBytes(data[at:])
		do(name, data[at:at+length])
		at += length
		at = next(data, at)
	}
}

// next returns where the next field or value begins, or the bracket that ends them, after one that ends at a place.
func next(data []byte, at int) int {
	at += spaces(data[at:])
	if data[at] == ',' {
		at++
		at += spaces(data[at:])
	}
	return at
}

// valueOf returns a value as encoding/json decodes it into an any, with its numbers as json.Number.
func valueOf(data []byte) any {
	switch data[0] {
	case '{':
		of := object{}
		eachField(data, func(name string, value []byte) { of[name] = valueOf(value) })
		return of
	case '[':
		values := []any{}
		at := 1 + spaces(data[1:])
		for data[at] != ']' {
			length := valueBytes(data[at:])
			values = append(values, valueOf(data[at:at+length]))
			at = next(data, at+length)
		}
		return values
	case '"':
		return textOf(data)
	case 't':
		return true
	case 'f':
		return false
	case 'n':
		return nil
	}
	return json.Number(data)
}

// valueBytes returns how many bytes the value has that data begin with.
func valueBytes(data []byte) int {
	switch data[0] {
	case '"':
		return textBytes(data)
	case '{', '[':
		depth := 0
		for at := 0; ; at++ {
			switch data[at] {
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return at + 1
				}
			case '"':
				at += textBytes(data[at:]) - 1
			}
		}
	}
	if end := bytes.IndexAny(data, ",]} \t\r\n"); end >= 0 {
		return end
	}
	return len(data)
}

// textBytes returns how many bytes the text has that data begin with, with its quotes.
func textBytes(data []byte) int {
	for at := 1; ; at++ {
		switch data[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
}

// textOf returns what a quoted text says.
func textOf(quoted []byte) (text string) {
	plain := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(plain, '\\') < 0 && utf8.Valid(plain) {
		return string(plain)
	}
	_ = json.Unmarshal(quoted, &text) // it is valid
	return text
}

// spaces returns how many blanks data begin with.
func spaces(data []byte) (number int) {
	for number < len(data) && (data[number] == ' ' || data[number] == '\t' || data[number] == '\r' || data[number] == '\n') {
		number++
	}
	return number
}
