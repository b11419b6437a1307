package proxy_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"bursar/db/dbtest"
	"bursar/gateway"
	"bursar/gateway/proxy"
	"bursar/gateway/service"
	"bursar/gateway/wire"
	"bursar/httpserver"
)

// plain is a server that answers each request with bytes that are made before, so that what is counted beside it is the gateway's alone.
type plain struct {
	url    string
	answer func(head, body []byte) []byte
	held   chan struct{} // answers are left open until it is closed; nil: they are not
	open   atomic.Int64
}

// newPlain starts one.
func newPlain(b testing.TB, answer func(head, body []byte) []byte, held chan struct{}) *plain {
	b.Helper()
	listener := must(new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0"))
	p := &plain{url: "http://" + listener.Addr().String(), answer: answer, held: held}
	b.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.serve(conn)
		}
	}()
	return p
}

func (p *plain) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	reader := bufio.NewReaderSize(conn, 2048)
	var head, body []byte
	for {
		head = head[:0]
		for !bytes.HasSuffix(head, []byte("\r\n\r\n")) {
			line, err := reader.ReadSlice('\n')
			if err != nil {
				return
			}
			head = append(head, line...)
		}
		length := lengthOf(head)
		if cap(body) < length {
			body = make([]byte, length)
		}
		body = body[:length]
		if _, err := io.ReadFull(reader, body); err != nil {
			return
		}
		if _, err := conn.Write(p.answer(head, body)); err != nil {
			return
		}
		if p.held != nil {
			p.open.Add(1)
			<-p.held
			return
		}
	}
}

// lengthOf returns the Content-Length of a head; 0: none.
func lengthOf(head []byte) int {
	_, after, _ := bytes.Cut(head, []byte("Content-Length: "))
	text, _, _ := bytes.Cut(after, []byte("\r"))
	length, err := strconv.Atoi(string(text))
	if err != nil {
		return 0
	}
	return length
}

// withLength returns an answer with a header.
func withLength(kind, body string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", kind, len(body), body)
}

// plainBursar answers as Bursar does of a key without bounds.
func plainBursar(b testing.TB) *plain {
	limits := `[{"limitId":"lim_1","kind":"BUDGET","type":"TOKENS","max":"1000000000","used":"5","reserved":"5","remaining":"999999990","resetsAt":null,"enforced":true}]`
	decision := `"decision":{"allowed":true,"httpStatus":200,"denials":[],"limits":` + limits + `,"apiKeyId":"key_1"}`
	answers := map[string][]byte{
		"ReserveUsage": withLength("application/json", `{"data":{"reserveUsage":{"replayed":false,"reservation":{"id":"res_1","status":"HELD","apiKeyId":"key_1",`+
			`"admittedAt":"2026-01-01T00:00:00Z","expiresAt":"2026-01-01T00:02:00Z","tokens":470,"cost":"0.001"},`+decision+`}}}`),
		"RecordUsage": withLength("application/json", `{"data":{"recordUsage":{"replayed":false,"usageEvent":{"id":"evt_1","tokens":120,"cost":"0.00027"}}}}`),
	}
	return newPlain(b, func(_, body []byte) []byte {
		if bytes.Contains(body, []byte("reserveUsage(")) {
			return answers["ReserveUsage"]
		}
		return answers["RecordUsage"]
	}, nil)
}

