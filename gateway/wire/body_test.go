package wire_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"bursar/gateway/wire"
	"bursar/usage"
)

// answer is an answer of an upstream.
func answer(contentType string, body io.Reader) *http.Response {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(body), ContentLength: -1}
}

const events, document = "text/event-stream; charset=utf-8", "application/json"

// pass passes an answer through a call's Body, in reads of a size, and returns what the caller got and what was seen.
func pass(t *testing.T, c *wire.Call, response *http.Response, size int) (string, wire.Seen) {
	t.Helper()
	body := c.Wrap(response)
	told := 0
	var seen wire.Seen
	body.AtEnd = func(s wire.Seen) { told, seen = told+1, s }
	var got strings.Builder
	_, err := io.CopyBuffer(struct{ io.Writer }{&got}, struct{ io.Reader }{body}, make([]byte, size))
	if err != nil {
		t.Fatal(err)
	}
	if told != 1 {
		t.Errorf("AtEnd was called %d times by the end", told)
	}
	if err := body.Close(); err != nil || told != 1 {
		t.Errorf("after Close: AtEnd was called %d times, error %v", told, err)
	}
	last := body.Seen()
	if told == 1 && (last.HasUsage != seen.HasUsage || last.Ended != seen.Ended || parts(t, last.Parts) != parts(t, seen.Parts)) {
		t.Errorf("AtEnd was told %+v, and in the end it is %+v", seen, last)
	}
	return got.String(), last
}

// parts is parts as JSON.
func parts(t *testing.T, p usage.Parts) string {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fixture is an answer in testdata: its name begins with the kind of call; .sse is a stream, .json a document.
type fixture struct{ name, path, contentType, body string }

// fixtures are all answers in testdata.
func fixtures(t *testing.T) []fixture {
	t.Helper()
	files, err := filepath.Glob("testdata/answers/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("answers in testdata: %v, error %v", files, err)
	}
	paths := map[string]string{"chat": chat, "completions": "/v1/completions", "responses": responses, "messages": messages,
		"generate": generate, "stream": "/v1beta/models/gemini-x:streamGenerateContent", "embeddings": "/v1/embeddings", "images": "/v1/images/generations",
		"speech": "/v1/audio/speech", "transcription": "/v1/audio/transcriptions"}
	var all []fixture
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		kind, _, _ := strings.Cut(name, "-")
		f := fixture{name, paths[kind], document, string(body)}
		if strings.HasSuffix(name, ".sse") {
			f.contentType = events
		}
		if f.path == "" {
			t.Fatalf("%s begins with no kind of call", name)
		}
		all = append(all, f)
	}
	return all
}

// seenOf says what is seen of an answer, in a line.
func seenOf(t *testing.T, s wire.Seen) string {
	t.Helper()
	line := fmt.Sprintf("usage %v, ended %v, failed %v, %d bytes of text", s.HasUsage, s.Ended, s.Failed, s.OutputBytes)
	if s.HasUsage {
		line += ", " + parts(t, s.Parts)
	}
	if s.Err != nil {
		line += ", " + s.Err.Error()
	}
	return line
}

// Guarantee: answers as providers send them pass byte for byte, however they are cut on the way and in whatever pieces they are read, and each time
// the same is seen in them, which is what testdata/seen.txt says.
func TestAnswers(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, f := range fixtures(t) {
		c := &wire.Call{Endpoint: wire.Match(http.MethodPost, f.path, http.Header{}), Model: "asked", N: 1}
		var first string
		for size, cut := range map[int]func(io.Reader) io.Reader{32 << 10: func(r io.Reader) io.Reader { return r }, 1: iotest.OneByteReader, 5: iotest.HalfReader, 700: iotest.DataErrReader, 64: iotest.OneByteReader} {
			got, seen := pass(t, c, answer(f.contentType, cut(strings.NewReader(f.body))), size)
			if got != f.body {
				t.Errorf("%s, read by %d: another answer:\n%s", f.name, size, got)
			}
			line := seenOf(t, seen)
			if first == "" {
				first = line
			} else if line != first {
				t.Errorf("%s, read by %d: %s, and in other pieces %s", f.name, size, line, first)
			}
		}
		fmt.Fprintf(&all, "%s: %s\n", f.name, first)
	}
	want, err := os.ReadFile("testdata/seen.txt")
	if err != nil || string(want) != all.String() {
		t.Errorf("testdata/seen.txt (error %v) is another than what is seen:\n%s", err, all.String())
	}
}

