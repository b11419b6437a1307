package demoprovider

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bursar/gateway/demoprovider/demomodel"
	"bursar/usage"
)

// object is a JSON object that is written.
type object = map[string]any

// maxBody is the most bytes that a request may have.
const maxBody = 128 << 20

// exchange is one request and its answer.
type exchange struct {
	p       *Provider
	w       http.ResponseWriter
	r       *http.Request
	dialect dialect
	truth   *Request // read and changed with the provider's lock held
	id      string   // of the answer, without prefix
	began   time.Time
	body    []byte
	demand  Demand
	timing  Timing
	model   *demomodel.Model

	produced, middle int       // output tokens so far, and after how many the middle is
	due              time.Time // of the last one
	timer            *time.Timer
}

// begin remembers a request.
func (p *Provider) begin(w http.ResponseWriter, r *http.Request, d dialect) *exchange {
	truth := &Request{
		At: time.Now(), Dialect: d.String(), Method: r.Method, Tag: r.Header.Get(TagHeader),
		Demand: strings.Join(r.Header.Values(DemandHeader), ","),
	}
	truth.Key, truth.Header, truth.Path = withoutKeys(r)
	p.remember(truth)
	return &exchange{p: p, w: w, r: r, dialect: d, truth: truth, id: p.newID(truth.Number), began: truth.At}
}

// end notes how the request ended, if nothing before has.
func (e *exchange) end() {
	if e.timer != nil {
		e.timer.Stop()
	}
	e.record(func(r *Request) {
		if r.Ended == "" {
			r.Ended = Complete
		}
		if e.model != nil && r.Ended != Refused {
			r.CostNanos = e.model.CostNanos(&r.Usage)
		}
	})
	e.p.close(e.truth)
}

// record changes what is told of the request.
func (e *exchange) record(change func(*Request)) {
	e.p.mu.Lock()
	defer e.p.mu.Unlock()
	change(e.truth)
}

// used notes what was made so far.
func (e *exchange) used(parts usage.Parts) {
	parts.Requests, parts.ServiceTier = 1, usage.Standard
	if e.model != nil {
		parts.Model = e.model.Name
	}
	e.record(func(r *Request) { r.Usage = parts })
}

func (e *exchange) ended(how Ending) { e.record(func(r *Request) { r.Ended = how }) }

// receive reads the request, checks its key and does what the header x-demo asks for instead of an answer. It returns false when the request is
// answered.
func (e *exchange) receive() bool {
	body, err := io.ReadAll(http.MaxBytesReader(e.w, e.r.Body, maxBody))
	sum := sha256.Sum256(body)
	e.record(func(r *Request) { r.BodyBytes, r.BodySHA256 = len(body), hex.EncodeToString(sum[:]) })
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		e.fail(failure{status: http.StatusRequestEntityTooLarge, message: "The request is larger than " + strconv.Itoa(maxBody) + " bytes."})
		return false
	}
	if err != nil {
		e.ended(Left)
		return false
	}
	e.body = body
	if wanted := e.p.config.Key; wanted != "" && !carries(e.r, wanted) {
		e.fail(failure{status: http.StatusUnauthorized, code: "invalid_api_key", message: "Incorrect API key provided."})
		return false
	}
	if e.demand, err = parseDemand(e.r.Header); err != nil {
		e.fail(failure{status: http.StatusBadRequest, message: err.Error()})
		return false
	}
	e.timing = e.demand.timing(e.p.config.Timing)
	if e.demand.Status != 0 {
		e.fail(failure{status: e.demand.Status, message: "The header x-demo asked for this error."})
		return false
	}
	if e.demand.HTML {
		e.ended(Refused)
		e.w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(e.w, "<!DOCTYPE html><title>Gateway</title><p>This is a page.</p>\n") // fails when the client has gone
		return false
	}
	return true
}

// decode reads the body as JSON. It answers 400 and returns false when it is none.
func (e *exchange) decode(into any) bool {
	if err := json.Unmarshal(e.body, into); err != nil {
		e.fail(failure{status: http.StatusBadRequest, message: "We could not parse the JSON body of your request: " + err.Error()})
		return false
	}
	return true
}

// answerJSON writes an answer that is no stream.
func (e *exchange) answerJSON(answer any) {
	text, err := json.Marshal(answer)
	if err != nil {
		e.fail(failure{status: http.StatusInternalServerError, message: err.Error()})
		return
	}
	e.answerBytes("application/json", text)
}

// answerBytes writes an answer that is no stream, or half of it where the request asks for that.
func (e *exchange) answerBytes(contentType string, content []byte) {
	header := e.w.Header()
	header.Set("Content-Type", contentType)
	e.dialect.setHeaders(header, e.id, time.Since(e.began))
	if e.demand.Gzip {
		var packed bytes.Buffer
		writer := gzip.NewWriter(&packed)
		_, _ = writer.Write(content) // writes to memory do not fail
		_ = writer.Close()
		content = packed.Bytes()
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("Content-Length", strconv.Itoa(len(content)))
	e.record(func(r *Request) { r.Status, r.ID = http.StatusOK, e.id })
	if e.demand.Cut {
		content = content[:len(content)/2]
	}
	_, err := e.w.Write(content)
	if e.demand.Cut {
		e.breakOff()
	}
	if err != nil || e.r.Context().Err() != nil {
		e.ended(Left)
	}
}

// breakOff breaks the connection, after what has been written.
func (e *exchange) breakOff() {
	_ = http.NewResponseController(e.w).Flush() // fails when the client has gone
	e.ended(Broken)
	panic(http.ErrAbortHandler)
}

// answer makes the answer to an ask. It answers 400 and returns false when the ask is wrong.
func (e *exchange) answer(q *demomodel.Ask) (*demomodel.Answer, bool) {
	a, err := q.Answer(e.demand.Tokens)
	if err != nil {
		e.fail(failure{status: http.StatusBadRequest, message: err.Error()})
		return nil, false
	}
	a.ID, a.Created = e.id, e.began
	return a, true
}

// plan says how many output tokens the answer has, which sets its middle.
func (e *exchange) plan(tokens int) { e.middle = max(1, tokens/2) }

// produce makes one more output token, when its time has come: by the clock, so that a write that takes long makes no later token late. It returns false when the client has gone.
func (e *exchange) produce() bool {
	if e.produced == 0 {
		e.due = time.Now().Add(e.timing.First)
	} else {
		e.due = e.due.Add(e.timing.Token)
	}
	if !e.wait(time.Until(e.due)) {
		return false
	}
	e.produced++
	return true
}

// interrupted reports whether the answer's end is now, in its middle: where the request asks for one, it waits until the client has left.
func (e *exchange) interrupted() bool {
	if e.produced != e.middle {
		return false
	}
	if e.demand.Holds {
		<-e.r.Context().Done()
		e.ended(Left)
		return true
	}
	return e.demand.Cut || e.demand.Ends || e.demand.Fails
}

// wait waits, and returns false when the client has gone.
func (e *exchange) wait(delay time.Duration) bool {
	if delay > 0 {
		if e.timer == nil {
			e.timer = time.NewTimer(delay)
		} else {
			e.timer.Reset(delay)
		}
		select {
		case <-e.timer.C:
		case <-e.r.Context().Done():
		}
	}
	if errors.Is(e.r.Context().Err(), context.Canceled) {
		e.ended(Left)
		return false
	}
	return true
}
