package wire

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// walk reads a body token by token, and counts. It goes once over the body and keeps no copy of it.
type walk struct {
	*document
	decoder *jsontext.Decoder
}

// node is what an object of a body says about media in it.
type node struct {
	kind   string // type
	mime   string // media_type, mimeType, mime_type or format
	role   bool
	id     bool            // whether it has an id
	length map[string]text // texts that may be media, by their names
	source *node           // the object in source, of Anthropic
}

// text is what has to be known of a text that may be media.
type text struct {
	length int64  // bytes of UTF-8
	head   string // its first bytes
}

// opaque says whether values of a name are whatever a tool or a schema wants them to be, so that nothing in them is media.
func opaque(name string) bool {
	switch name {
	case "input", "args", "arguments", "response", "input_schema", "parameters", "parametersJsonSchema", "parameters_json_schema", "schema",
		"responseSchema", "response_schema", "responseJsonSchema", "response_json_schema", "metadata":
		return true
	}
	return false
}

// suspect says whether a text of a name may be media.
func suspect(name string) bool {
	switch name {
	case "data", "url", "image_url", "file_data", "file_url", "file_id", "fileUri", "file_uri", "video_url":
		return true
	}
	return false
}

// value reads the value that comes next, which stands under a name, or in an array that does. In an opaque one everything is text.
func (w *walk) value(name string, inside bool) (*node, error) {
	if w.decoder.StackDepth() > maxDepth {
		return nil, &Problem{Status: http.StatusBadRequest, Message: "The body is nested more than " + number(maxDepth) + " levels deep."}
	}
	switch w.decoder.PeekKind() {
	case jsontext.KindBeginObject:
		return w.object(name, inside)
	case jsontext.KindBeginArray:
		return nil, w.array(name, inside)
	}
	raw, err := w.decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	w.textBytes += decodedLength(raw)
	return nil, nil
}

// array reads an array.
func (w *walk) array(name string, inside bool) error {
	if _, err := w.decoder.ReadToken(); err != nil {
		return err
	}
	outermostInput := name == "input" && w.decoder.StackDepth() == 2
	for w.decoder.PeekKind() != jsontext.KindEndArray {
		n, err := w.value(name, inside)
		if err != nil {
			return err
		}
		w.textBytes++
		if outermostInput && n != nil && n.kind == "" && !n.role && n.id {
			w.refer("input: an item by its id")
		}
	}
	_, err := w.decoder.ReadToken()
	return err
}

// object reads an object, and counts the media in it once it is known what they are.
func (w *walk) object(name string, inside bool) (*node, error) {
	if _, err := w.decoder.ReadToken(); err != nil {
		return nil, err
	}
	depth := w.decoder.StackDepth()
	n := &node{}
	for w.decoder.PeekKind() != jsontext.KindEndObject {
		token, err := w.decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		member := token.String()
		w.textBytes += int64(len(member)) + 1
		if err := w.member(n, member, inside || depth > 1 && opaque(member), depth); err != nil {
			return nil, err
		}
	}
	if _, err := w.decoder.ReadToken(); err != nil {
		return nil, err
	}
	if !inside {
		w.media(name, n)
	}
	return n, nil
}

// member reads the value of an object's member.
func (w *walk) member(n *node, name string, inside bool, depth int) error {
	if w.decoder.PeekKind() != jsontext.KindString {
		start := w.decoder.InputOffset()
		child, err := w.value(name, inside)
		if err != nil {
			return err
		}
		if name == "source" && child != nil {
			n.source = child
		}
		w.place(depth, name, start)
		return nil
	}
	raw, err := w.decoder.ReadValue()
	if err != nil {
		return err
	}
	if depth == 1 {
		end := w.decoder.InputOffset()
		w.members[name] = span{end - int64(len(raw)), end}
	}
	length := decodedLength(raw)
	if !inside && depth > 1 && suspect(name) {
		if n.length == nil {
			n.length = map[string]text{}
		}
		n.length[name] = text{length, head(raw)}
		return nil
	}
	w.textBytes += length
	n.note(name, raw)
	return nil
}

// place keeps where an outermost member that is no text stands.
func (w *walk) place(depth int, name string, after int64) {
	if depth != 1 {
		return
	}
	end := w.decoder.InputOffset()
	start := after + int64(bytes.IndexFunc(w.body[after:end], func(r rune) bool { return !strings.ContainsRune(" \t\r\n:", r) }))
	w.members[name] = span{start, end}
}

// note keeps what a short text says about the media beside it.
func (n *node) note(name string, raw jsontext.Value) {
	if len(raw) > 100 {
		return
	}
	switch name {
	case "type":
		n.kind = unquote(raw)
	case "media_type", "mimeType", "mime_type", "format":
		n.mime = strings.ToLower(unquote(raw))
	case "role":
		n.role = true
	case "id":
		n.id = true
	}
}

// unquote returns a text as it is meant.
func unquote(raw jsontext.Value) string {
	plain, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return "" // half a character; the reader of the body has found nothing else wrong
	}
	return string(plain)
}

// head returns the first bytes of a text, which tell a data URL and its type; empty for one that is escaped there.
func head(raw jsontext.Value) string {
	first := raw[1:min(len(raw)-1, 100)]
	if bytes.IndexByte(first, '\\') >= 0 {
		return strings.ReplaceAll(unquote(raw[:min(len(raw), 1<<20)]), `\/`, "/")
	}
	return string(first)
}

// decodedLength returns how many bytes a text, a number or a literal is in UTF-8; at least that many for halves of a character.
func decodedLength(raw jsontext.Value) int64 {
	length := int64(len(raw))
	if length == 0 || raw[0] != '"' {
		return length
	}
	length -= 2
	for rest := raw[1:]; ; {
		at := bytes.IndexByte(rest, '\\')
		if at < 0 {
			return length
		}
		if rest[at+1] != 'u' {
			length--
			rest = rest[at+2:]
			continue
		}
		length -= 3 // six bytes that stand for three at most, or for two of four together
		rest = rest[at+6:]
	}
}
