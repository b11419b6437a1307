package wire_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/iotest"

	"bursar/gateway/wire"
	"bursar/usage"
)

// paths are paths of all kinds of calls.
func paths() []string {
	return []string{chat, "/v1/completions", responses, "/v1/embeddings", "/v1/images/generations", "/v1/audio/speech", "/v1/audio/transcriptions", messages,
		generate, "/v1beta/models/m:streamGenerateContent", "/v1beta/models/m:embedContent", "/v1/other", "/v1/moderations"}
}

// Guarantee: whatever a caller sends, reading it does not fail hard. What is accepted is valid JSON of which another reader reads the same model and bounds; its bounds
// are no negative numbers; and what goes upstream is valid and, but for stream_options, the caller's.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		`{"model":"m","stream":true,"stream_options":{"include_usage":false},"max_tokens":5,"n":2,"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]}`,
		`{"model":"m","max_output_tokens":5,"input":[{"type":"item_reference","id":"i"},{"role":"user","content":[{"type":"input_file","file_data":"data:application/pdf;base64,AA"}]}],"tools":[{"type":"web_search"}]}`,
		`{"model":"m","max_tokens":1e2,"system":"\ud83d","context_management":{"edits":[{"type":"x"}]},"messages":[{"content":[{"type":"document","source":{"type":"url","url":"u"}}]}]}`,
		`{"generationConfig":{"maxOutputTokens":"5","candidateCount":2},"tools":[{"googleSearch":{}}],"contents":[{"parts":[{"inlineData":{"data":"A","mimeType":"audio/wav"}}]}]}`,
		`{"model":"m","prompt":["a",[1]],"best_of":3,"input":"\u00e9\\"}`,
		`{"stream":true,"model":"m"}`, `{"a":[[[[{}]]]]}`, "{\"model\":\"\xff\"}", ``, `null`,
	} {
		for i := range paths() {
			f.Add(byte(i), []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, which byte, body []byte) {
		path := paths()[int(which)%len(paths())]
		e := wire.Match(http.MethodPost, path, http.Header{})
		sent := bytes.Clone(body)
		c, err := wire.Parse(e, http.Header{}, body)
		if !bytes.Equal(body, sent) {
			t.Fatal("the caller's body is changed")
		}
		if err != nil {
			if _, ok := err.(*wire.Problem); !ok || c != nil { //nolint:errorlint // exactly this type
				t.Fatalf("call %+v, error %T", c, err)
			}
			return
		}
		if c.InputTokens < 0 || c.N < 1 || c.MaxOutputTokens != nil && (*c.MaxOutputTokens < 0 || *c.MaxOutputTokens > usage.MaxQuantity) {
			t.Fatalf("bounds %+v", c)
		}
		if e.Kind == wire.Other || e.Kind == wire.Free {
			return
		}
		same(t, c, body)
	})
}

// same fails the test when encoding/json reads something else in a body.
func same(t *testing.T, c *wire.Call, body []byte) {
	t.Helper()
	var read, upstream map[string]any
	if err := json.Unmarshal(body, &read); err != nil {
		t.Fatalf("accepted, and no JSON object: %v", err)
	}
	if err := json.Unmarshal(c.Body, &upstream); err != nil {
		t.Fatalf("upstream goes what is no JSON object: %v", err)
	}
	if c.Endpoint.Model == "" && read["model"] != c.Model {
		t.Fatalf("the model is %q, and %v elsewhere", c.Model, read["model"])
	}
	if most, ok := read["max_tokens"].(float64); ok && c.Kind == wire.Messages && (c.MaxOutputTokens == nil || float64(*c.MaxOutputTokens) != most) {
		t.Fatalf("max_tokens is %v, and %v elsewhere", c.MaxOutputTokens, most)
	}
	if c.Stream && (c.Kind == wire.Chat || c.Kind == wire.Completions) && at(upstream, "stream_options", "include_usage") != true {
		t.Fatalf("usage is not asked for: %s", c.Body)
	}
	if options, ok := upstream["stream_options"].(map[string]any); ok {
		delete(options, "include_usage")
	}
	if options, ok := read["stream_options"].(map[string]any); ok {
		delete(options, "include_usage")
	}
	if len(object(read["stream_options"])) == 0 {
		delete(read, "stream_options")
	}
	if len(object(upstream["stream_options"])) == 0 {
		delete(upstream, "stream_options")
	}
	if is, want := encoded(t, upstream), encoded(t, read); is != want {
		t.Fatalf("upstream goes %s, want %s", is, want)
	}
}

// object is a value as an object; nil when it is none.
func object(value any) map[string]any {
	of, _ := value.(map[string]any)
	return of
}