// Guarantee: a caller who had not asked for usage gets every byte but the chunk that is made because the gateway asks for it; one who had asked gets every byte.
func TestUsageChunk(t *testing.T) {
	t.Parallel()
	const (
		one   = `data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hé"}}],"usage":null}`
		two   = `data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`
		used  = `data: {"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}`
		more  = "data: {\"id\":\"c\",\ndata:  \"choices\":[],\ndata: \"usage\":{\"prompt_tokens\":3,\ndata:\"completion_tokens\":2}}"
		every = `data: {"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`
		azure = `data: {"choices":[],"prompt_filter_results":[{"prompt_index":0}]}`
		done  = `data: [DONE]`
	)
	for name, test := range map[string]struct{ events, kept []string }{
		"as OpenAI sends it":         {[]string{one, two, used, done}, []string{one, two, done}},
		"over several lines":         {[]string{one, two, more, done}, []string{one, two, done}},
		"with comments":              {[]string{": waiting", one, ": waiting\n: still\n" + two, used, ":", done}, []string{": waiting", one, ": waiting\n: still\n" + two, ":", done}},
		"nothing but usage":          {[]string{used}, nil},
		"nothing after it":           {[]string{one, used}, []string{one}},
		"in every chunk":             {[]string{every, every, two, used, done}, []string{every, every, two, done}},
		"an empty chunk of Azure":    {[]string{azure, one, two, used, done}, []string{azure, one, two, done}},
		"an error beside it":         {[]string{one, `data: {"error":{"message":"no"},"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}`}, []string{one, `data: {"error":{"message":"no"},"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}`}},
		"large events":               {[]string{one, `data: {"choices":[{"delta":{"content":"` + strings.Repeat("0123456789", 100_000) + `"}}]}`, two, used, done}, []string{one, `data: {"choices":[{"delta":{"content":"` + strings.Repeat("0123456789", 100_000) + `"}}]}`, two, done}},
		"no chunk with usage at all": {[]string{one, two, done}, []string{one, two, done}},
	} {
		for _, newline := range []string{"\n", "\r\n", "\r"} {
			t.Run(fmt.Sprintf("%s, %q", name, newline), func(t *testing.T) {
				t.Parallel()
				stream := func(events []string) string {
					if len(events) == 0 {
						return ""
					}
					return strings.ReplaceAll(strings.Join(events, "\n\n")+"\n\n", "\n", newline)
				}
				hidden := must(t, chat, `{"model":"m","stream":true}`)
				asked := must(t, chat, `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`)
				refused := must(t, chat, `{"model":"m","stream":true}`)
				refused.AskNothing()
				for _, size := range []int{1, 3, 100, 32 << 10} {
					if size < 100 && name == "large events" {
						continue
					}
					from := stream(test.events)
					got, seen := pass(t, hidden, answer(events, strings.NewReader(from)), size)
					if got != stream(test.kept) {
						t.Errorf("read by %d, the caller gets %q, want %q", size, got, stream(test.kept))
					}
					if has := strings.Contains(from, "completion_tokens"); seen.HasUsage != has || has && (seen.Parts.InputTokens != 3 || seen.Parts.OutputTokens != 2) {
						t.Errorf("seen %+v", seen)
					}
					for _, c := range []*wire.Call{asked, refused} {
						if got, _ := pass(t, c, answer(events, strings.NewReader(from)), size); got != from {
							t.Errorf("read by %d, who had asked gets %q, want %q", size, got, from)
						}
					}
					// without the last empty line, as when an upstream leaves early
					cut := strings.TrimRight(from, "\r\n")
					want := strings.TrimRight(stream(test.kept), "\r\n")
					if got, _ := pass(t, hidden, answer(events, strings.NewReader(cut)), size); strings.TrimRight(got, "\r\n") != want {
						t.Errorf("read by %d without its end, the caller gets %q, want %q", size, got, want)
					}
				}
			})
		}
	}
}

