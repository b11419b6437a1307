package wire_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"bursar/gateway/wire"
)

// BenchmarkParse reads a chat of 100 KB.
func BenchmarkParse(b *testing.B) {
	var messages []string
	for i := range 100 {
		messages = append(messages, fmt.Sprintf(`{"role":"user","content":"%d %s"}`, i, strings.Repeat(`line of a document\n`, 50)))
	}
	body := []byte(`{"model":"m","stream":true,"max_tokens":100,"messages":[` + strings.Join(messages, ",") + `]}`)
	e := wire.Match(http.MethodPost, chat, http.Header{})
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.Parse(e, http.Header{}, body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStream passes a stream of 1,000 tokens, each in a read of its own.
func BenchmarkStream(b *testing.B) {
	event := `data: {"id":"chatcmpl-A1","object":"chat.completion.chunk","created":1764300000,"model":"gpt-4.1-mini-2025-04-14","service_tier":"default","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"aB3xY"}` + "\n\n"
	for name, body := range map[string]string{"hidden": `{"model":"m","stream":true}`, "asked": `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`} {
		b.Run(name, func(b *testing.B) {
			c, err := wire.Parse(wire.Match(http.MethodPost, chat, http.Header{}), http.Header{}, []byte(body))
			if err != nil {
				b.Fatal(err)
			}
			p := make([]byte, 32<<10)
			b.SetBytes(int64(1_000 * len(event)))
			b.ReportAllocs()
			for b.Loop() {
				source := &pieces{left: make([]string, 1_000)}
				for i := range source.left {
					source.left[i] = event
				}
				body := c.Wrap(answer(events, source))
				for {
					if _, err := body.Read(p); err == io.EOF { //nolint:errorlint // as net/http does
						break
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1_000, "ns/event")
		})
	}
}
