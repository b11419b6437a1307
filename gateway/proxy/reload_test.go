package proxy_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/gateway/proxy"
)

// A signal has the file of settings read anew, whether it has changed or not: new calls see it, a stream in flight goes on as it began, and a file with mistakes
// changes nothing.
func TestSignal(t *testing.T) {
	t.Parallel()
	next, arrived := make(chan struct{}), make(chan struct{}, 1)
	b := newBench(t, func(w http.ResponseWriter, r *http.Request) {
		if body := string(must(io.ReadAll(r.Body))); !strings.Contains(body, `"stream":true`) {
			answerChat(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, chunk("one"))
		_ = http.NewResponseController(w).Flush()
		arrived <- struct{}{}
		select {
		case <-next:
		case <-t.Context().Done():
		}
		_, _ = io.WriteString(w, usageChunk+"data: [DONE]\n\n")
	}, nil)
	file := filepath.Join(t.TempDir(), "gateway.yaml")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan func() (*proxy.Settings, error), 1)
	signals, asked := make(chan os.Signal), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		b.service.Watch(ctx, file, func() (*proxy.Settings, error) {
			defer func() { asked <- struct{}{} }()
			return (<-read)()
		}, signals)
	}()
	reload := func(settings *proxy.Settings, err error) {
		t.Helper()
		before := b.service.Proxy.Settings()
		read <- func() (*proxy.Settings, error) { return settings, err }
		signals <- os.Interrupt // whatever the signal is
		<-asked
		if err == nil {
			b.await("the settings were taken over", func() bool { return b.service.Proxy.Settings() != before })
		}
	}
	answers := make(chan *answer, 1)
	go func() { answers <- b.chat(`"stream":true`) }()
	<-arrived
	changed := *b.settings
	changed.Providers = nil
	reload(&changed, nil)
	if got := b.chat(""); got.status != http.StatusNotFound {
		t.Errorf("after the signal: %+v", got)
	}
	reload(nil, errors.New("the file has mistakes"))
	if got := b.chat(""); got.status != http.StatusNotFound {
		t.Errorf("after a file with mistakes: %+v", got)
	}
	again := *b.settings
	reload(&again, nil)
	if got := b.chat(""); got.status != http.StatusOK {
		t.Errorf("after another signal: %+v", got)
	}
	close(next)
	if got := <-answers; got.status != http.StatusOK || !strings.HasSuffix(got.body, "[DONE]\n\n") {
		t.Errorf("in flight: %+v", got)
	}
	stop()
	<-over
	for _, e := range b.booked(2) {
		if e.Estimated || e.Cost != chatCost {
			t.Errorf("%+v", e)
		}
	}
	b.settled()
}
