package wire

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
)

// Guarantee: of long lists of numbers and long texts the first are kept alone, whatever their sign, and what is kept is the same document otherwise.
func TestSieve(t *testing.T) {
	t.Parallel()
	s := sieve{}
	s.write([]byte(`{"a":[-1,2,-3,4,-5,6,-7,8` + strings.Repeat(",-9.5e-1, 10", 1_000) + `,[11],{"b":null}],"c":"` + strings.Repeat(`x\u00e9\"`, 1_000) + `","d":[[1],2]}`))
	want := `{"a":[-1,2,-3,4,-5,6,-7,8,[11],{"b":null}],"c":"` + strings.Repeat(`x\u00e9\"`, 14) + `x\u00e9","d":[[1],2]}`
	if string(s.out) != want || !s.done || s.err != nil {
		t.Errorf("kept is\n%s, want\n%s", s.out, want)
	}
}

// Guarantee: reading and asking what was seen may happen at the same time.
func TestSeenWhileReading(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"model":"m","stream":true}`, `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`} {
		c, err := Parse(Match(http.MethodPost, "/v1/chat/completions", nil), http.Header{}, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		stream := strings.Repeat("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n", 1_000)
		b := c.Wrap(&http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(iotest.HalfReader(strings.NewReader(stream)))})
		var group sync.WaitGroup
		group.Go(func() {
			for last := int64(0); last < 1_000; {
				seen := b.Seen()
				if seen.OutputBytes < last || seen.OutputBytes > 0 && seen.Parts.OutputTokens != 2 {
					t.Errorf("seen %+v after %d bytes", seen, last)
					return
				}
				last = seen.OutputBytes
			}
		})
		if _, err := io.Copy(io.Discard, b); err != nil {
			t.Error(err)
		}
		group.Wait()
	}
}

// Guarantee: what a stream keeps does not grow with its length, and an event of a megabyte leaves nothing behind: far below the 40 KB that a stream may take.
func TestMemory(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"model":"m","stream":true}`, `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`} {
		c, err := Parse(Match(http.MethodPost, "/v1/chat/completions", nil), http.Header{}, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		event := func(size int) string {
			return fmt.Sprintf("data: {\"choices\":[{\"delta\":{\"content\":%q}}],\"usage\":null}\n\n", strings.Repeat("x", size))
		}
		stream := strings.Repeat(event(10), 1_000) + event(1<<20) + strings.Repeat(event(10), 10)
		b := c.Wrap(&http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(strings.NewReader(stream))})
		most := 0
		for p := make([]byte, 32<<10); ; {
			if _, err := b.Read(p); err != nil {
				break
			}
			most = max(most, cap(b.held)+cap(b.answer.sieve.out)+cap(b.answer.usage))
		}
		if most > hideMost+3*hideRead {
			t.Errorf("%s: %d bytes are kept at most", body, most)
		}
		if kept := cap(b.held) + cap(b.answer.sieve.out); kept > 20<<10 {
			t.Errorf("%s: %d bytes are kept in the end", body, kept)
		}
	}
}
