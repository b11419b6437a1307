package wire

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

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
