package proxy_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/gateway/proxy"
)

// Whatever a provider answers, the caller has it, and the call is booked once: exactly where the answer says what it used, else as an estimate.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	packed := &bytes.Buffer{}
	writer := gzip.NewWriter(packed)
	_, _ = io.WriteString(writer, chatAnswer)
	_ = writer.Close()
	large := chunk(strings.Repeat("x", 1<<20))
	for name, of := range map[string]struct {
		kind, encoding, body, want string
		stream, exact              bool
	}{
		"HTML":              {"text/html", "", "<html>busy</html>", "<html>busy</html>", false, false},
		"HTML in a stream":  {"text/html", "", "<html>busy</html>", "<html>busy</html>", true, false},
		"gzip":              {"application/json", "gzip", packed.String(), chatAnswer, false, true},
		"an event of 1 MB":  {"text/event-stream", "", large + usageChunk + "data: [DONE]\n\n", large + "data: [DONE]\n\n", true, true},
		"nothing":           {"application/json", "", "", "", false, false},
		"JSON for a stream": {"application/json", "", chatAnswer, chatAnswer, true, true},
		"half of an answer": {"application/json", "", chatAnswer[:50], chatAnswer[:50], false, false},
		"no content type":   {"", "", chatAnswer, chatAnswer, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				if of.kind != "" {
					w.Header().Set("Content-Type", of.kind)
				}
				if of.encoding != "" {
					w.Header().Set("Content-Encoding", of.encoding)
				}
				_, _ = io.WriteString(w, of.body)
			}, nil)
			fields := ""
			if of.stream {
				fields = `"stream":true`
			}
			got := b.chat(fields)
			if got.status != http.StatusOK || got.body != of.want {
				t.Errorf("%d, %d bytes: %.200s, %v", got.status, len(got.body), got.body, got.err)
			}
			if e := b.booked(1)[0]; e.Estimated == of.exact || of.exact && e.Cost != chatCost || e.Status != "SETTLED" {
				t.Errorf("%+v", e)
			}
			b.settled()
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Requests' bodies take no more memory together than a few of the largest; what is beyond is refused, and passes again later.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "measures")
	arrived, release := make(chan struct{}, 100), make(chan struct{})
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-release
		answerChat(w, r)
	}, func(s *proxy.Settings) { s.MaxBodyBytes = 1 << 20 })
	answers, sent := make(chan *answer, 100), 0
	text := `"user":"` + strings.Repeat("x", 900_000) + `"`
	var refused *answer
	for refused == nil && sent < 50 {
		go func() { answers <- b.chat(text) }()
		sent++
		select {
		case <-arrived:
		case refused = <-answers:
		}
	}
	if refused == nil || refused.status != http.StatusServiceUnavailable {
		t.Errorf("after %d requests: %+v", sent, refused)
	}
	close(release)
	for range sent - 1 {
		if got := <-answers; got.status != http.StatusOK {
			t.Errorf("%+v", got)
		}
	}
	if got := b.chat(text); got.status != http.StatusOK {
		t.Errorf("%+v", got)
	}
}
