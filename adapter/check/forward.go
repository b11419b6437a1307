package check

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"bursar/adapter"
	"bursar/fault"
	"bursar/gateway/wire"
)

// seconds returns a wait in whole seconds, rounded up.
func seconds(wait time.Duration) string {
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

// methods refuses other methods than GET and POST.
func methods(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodPost || r.Method == http.MethodHead {
		return nil
	}
	w.Header().Set("Allow", "GET, HEAD, POST")
	return fault.New(fault.BadUserInput, "send GET or POST")
}

// object returns the text of a body that is a JSON object.
func object(body []byte) (string, error) {
	if !json.Valid(body) {
		return "", fault.New(fault.BadUserInput, "the request's body is no JSON")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return "", fault.New(fault.BadUserInput, "the request's body is no JSON object")
	}
	return string(body), nil
}

// asFault returns what is wrong with a caller's call as a fault; other errors as they are.
func asFault(err error) error {
	if problem, is := errors.AsType[*wire.Problem](err); is {
		return fault.BadInput(problem.Field, "%s", problem.Message)
	}
	return err
}

// serveForward answers a proxy that passes any answer but 2xx on to its caller: with the status and the body that the caller's SDK understands.
// A POST has the body of the caller's call, which says what it may cost.
func (c *checker) serveForward(w http.ResponseWriter, r *adapter.Request) error {
	method, decoded := forwarded(r.Header)
	dialect, answer, err := c.known(r, method, decoded)
	if problem, is := errors.AsType[*wire.Problem](err); is {
		wire.WriteError(w, dialect, problem.Failure())
		return nil
	}
	if err != nil {
		return err
	}
	decision := adapter.DecisionOf(answer)
	setHeaders(w.Header(), decision, answer)
	if !decision.Allowed {
		wire.WriteError(w, dialect, adapter.Failure(answer))
		return nil
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// refuseForward answers that Bursar could not decide, in a form that the caller may see.
func refuseForward(w http.ResponseWriter, r *http.Request, p *adapter.Problem) {
	w.Header().Set(adapter.HeaderReason, string(p.Code))
	method, decoded := forwarded(r.Header)
	wire.WriteError(w, wire.Match(method, decoded, r.Header).Dialect, adapter.Outage(p))
}

// serveNginx answers auth_request, which knows 2xx, 401 and 403: any denial is a 403. What the caller should be told stands in headers, and the
// body is empty, so that nginx keeps the connection.
func (c *checker) serveNginx(w http.ResponseWriter, r *adapter.Request) error {
	dialect, answer, err := c.known(r, "", "")
	if problem, is := errors.AsType[*wire.Problem](err); is {
		writeNginx(w, http.StatusForbidden, dialect, problem.Failure())
		return nil
	}
	if err != nil {
		return err
	}
	decision := adapter.DecisionOf(answer)
	setHeaders(w.Header(), decision, answer)
	if !decision.Allowed {
		writeNginx(w, http.StatusForbidden, dialect, adapter.Failure(answer))
		return nil
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// refuseNginx answers that Bursar could not decide: a 500 or 503, which auth_request makes a 500.
func refuseNginx(w http.ResponseWriter, _ *http.Request, p *adapter.Problem) {
	w.Header().Set(adapter.HeaderReason, string(p.Code))
	outage := adapter.Outage(p)
	writeNginx(w, outage.Status, wire.OpenAI, outage)
}

// headerBody is the header with the body that a caller should be told: nginx does not read that of the answer.
const headerBody = "X-Bursar-Body"

// maxHeaderBody keeps the header of an answer within the 4 KB that nginx reads by default.
const maxHeaderBody = 2 << 10

func writeNginx(w http.ResponseWriter, status int, dialect wire.Dialect, f wire.Failure) {
	told := &recorder{header: http.Header{}}
	wire.WriteError(told, dialect, f)
	body := inHeader(told.body)
	if len(body) > maxHeaderBody {
		f.Message, f.Details = "A limit does not admit this call.", nil
		told.body = nil
		wire.WriteError(told, dialect, f)
		body = inHeader(told.body)
	}
	h := w.Header()
	h.Set(adapter.HeaderStatus, strconv.Itoa(f.Status))
	h.Set(headerBody, body)
	for _, name := range []string{"Retry-After", "X-Should-Retry"} {
		if value := told.header.Get(name); value != "" {
			h.Set(name, value)
		}
	}
	if h.Get(adapter.HeaderReason) == "" {
		h.Set(adapter.HeaderReason, f.Reason)
	}
	h.Set("Content-Length", "0")
	w.WriteHeader(status)
}

// inHeader returns JSON in ASCII, as headers have to be.
func inHeader(body []byte) string {
	text := make([]byte, 0, len(body))
	for _, r := range string(body) {
		switch {
		case r < ' ' || r == 0x7f:
		case r < 0x80:
			text = append(text, byte(r))
		case r > 0xffff:
			r -= 0x10000
			text = append(text, escape(0xd800+(r>>10))...)
			text = append(text, escape(0xdc00+(r&0x3ff))...)
		default:
			text = append(text, escape(r)...)
		}
	}
	return string(text)
}

func escape(unit rune) string {
	hex := strconv.FormatInt(int64(unit), 16)
	return `\u` + "0000"[len(hex):] + hex
}

// recorder keeps an answer.
type recorder struct {
	header http.Header
	body   []byte
}

func (r *recorder) Header() http.Header { return r.header }
func (*recorder) WriteHeader(int)       {}
func (r *recorder) Write(b []byte) (int, error) {
	r.body = append(r.body, b...)
	return len(b), nil
}
