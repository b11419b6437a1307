package rawjson_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"bursar/graph/rawjson"
)

// Of any JSON, the members and elements that are walked through decode to what encoding/json decodes of the whole; what is refused is no object
// and no list, or has a name that is escaped or is no UTF-8.
func FuzzWalk(f *testing.F) {
	for _, seed := range []string{`{}`, ` { "a" : 1 , "b":[ ] } `, `[1, "a\"b", {"c":"}"}, [[]], null, -1.5e3 ]`, `"text"`, `{"a\u0062":1}`, `{"a":1,"a":2}`,
		`{"":"\\"}`, "[\"\\ud800\", \"\xff\"]", `true`, `["\\\\", "]"]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var whole any
		if json.Unmarshal([]byte(text), &whole) != nil {
			return
		}
		decoded := func(value string) (v any) {
			t.Helper()
			if err := json.Unmarshal([]byte(value), &v); err != nil {
				t.Fatalf("%q of %q: %v", value, text, err)
			}
			if s, isText := rawjson.Text(value); isText != (reflect.ValueOf(v).Kind() == reflect.String) || isText && s != v {
				t.Fatalf("%q is %q (%v), want %v", value, s, isText, v)
			}
			return v
		}
		object := map[string]any{}
		if rawjson.Members(text, func(name, value string) bool { object[name] = decoded(value); return true }) && !reflect.DeepEqual(object, whole) {
			t.Fatalf("%q has the members %v, want %v", text, object, whole)
		}
		list := []any{}
		isList := rawjson.Elements(text, func(value string) bool { list = append(list, decoded(value)); return true })
		if _, is := whole.([]any); is != isList || isList && !reflect.DeepEqual(any(list), whole) {
			t.Fatalf("%q has the elements %v, want %v", text, list, whole)
		}
	})
}
