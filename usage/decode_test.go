package usage

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// Guarantee: an object is read as encoding/json reads it, whatever stands in it; what is no object is refused with its words.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{}`, ` { "a" : [ ] , "b":{"c":[1,-2.50e+3 , true,false,null,"x"]}, "a":{"d":1} } `, `{"a\u0062":"\ud83d\ude00 \\\" }]","é":"\ud800"}`, "{\"\xff\":\"\xfe\"}",
		`{"a":"]}","b":[[[{}],{}],"\\"]}`, `[1]`, `null`, `{"a":1`, `{"a":01}`, "{\"a\"\n:\t1\r}", ``,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var want map[string]any
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		_ = decoder.Decode(&want)
		a, err := open(body)
		if valid := json.Unmarshal(body, new(map[string]json.RawMessage)); (err == nil) != (valid == nil) {
			t.Fatalf("open: %v, and encoding/json: %v", err, valid)
		}
		if err != nil {
			return
		}
		got := map[string]any{}
		for name := range a.fields {
			got[name] = a.field(name)
		}
		if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, want %v", body, got, want)
		}
	})
}
