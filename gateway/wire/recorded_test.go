package wire_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"bursar/gateway/wire"
)

// recorded is a request as a client has sent it.
type recorded struct {
	Client, Method, URL string
	Header              map[string]string
	Body                string
	Base64              []byte // in place of the body, where that is not UTF-8
}

// Guarantee: the requests that clients really send are taken for what they are: their key is found, their model and their bounds are read, none is refused.
// testdata/parsed.txt says what of each.
func TestRecordedRequests(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/requests.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all strings.Builder
	lines := bufio.NewScanner(file)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		var r recorded
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		all.WriteString(r.line(t) + "\n")
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/parsed.txt")
	if err != nil || string(want) != all.String() {
		t.Errorf("testdata/parsed.txt (error %v) is another than what is read:\n%s", err, all.String())
	}
}

// line reads a request and says what it is.
func (r *recorded) line(t *testing.T) string {
	t.Helper()
	header := http.Header{}
	for name, value := range r.Header {
		header.Set(name, value)
	}
	to, err := url.Parse(r.URL)
	if err != nil {
		t.Fatal(err)
	}
	body := r.Base64
	if body == nil {
		body = []byte(r.Body)
	}
	e := wire.Match(r.Method, to.Path, header)
	key, err := wire.TakeKey(header, to.Query())
	if err != nil || key != "bsr_example" {
		t.Errorf("%s %s: key %q, error %v", r.Client, r.URL, key, err)
	}
	for name, value := range header {
		if strings.Contains(strings.Join(value, ""), "bsr_") {
			t.Errorf("%s %s: %s is left: %v", r.Client, r.URL, name, value)
		}
	}
	line := fmt.Sprintf("%s: %s %s: %s %s", r.Client, r.Method, r.URL, e.Dialect, e.Kind)
	if e.Kind == wire.Free {
		return line
	}
	c, err := wire.Parse(e, header, body)
	if err != nil {
		t.Errorf("%s %s: %v", r.Client, r.URL, err)
		return line
	}
	line += fmt.Sprintf(" of %s, %d bytes, at most %d tokens in", c.Model, c.InputBytes, c.InputTokens)
	if c.MaxOutputTokens != nil {
		line += fmt.Sprintf(" and %d out", *c.MaxOutputTokens)
	}
	if c.Stream {
		line += ", a stream"
	}
	if added := len(c.Body) - len(body); added != 0 {
		line += fmt.Sprintf(", asked for usage by %d bytes", added)
	}
	if c.Unbounded != "" {
		line += ", " + c.Unbounded
	}
	return line
}
