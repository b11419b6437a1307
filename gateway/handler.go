package gateway

import (
	"errors"
	"io"
	"net/http"

	"bursar/gateway/wire"
)

// Handler governs the calls that pass through a handler, such as a gateway's reverse proxy: callers present their API key of Bursar in any of the headers in which SDKs
// send one. The key is taken out of the request; next puts in the provider's. Answers are passed on as next writes them.
func (p *Policy) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		secret, err := wire.TakeKey(r.Header, r.URL.Query())
		if err != nil {
			wire.WriteError(w, wire.Match(r.Method, r.URL.Path, r.Header).Dialect, FailureOf(err))
			return
		}
		g, failure := p.begin(r, secret)
		if failure != nil {
			wire.WriteError(w, wire.Match(r.Method, r.URL.Path, r.Header).Dialect, *failure)
			return
		}
		watched := &watchedWriter{ResponseWriter: w, governed: g}
		defer watched.end()
		next.ServeHTTP(watched, r)
		watched.complete = true
	})
}

// watchedWriter passes an answer on through the reader of its usage, which runs beside the handler. A write returns when the caller has it.
type watchedWriter struct {
	http.ResponseWriter

	governed *governed
	begun    bool
	complete bool // the handler did not panic
	input    *io.PipeWriter
	done     chan error // how passing the answer on has ended
}

// WriteHeader implements [http.ResponseWriter].
func (w *watchedWriter) WriteHeader(status int) {
	if w.begun || status < http.StatusOK {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.begun = true
	reader, writer := io.Pipe()
	response := &http.Response{StatusCode: status, Header: w.Header(), Body: reader}
	w.governed.watch(response) // may change the header
	w.ResponseWriter.WriteHeader(status)
	w.input, w.done = writer, make(chan error, 1)
	go func() {
		err := w.copy(response.Body)
		_ = reader.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // so that the handler's next write fails
		w.done <- err
	}()
}

// copy passes an answer on, each piece at once.
func (w *watchedWriter) copy(body io.ReadCloser) error {
	defer func() { _ = body.Close() }()
	control, buffer := http.NewResponseController(w.ResponseWriter), make([]byte, 8<<10)
	for {
		n, err := body.Read(buffer)
		if n > 0 {
			if _, err := w.ResponseWriter.Write(buffer[:n]); err != nil {
				return err
			}
			_ = control.Flush() // a writer without it passes on at the end
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Write implements [http.ResponseWriter].
func (w *watchedWriter) Write(data []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.input.Write(data)
}

// FlushError does nothing: what was written has been passed on.
func (w *watchedWriter) FlushError() error { return nil }

// end waits until the answer has been passed on. One that the handler broke off is broken off for the caller, too.
func (w *watchedWriter) end() {
	if !w.begun {
		w.governed.release()
		return
	}
	var cause error // the end
	if !w.complete {
		cause = io.ErrUnexpectedEOF
	}
	_ = w.input.CloseWithError(cause)
	if err := <-w.done; err != nil && w.complete { // else the handler's own panic goes on
		panic(http.ErrAbortHandler)
	}
}