// startPlain starts a gateway between such servers.
func startPlain(b testing.TB, bursar, provider *plain) string {
	b.Helper()
	settings := proxy.Defaults()
	settings.Bursar = proxy.Bursar{URLs: []string{bursar.url}, Token: "bst_1", Timeout: timeout, ReportWait: timeout}
	settings.Spool.Dir = b.TempDir()
	settings.Providers = []*proxy.Provider{{Name: "openai", BaseURL: must(url.Parse(provider.url)), Dialect: wire.OpenAI, Key: providerKey, KeyHeader: "bearer",
		Models: []string{"model*"}, Prices: "openai"}}
	started, err := service.Start(service.Config{
		Settings: &settings, Listener: must(httpserver.Listen(b.Context(), "127.0.0.1:0")), Observer: silent{}, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { started.Stop(timeout) })
	return started.URL
}

// silent looks on and notes nothing.
type silent struct{}

func (silent) Called(proxy.Observation)       {}
func (silent) Recorded(string, float64, bool) {}
func (silent) Lost(gateway.LostOutcome)       {}
func (silent) Undeliverable()                 {}

// chatRequest is a call as an SDK makes it.
func chatRequest(stream bool) []byte {
	body := fmt.Sprintf(`{"model":"model-1","max_tokens":50,"stream":%t,"messages":[{"role":"user","content":"%s"}]}`, stream, strings.Repeat("words ", 66))
	return fmt.Appendf(nil, "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer bsr_0123456789\r\nUser-Agent: OpenAI/Python 1.99.0\r\n"+
		"Accept: application/json\r\nContent-Type: application/json\r\nX-Stainless-Lang: python\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// What a short call takes of memory, in the gateway alone: run it with -benchmem. bursar bench --gateway measures its time.
func BenchmarkShortCall(b *testing.B) {
	answer := withLength("application/json", chatAnswer)
	provider := newPlain(b, func(_, _ []byte) []byte { return answer }, nil)
	address := startPlain(b, plainBursar(b), provider)
	conn := must(net.Dial("tcp", strings.TrimPrefix(address, "http://")))
	defer func() { _ = conn.Close() }()
	reader, request := bufio.NewReader(conn), chatRequest(false)
	call := func() {
		_ = must(conn.Write(request))
		length := 0
		for {
			line := must(reader.ReadSlice('\n'))
			if after, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
				length = must(strconv.Atoi(string(bytes.TrimSpace(after))))
			}
			if len(line) == 2 {
				break
			}
		}
		_ = must(reader.Discard(length))
	}
	for range 100 {
		call()
	}
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

// maxStreamBytes is what an open stream takes at most of the memory in use, with its stacks. The bar of bursar bench --gateway is below it.
const maxStreamBytes = 52 << 10

// A stream that is open and idle takes a bounded amount of memory of the gateway: what it takes in all, less what its caller and its provider take without one. It is not parallel to others, whose
// memory would count.
func TestMemoryOfOpenStreams(t *testing.T) { //nolint:paralleltest // see above
	dbtest.Unraced(t, "counts memory, of which the race detector takes more")
	const streams = 200
	held := make(chan struct{})
	head := []byte("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
	event := "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"model-1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}\n\n"
	answer := fmt.Appendf(head, "%x\r\n%s\r\n", len(event), event)
	provider := newPlain(t, func(_, _ []byte) []byte { return answer }, held)
	address := startPlain(t, plainBursar(t), provider)
	request := chatRequest(true)
	open := func(address string) (heap, stacks int64) {
		heapBefore, stacksBefore := inUse()
		for range streams {
			conn := must(new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(address, "http://")))
			t.Cleanup(func() { _ = conn.Close() })
			_ = must(conn.Write(request))
			var got [2048]byte
			for seen := 0; !bytes.Contains(got[:seen], []byte("hello")); {
				seen += must(conn.Read(got[seen:]))
			}
		}
		heap, stacks = inUse()
		return (heap - heapBefore) / streams, (stacks - stacksBefore) / streams
	}
	straightHeap, straightStacks := open(provider.url)
	heap, stacks := open(address)
	heap, stacks = heap-straightHeap, stacks-straightStacks
	t.Logf("an open stream takes %d bytes of the heap and %d of stacks", heap, stacks)
	if heap+stacks > maxStreamBytes {
		t.Errorf("an open stream takes %d bytes, want %d at most", heap+stacks, maxStreamBytes)
	}
	close(held)
}

// inUse returns what is in use of the heap and of stacks: these shrink with collections of garbage, by half with each.
func inUse() (heap, stacks int64) {
	var stats runtime.MemStats
	for range 8 {
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc), int64(stats.StackInuse) //nolint:gosec // far below
}
