package wire

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
)

// Bounds of a form. Real ones have less than 40 parts.
const (
	maxParts     = 1_000
	maxFieldSize = 1 << 20
)

// form is a body of multipart/form-data, as calls about images and sound have it: texts by their names, and what its files count.
type form struct {
	fields map[string]string
	bytes  int64 // of texts
	files  int64 // bytes of files
	images int64 // files whose names say that they are pictures
}

// isForm says whether a body is a form, and returns what stands between its parts.
func isForm(header http.Header) (boundary string, is bool) {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return "", false
	}
	return parameters["boundary"], true
}

// readForm reads a form. Files are measured and not kept.
func readForm(body []byte, boundary string) (*form, error) {
	if boundary == "" {
		return nil, wrong("Content-Type", "has no boundary.")
	}
	f := &form{fields: map[string]string{}}
	reader := multipart.NewReader(bytes.NewReader(body), boundary)
	for range maxParts {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err == nil {
			err = f.add(part)
		}
		if problem, ok := errors.AsType[*Problem](err); ok {
			return nil, problem
		}
		if err != nil {
			return nil, &Problem{Status: http.StatusBadRequest, Message: "The body is no valid form: it is malformed, or ends too early."}
		}
	}
	return nil, &Problem{Status: http.StatusBadRequest, Message: "The form has more than " + number(maxParts) + " parts."}
}

// add reads one part.
func (f *form) add(part *multipart.Part) error {
	name := part.FormName()
	if part.FileName() != "" {
		if name == "model" || name == "n" {
			return wrong(name, "has to be a text, and is a file.")
		}
		size, err := io.Copy(io.Discard, part)
		if err != nil {
			return err
		}
		if strings.HasPrefix(name, "image") || name == "mask" {
			f.images++
		} else {
			f.files += size
		}
		return nil
	}
	value, err := io.ReadAll(io.LimitReader(part, maxFieldSize+1))
	if err != nil {
		return err
	}
	if len(value) > maxFieldSize {
		return wrong(clip(name, 60), "is larger than %d bytes.", maxFieldSize)
	}
	f.bytes += int64(len(name) + len(value))
	if name == "" || strings.HasSuffix(name, "[]") {
		return nil
	}
	if _, twice := f.fields[name]; twice {
		return wrong(clip(name, 60), "stands in the form twice.")
	}
	f.fields[name] = string(value)
	return nil
}

// form reads what bounds a call whose body is a form.
func (c *Call) form(f *form) error {
	if c.Model == "" { // a path that names one decides
		c.Model = f.fields["model"]
	}
	c.textBytes = f.bytes
	c.InputTokens = f.bytes + f.images*imageTokens(c.Dialect, c.Model) + templateTokens
	c.Stream = f.fields["stream"] == "true" || f.fields["stream"] == "True" || f.fields["stream"] == "1"
	if c.Kind == Transcription {
		c.InputTokens += soundTokens(f.files)
		return nil
	}
	c.InputTokens += f.files // of no kind that is known
	n, err := count("n", []byte(strings.TrimSpace(f.fields["n"])), 1, maxAnswers, false)
	if err != nil {
		return err
	}
	return c.bound(new(int64(imageOutput)), *larger(new(int64(1)), n))
}