// encoded is a value as JSON.
func encoded(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Guarantee: whatever a provider answers, it passes byte for byte, and reading it in other pieces sees the same; what is seen is what package usage reads in the
// whole document; and where the chunk with the usage is taken out, nothing is but events that have it.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		"data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
		"event: message_start\r\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}}\r\n\r\n: c\r\r\ndata\ndata:x\n",
		"\xEF\xBB\xBFdata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":2},\"output\":[{\"type\":\"web_search_call\"}]}}\n\n",
		`[{"usageMetadata":{"promptTokenCount":1},"candidates":[{"finishReason":"STOP"}]},{"a":[1,2,3,4,5,6,7,8,9,10,[11]]}]`,
		`{"model":"m","usage":{"prompt_tokens":1,"completion_tokens":2},"choices":[{"message":{"content":"\ud83d\ude00\n\""}}]}`,
		`{"data":[{"embedding":[0.1,-1e5,3,4,5,6,7,8,9,10]},{}],"usage":{"prompt_tokens":1,"total_tokens":1,"input_tokens":1,"output_tokens":3}}`,
	} {
		for i := range paths() {
			f.Add(byte(i), true, 5, body)
			f.Add(byte(i), false, 1, body)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, stream bool, size int, body string) {
		size = min(max(size, 1), 1<<16)
		e := wire.Match(http.MethodPost, paths()[int(which)%len(paths())], http.Header{})
		contentType := document
		if stream {
			contentType = events
		}
		c := &wire.Call{Endpoint: e, Model: "asked", N: 1}
		got, seen := pass(t, c, answer(contentType, strings.NewReader(body)), size)
		slow, again := pass(t, c, answer(contentType, iotest.OneByteReader(strings.NewReader(body))), 3)
		if got != body || slow != body {
			t.Fatalf("passes as %q and %q", got, slow)
		}
		if is, was := seenOf(t, again), seenOf(t, seen); is != was {
			t.Fatalf("seen %s, and in other pieces %s", is, was)
		}
		if !stream && e.Kind != wire.Speech {
			whole(t, c, body, seen)
		}
		if stream && e.Kind == wire.Chat {
			hidden(t, body, size)
		}
	})
}

// whole fails the test when package usage reads something else in a document.
func whole(t *testing.T, c *wire.Call, body string, seen wire.Seen) {
	t.Helper()
	if len(c.Flavor) == 0 || !json.Valid([]byte(body)) || strings.Count(body, "[")+strings.Count(body, "{") > 60 || c.Endpoint.Stream {
		return
	}
	want, err := usage.Read(c.Flavor, []byte(body))
	if (err == nil) != seen.HasUsage {
		t.Fatalf("seen %+v, and package usage says %v", seen, err)
	}
	if len(want.Model) > 100 || err != nil {
		return
	}
	if want.Model == "" {
		want.Model = c.Model
	}
	if is, should := parts(t, seen.Parts), parts(t, want); is != should {
		t.Fatalf("seen %s, want %s", is, should)
	}
}

// hidden fails the test when more is taken out than events that have usage, or when it depends on how the stream is cut.
func hidden(t *testing.T, body string, size int) {
	t.Helper()
	c, err := wire.Parse(wire.Match(http.MethodPost, chat, http.Header{}), http.Header{}, []byte(`{"model":"m","stream":true}`))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := pass(t, c, answer(events, strings.NewReader(body)), size)
	slow, _ := pass(t, c, answer(events, iotest.OneByteReader(strings.NewReader(body))), 1)
	if got != slow {
		t.Fatalf("passes as %q, and in other pieces as %q", got, slow)
	}
	rest := body
	for i := range len(got) { // what is left is in the order in which it came
		at := strings.IndexByte(rest, got[i])
		if at < 0 {
			t.Fatalf("%q passes as %q", body, got)
		}
		rest = rest[at+1:]
	}
	if !strings.Contains(body, "usage") && !strings.Contains(body, `\u`) && got != body {
		t.Fatalf("%q, which has no usage, passes as %q", body, got)
	}
}

// Guarantee: whatever form a caller sends, reading it does not fail hard, and its bounds are no negative numbers.
func FuzzForm(f *testing.F) {
	f.Add("b", "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--b--\r\n")
	f.Add("b", "--b\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n9\r\n--b--")
	f.Fuzz(func(t *testing.T, boundary, body string) {
		header := http.Header{"Content-Type": {"multipart/form-data; boundary=" + boundary}}
		for _, path := range []string{"/v1/audio/transcriptions", "/v1/images/edits"} {
			c, err := wire.Parse(wire.Match(http.MethodPost, path, header), header, []byte(body))
			if err == nil && (c.Model == "" || c.InputTokens < 0 || c.N < 1 || c.MaxOutputTokens != nil && *c.MaxOutputTokens < 0) {
				t.Fatalf("call %+v", c)
			}
		}
	})
}

// Guarantee: whatever path and headers a request has, it is some call; no key of Bursar stays in its headers, and an error repeats none.
func FuzzRequest(f *testing.F) {
	f.Add("POST", "/v1/chat/completions", "Bearer bsr_a", "bsr_b", "key=bsr_c")
	f.Add("GET", "//..//v1beta/models/a:b:c", "Basic bsr_a", "", "")
	f.Fuzz(func(t *testing.T, method, path, authorization, key, query string) {
		header := http.Header{"Authorization": {authorization}, "X-Api-Key": {key}}
		if e := wire.Match(method, path, header); e.Kind == "" || e.Dialect == "" || !strings.HasPrefix(e.Path, "/") || e.Operation() == "" {
			t.Fatalf("%q is %+v", path, e)
		}
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		secret, err := wire.TakeKey(header, values)
		if (err == nil) != (secret != "") || len(header) != 0 {
			t.Fatalf("key %q, error %v, headers %v", secret, err, header)
		}
		if err != nil && strings.Contains(err.Error(), "bsr_") {
			t.Fatalf("error %v", err)
		}
	})
}

var _ io.Reader = (*wire.Body)(nil)
