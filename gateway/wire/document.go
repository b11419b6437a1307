package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deep the objects and arrays of a body may be nested. Real ones have less than 40.
const maxDepth = 128

// span is where a value stands in a body.
type span struct{ start, end int64 }

// document is a request's body of JSON, read once: where its outermost members stand, and what in it is tokens.
type document struct {
	body      []byte
	members   map[string]span
	textBytes int64   // of names, texts, numbers and signs, without space between them and without media
	tokens    int64   // that media count at most
	images    int64   // pictures among them
	imageMost int64   // tokens that a picture counts at most
	reference string  // what the body refers to, and whose size only the provider knows; empty when nothing
	dialect   Dialect // whose forms of media are looked for
}

// read reads a body. What is no JSON object, is nested too deeply or has a name twice is a Problem: readers of JSON differ in which of two
// members they take, so a bound could be one thing here and another at the provider.
func read(body []byte, dialect Dialect, model string) (*document, error) {
	d := &document{body: body, members: map[string]span{}, dialect: dialect, imageMost: imageTokens(dialect, model)}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true)) // some clients cut texts within a character
	if kind := decoder.PeekKind(); kind != jsontext.KindBeginObject && kind != jsontext.KindInvalid {
		return nil, &Problem{Status: http.StatusBadRequest, Message: "The body is no JSON object."}
	}
	w := walk{document: d, decoder: decoder}
	if _, err := w.value("", false); err != nil {
		return nil, malformed(err)
	}
	if err := d.trailing(decoder.InputOffset()); err != nil {
		return nil, err
	}
	return d, d.foldedTwice()
}

// trailing refuses a body that goes on after its object.
func (d *document) trailing(end int64) error {
	if len(bytes.TrimLeft(d.body[end:], " \t\r\n")) > 0 {
		return &Problem{Status: http.StatusBadRequest, Message: "The body has something after its JSON object."}
	}
	return nil
}

// foldedTwice refuses outermost names that differ in case alone: some readers of JSON take one for the other.
func (d *document) foldedTwice() error {
	folded := make(map[string]string, len(d.members))
	for name := range d.members {
		lower := strings.ToLower(name)
		if other, twice := folded[lower]; twice {
			return wrong(max(name, other), "stands in the body twice, as %q and %q.", min(name, other), max(name, other))
		}
		folded[lower] = name
	}
	return nil
}

// malformed makes a Problem of what the reader of JSON says.
func malformed(err error) error {
	if problem, ok := errors.AsType[*Problem](err); ok {
		return problem
	}
	syntax, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case !ok, errors.Is(syntax.Err, io.ErrUnexpectedEOF):
		return &Problem{Status: http.StatusBadRequest, Message: "The body is no valid JSON: it ends too early."}
	case errors.Is(syntax.Err, jsontext.ErrDuplicateName):
		return wrong(dotted(syntax.JSONPointer), "stands in the body twice.")
	}
	problem := &Problem{Status: http.StatusBadRequest, Field: dotted(syntax.JSONPointer)}
	problem.Message = "The body is no valid JSON, at byte " + number(syntax.ByteOffset) + ": " + syntax.Err.Error() + "."
	return problem
}

// dotted is a JSON pointer in dots, at most 200 characters.
func dotted(pointer jsontext.Pointer) string {
	var path []string
	for token := range pointer.Tokens() {
		path = append(path, token)
	}
	return clip(strings.Join(path, "."), 200)
}

// clip cuts a text that is too long to be repeated.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// raw returns an outermost member as it stands; nil when it is missing or null.
func (d *document) raw(name string) json.RawMessage {
	at, ok := d.members[name]
	if !ok || bytes.Equal(d.body[at.start:at.end], []byte("null")) {
		return nil
	}
	return d.body[at.start:at.end]
}

// text returns a member that is a text; empty when it is missing.
func (d *document) text(name string) (string, error) {
	raw := d.raw(name)
	if raw == nil {
		return "", nil
	}
	var text string
	if raw[0] != '"' || json.Unmarshal(raw, &text) != nil {
		return "", wrong(name, "has to be a text.")
	}
	return text, nil
}

// flag returns a member that is true or false; false when it is missing.
func (d *document) flag(name string) (bool, error) {
	switch raw := d.raw(name); string(raw) {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, wrong(name, "has to be true or false.")
}

// object returns the members of a member that is an object; nil when it is missing.
func (d *document) object(name string) (map[string]json.RawMessage, error) {
	raw := d.raw(name)
	if raw == nil {
		return nil, nil
	}
	var object map[string]json.RawMessage
	if raw[0] != '{' || json.Unmarshal(raw, &object) != nil {
		return nil, wrong(name, "has to be an object.")
	}
	return object, nil
}

// list returns the elements of a member that is an array; nil when it is missing or another kind of value.
func (d *document) list(name string) []json.RawMessage {
	var list []json.RawMessage
	if raw := d.raw(name); raw == nil || raw[0] != '[' || json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

// given says whether a member says anything: it is neither missing nor null, false, "", [] or {}.
func (d *document) given(name string) bool {
	switch raw := d.raw(name); string(bytes.Map(withoutSpace, raw)) {
	case "", "false", `""`, "[]", "{}":
		return false
	}
	return true
}

// withoutSpace drops JSON's white space.
func withoutSpace(r rune) rune {
	switch r {
	case ' ', '\t', '\r', '\n':
		return -1
	}
	return r
}