// pieces is a source that gives one piece for each read, and counts reads.
type pieces struct {
	left  []string
	reads int
}

// Read gives the next piece.
func (s *pieces) Read(p []byte) (int, error) {
	s.reads++
	if len(s.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.left[0])
	if s.left[0] = s.left[0][n:]; s.left[0] == "" {
		s.left = s.left[1:]
	}
	return n, nil
}

// Guarantee: an event is handed on with the read that completes it; nothing waits for what comes after it. What is not hidden is handed on with each read.
func TestNothingWaits(t *testing.T) {
	t.Parallel()
	event := func(i int) string {
		return fmt.Sprintf("data: {\"choices\":[{\"delta\":{\"content\":\"%d\"}}]}\n\n", i)
	}
	for name, body := range map[string]string{"hidden": `{"model":"m","stream":true}`, "asked": `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`} {
		source := &pieces{left: []string{event(0), event(1) + event(2), event(3)[:9], event(3)[9:]}}
		b := must(t, chat, body).Wrap(answer(events, source))
		p := make([]byte, 4096)
		for i, want := range []string{event(0), event(1) + event(2)} {
			n, err := b.Read(p)
			if string(p[:n]) != want || err != nil || source.reads != i+1 {
				t.Errorf("%s: after %d reads of the source the caller has %q, error %v", name, source.reads, p[:n], err)
			}
		}
		n, err := b.Read(p)
		if err != nil || name == "hidden" && string(p[:n]) != event(3) || name == "asked" && string(p[:n]) != event(3)[:9] {
			t.Errorf("%s: the caller has %q, error %v", name, p[:n], err)
		}
	}
}

// Guarantee: what an answer costs is known before the caller has its last byte.
func TestAtEndComesFirst(t *testing.T) {
	t.Parallel()
	for _, f := range fixtures(t) {
		b := (&wire.Call{Endpoint: wire.Match(http.MethodPost, f.path, http.Header{}), N: 1}).Wrap(answer(f.contentType, iotest.OneByteReader(strings.NewReader(f.body))))
		told := false
		b.AtEnd = func(wire.Seen) { told = true }
		for p := make([]byte, 1); ; {
			_, err := b.Read(p)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if !told {
			t.Errorf("%s: AtEnd was not called before io.EOF", f.name)
		}
	}
}

// Guarantee: usage that is nonsense, or is not there, is told and never counted; the answer passes all the same.
func TestNonsense(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ path, contentType, body, says string }{
		"negative":         {chat, document, `{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":1}}`, "negative"},
		"huge":             {chat, document, `{"choices":[],"usage":{"prompt_tokens":1e30,"completion_tokens":1}}`, "more than"},
		"more cached":      {chat, events, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"prompt_tokens_details\":{\"cached_tokens\":2}}}\n\ndata: [DONE]\n\n", "is more than inputTokens"},
		"a text":           {messages, document, `{"usage":{"input_tokens":"5","output_tokens":1}}`, "no number"},
		"half":             {messages, document, `{"usage":{"input_tokens":5,`, ""},
		"no object":        {chat, events, "data: {\"choices\":[],\"usage\":{\"prompt_tokens\n\n", "no JSON object"},
		"HTML":             {chat, "text/html", `<html>{"usage":{"prompt_tokens":1,"completion_tokens":1}}`, "text/html"},
		"a broken type":    {chat, ";;", `{}`, "Content-Type"},
		"text":             {chat, document, `not JSON`, ""},
		"nothing":          {chat, document, ``, ""},
		"too deep":         {chat, document, `{"a":` + strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100) + `,"usage":{"prompt_tokens":1,"completion_tokens":1}}`, "too large"},
		"too much":         {chat, document, `{"a":[` + strings.Repeat(`{"b":1},`, 200_000) + `{}],"usage":{"prompt_tokens":1,"completion_tokens":1}}`, "too large"},
		"only closed":      {generate, document, `]}]},,}`, ""},
		"an unknown event": {responses, events, "data: {\"type\":\"response.completed\",\"response\":{\"usage\":7}}\n\n", ""},
		"an iteration":     {messages, events, "data: {\"type\":\"message_delta\",\"usage\":[]}\n\n", "cannot unmarshal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &wire.Call{Endpoint: wire.Match(http.MethodPost, test.path, http.Header{}), N: 1}
			got, seen := pass(t, c, answer(test.contentType, strings.NewReader(test.body)), 4096)
			if got != test.body {
				t.Errorf("another answer: %.200q", got)
			}
			if seen.HasUsage || (seen.Err == nil) != (test.says == "") || seen.Err != nil && !strings.Contains(seen.Err.Error(), test.says) {
				t.Errorf("seen %+v, want an error that says %q", seen, test.says)
			}
		})
	}
}

