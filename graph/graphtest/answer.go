package graphtest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
)

// Answer is a response.
type Answer struct {
	t      testing.TB
	Status int         `json:"-"`
	Bytes  int         `json:"-"` // of the body
	Body   string      `json:"-"` // as it was sent
	Header http.Header `json:"-"`
	Data   Object
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code, Field, Reason, RequestID string
			Organizations                  []Object
			Quota                          string // of QUOTA_EXCEEDED, with
			Maximum                        int
		}
	}
}

// Must fails the test unless the answer is one error with a code, about a field.
func (r *Answer) Must(code, field string) {
	r.t.Helper()
	if len(r.Errors) != 1 || r.Errors[0].Extensions.Code != code || r.Errors[0].Extensions.Field != field {
		r.t.Fatalf("want %s about %q, got %+v with data %v", code, field, r.Errors, r.Data)
	}
}

// Get returns the value at a path in the data: names of fields and numbers of elements.
func (r *Answer) Get(path ...any) any {
	r.t.Helper()
	var value any = r.Data
	for i, step := range path {
		object, isObject := value.(Object)
		list, isList := value.([]any)
		switch step := step.(type) {
		case string:
			if !isObject {
				r.t.Fatalf("%v is %v, not an object", path[:i], value)
			}
			value = object[step]
		case int:
			if !isList || step >= len(list) {
				r.t.Fatalf("%v is %v, without an element %d", path[:i], value, step)
			}
			value = list[step]
		}
	}
	return value
}

// Text returns the string at a path in the data.
func (r *Answer) Text(path ...any) string {
	r.t.Helper()
	text, isText := r.Get(path...).(string)
	if !isText {
		r.t.Fatalf("%v is %v, not a string", path, r.Get(path...))
	}
	return text
}

// Equal fails the test unless the value at a path, as JSON, is the wanted one.
func (r *Answer) Equal(want any, path ...any) {
	r.t.Helper()
	wanted, err := json.Marshal(want)
	if err != nil {
		r.t.Fatal(err)
	}
	got, err := json.Marshal(r.Get(path...))
	if err != nil {
		r.t.Fatal(err)
	}
	if !bytes.Equal(got, wanted) {
		r.t.Fatalf("%v is %s, want %s", path, got, wanted)
	}
}
