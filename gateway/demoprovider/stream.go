package demoprovider

import (
	"encoding/json"
	"net/http"
	"time"

	"bursar/gateway/demoprovider/demomodel"
)

// format writes an answer as a stream of events.
type format interface {
	begin(to *sink)
	open(to *sink, i int, of *demomodel.Part)                // before the first token of a part
	piece(to *sink, i int, of *demomodel.Part, token string) // a token
	end(to *sink, i int, of *demomodel.Part)                 // after the last token of a part
	finish(to *sink)                                         // after the last part
	fail(to *sink)                                           // instead of the rest: an error
}

// framing is how events are written.
type framing int

const (
	namedEvents  framing = iota // event: NAME, data: JSON
	dataEvents                  // data: JSON alone
	googleEvents                // data: JSON, with line ends as Google has them
	array                       // the elements of one JSON array
)

// sink writes events to the client, each at once.
type sink struct {
	to      http.ResponseWriter
	flusher *http.ResponseController
	framing framing
	buffer  []byte
	events  int
	err     error // of the last write
}

// event writes an event. Its data is given in pieces, which together are JSON in one line.
func (s *sink) event(name string, data ...[]byte) {
	b := s.buffer[:0]
	switch s.framing {
	case namedEvents:
		b = append(append(append(b, "event: "...), name...), "\ndata: "...)
	case dataEvents, googleEvents:
		b = append(b, "data: "...)
	case array:
		if s.events == 0 {
			b = append(b, '[')
		} else {
			b = append(b, ",\r\n"...)
		}
	}
	for _, piece := range data {
		b = append(b, piece...)
	}
	switch s.framing {
	case namedEvents, dataEvents:
		b = append(b, "\n\n"...)
	case googleEvents:
		b = append(b, "\r\n\r\n"...)
	case array:
	}
	s.events++
	s.write(b)
}

// write writes and keeps the buffer for the next time.
func (s *sink) write(b []byte) {
	s.buffer = b
	if s.err != nil {
		return
	}
	if _, s.err = s.to.Write(b); s.err == nil {
		s.err = s.flusher.Flush()
	}
}

// object writes an event with an object.
func (s *sink) object(name string, data any) { s.event(name, marshal(data)) }

// marshal returns JSON of what this package has made, which has no values that JSON has not.
func marshal(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic("demoprovider: " + err.Error())
	}
	return text
}

// stream answers with a stream of events at the model's pace, until its end, or its middle where the request asks for that.
func (e *exchange) stream(a *demomodel.Answer, f format, how framing) {
	e.record(func(r *Request) { r.Stream, r.Status, r.ID = true, http.StatusOK, e.id })
	e.plan(a.Tokens())
	header := e.w.Header()
	e.dialect.setHeaders(header, e.id, time.Since(e.began))
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	if how == array {
		header.Set("Content-Type", "application/json; charset=UTF-8")
	}
	header.Set("Cache-Control", "no-cache")
	to := &sink{to: e.w, flusher: http.NewResponseController(e.w), framing: how}
	e.used(a.UsageOf(0))
	defer func() { e.used(a.UsageOf(e.produced)) }()
	if a.Tokens() == 0 {
		f.begin(to)
	}
	for i := range a.Parts {
		if !e.streamPart(to, f, i, &a.Parts[i]) {
			return
		}
	}
	f.finish(to)
	if how == array {
		to.write([]byte("]\n"))
	}
	if to.err != nil {
		e.ended(Left)
	}
}

// streamPart writes a part of the answer. It returns false when nothing may follow.
func (e *exchange) streamPart(to *sink, f format, i int, p *demomodel.Part) bool {
	for j, token := range p.Tokens {
		if !e.produce() {
			return false
		}
		if e.produced == 1 {
			f.begin(to)
		}
		if j == 0 {
			f.open(to, i, p)
		}
		f.piece(to, i, p, token)
		if to.err != nil {
			e.ended(Left)
			return false
		}
		if e.interrupted() {
			e.interrupt(to, f)
			return false
		}
	}
	if len(p.Tokens) > 0 {
		f.end(to, i, p)
	}
	return true
}

// interrupt ends a stream in its middle, as the request asks for.
func (e *exchange) interrupt(to *sink, f format) {
	switch {
	case e.demand.Holds: // the client has left
	case e.demand.Cut:
		e.breakOff()
	case e.demand.Fails:
		e.ended(Broken)
		f.fail(to)
	default:
		e.ended(Broken)
	}
}

// produceAll makes an answer that is no stream, which takes as long. It returns false when the client has gone.
func (e *exchange) produceAll(a *demomodel.Answer) bool {
	e.plan(a.Tokens())
	defer func() { e.used(a.UsageOf(e.produced)) }()
	if a.Tokens() == 0 {
		return e.wait(e.timing.First)
	}
	for range a.Tokens() {
		if !e.produce() || e.demand.Holds && e.interrupted() {
			return false
		}
	}
	return true
}
