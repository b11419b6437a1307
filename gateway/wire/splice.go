package wire

import (
	"bytes"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// includeUsage has a streamed chat tell what was used, which its last chunk does when the request asks for it. Everything else in the body
// stays as it is, byte for byte. A caller who had not asked does not get that chunk: many programs index its empty list of choices.
func (c *Call) includeUsage(d *document) error {
	if !c.Stream {
		return nil
	}
	options, err := d.object("stream_options")
	if err != nil {
		return err
	}
	at, given := d.members["stream_options"]
	switch {
	case !given:
		at.start = int64(bytes.IndexByte(d.body, '{')) + 1 // before another member: stream is one
		c.Body = splice(d.body, span{at.start, at.start}, `"stream_options":{"include_usage":true},`)
	case options == nil: // null
		c.Body = splice(d.body, at, `{"include_usage":true}`)
	default:
		switch string(options["include_usage"]) {
		case "true":
			return nil
		case "false", "null":
			c.Body = splice(d.body, memberIn(d.body, at, "include_usage"), "true")
		case "":
			text := `"include_usage":true`
			if len(options) > 0 {
				text += ","
			}
			c.Body = splice(d.body, span{at.start + 1, at.start + 1}, text)
		default:
			return wrong("stream_options.include_usage", "has to be true or false.")
		}
	}
	c.hideUsage = true
	return nil
}

// splice returns a copy of a body with a text in place of a span.
func splice(body []byte, at span, text string) []byte {
	return slices.Concat(body[:at.start], []byte(text), body[at.end:])
}

// memberIn returns where the value of a member stands that an object of the body has. The body has been read before, so nothing in it is malformed.
func memberIn(body []byte, object span, name string) span {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(body[object.start:object.end]), jsontext.AllowInvalidUTF8(true))
	if _, err := decoder.ReadToken(); err != nil {
		return object
	}
	for decoder.PeekKind() != jsontext.KindEndObject {
		token, err := decoder.ReadToken()
		if err != nil {
			return object
		}
		found := token.String() == name
		value, err := decoder.ReadValue()
		if err != nil {
			return object
		}
		if end := object.start + decoder.InputOffset(); found {
			return span{end - int64(len(value)), end}
		}
	}
	return object
}