// Guarantee: an event that is too large to be read is told of if it had the usage, and does no harm if it had not.
func TestLargeEvent(t *testing.T) {
	t.Parallel()
	large := strings.Repeat(`{"b":1},`, 200_000) + "{}"
	const start = "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n"
	const end = "data: {\"type\":\"message_stop\"}\n\n"
	for name, test := range map[string]struct {
		middle string
		says   string
	}{
		"without usage": {"data: {\"type\":\"content_block_delta\",\"a\":[" + large + "]}\n\n", ""},
		"with usage":    {"data: {\"type\":\"message_delta\",\"a\":[" + large + "],\"usage\":{\"output_tokens\":9}}\n\n", "too large"},
	} {
		c := &wire.Call{Endpoint: wire.Match(http.MethodPost, messages, http.Header{}), N: 1}
		_, seen := pass(t, c, answer(events, strings.NewReader(start+test.middle+end)), 4096)
		if !seen.HasUsage || !seen.Ended || seen.Parts.InputTokens != 5 || (seen.Err == nil) != (test.says == "") || seen.Err != nil && !strings.Contains(seen.Err.Error(), test.says) {
			t.Errorf("%s: seen %+v", name, seen)
		}
	}
}

// Guarantee: an answer that is compressed although it should not be is read, and reaches the caller decompressed and without the header; an encoding
// that is not known passes as it is, and is told.
func TestCompressed(t *testing.T) {
	t.Parallel()
	const body = `{"model":"m","choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}`
	var zipped, deflated bytes.Buffer
	for _, w := range []io.WriteCloser{gzip.NewWriter(&zipped), zlib.NewWriter(&deflated)} {
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c := must(t, chat, `{"model":"m"}`)
	for encoding, data := range map[string][]byte{"gzip": zipped.Bytes(), "deflate": deflated.Bytes(), "br": []byte("?")} {
		response := answer(document, bytes.NewReader(data))
		response.Header.Set("Content-Encoding", encoding)
		response.Header.Set("Content-Length", "5")
		got, seen := pass(t, c, response, 7)
		if encoding == "br" {
			if got != "?" || seen.HasUsage || seen.Err == nil || response.Header.Get("Content-Encoding") != "br" {
				t.Errorf("br: %q, %+v, %v", got, seen, response.Header)
			}
			continue
		}
		if got != body || seen.Parts.OutputTokens != 2 || response.Header.Get("Content-Encoding") != "" || response.Header.Get("Content-Length") != "" {
			t.Errorf("%s: %q, %+v, %v", encoding, got, seen, response.Header)
		}
	}
	response := answer(document, strings.NewReader("no gzip"))
	response.Header.Set("Content-Encoding", "gzip")
	if _, err := io.ReadAll(c.Wrap(response)); err == nil {
		t.Error("what is no gzip is read")
	}
	header := http.Header{"Accept-Encoding": {"gzip, br"}}
	if wire.Encoding(header); header.Get("Accept-Encoding") != "identity" {
		t.Errorf("the upstream is asked for %v", header)
	}
}
