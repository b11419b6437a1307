package demoprovider

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// served is a provider behind HTTP.
type served struct {
	*Provider
	t   *testing.T
	url string
}

func serve(t *testing.T, config Config) *served {
	t.Helper()
	p := New(config)
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	return &served{p, t, server.URL}
}

// post sends JSON, with headers in pairs of name and value.
func (s *served) post(path, body string, headers ...string) *http.Response {
	s.t.Helper()
	return s.send(http.MethodPost, path, "application/json", strings.NewReader(body), headers...)
}

func (s *served) send(method, path, kind string, body io.Reader, headers ...string) *http.Response {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// read returns the body of an answer with a status.
func (s *served) read(response *http.Response, status int) []byte {
	s.t.Helper()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if response.StatusCode != status {
		s.t.Fatalf("%d, want %d: %s", response.StatusCode, status, body)
	}
	return body
}

// last returns the truth of the newest request, when none is in flight.
func (s *served) last() Request {
	s.t.Helper()
	s.WaitIdle()
	list := s.Requests(0)
	if len(list) == 0 {
		s.t.Fatal("no request has reached the provider")
	}
	return list[len(list)-1]
}

// events returns the data of a stream's events, the elements of an array, or the only object.
func events(t *testing.T, body []byte) (list []json.RawMessage) {
	t.Helper()
	if bytes.HasPrefix(body, []byte("{")) {
		return []json.RawMessage{body}
	}
	if bytes.HasPrefix(body, []byte("[")) {
		if err := json.Unmarshal(body, &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "[DONE]" {
			if !json.Valid([]byte(data)) {
				t.Fatalf("an event is no JSON: %s", data)
			}
			list = append(list, json.RawMessage(data))
		}
	}
	return list
}

// texts returns all texts under a name in the events, joined.
func texts(t *testing.T, list []json.RawMessage, name string) string {
	t.Helper()
	var joined strings.Builder
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case map[string]any:
			if text, ok := v[name].(string); ok {
				joined.WriteString(text)
			}
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	for _, event := range list {
		var value any
		if err := json.Unmarshal(event, &value); err != nil {
			t.Fatal(err)
		}
		walk(value)
	}
	return joined.String()
}
