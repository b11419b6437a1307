// Package check asks and settles over plain HTTP: for proxies that ask before they pass a request on, such as nginx (auth_request), Traefik, Caddy and
// APISIX (forward auth), and for programs that speak JSON.
package check

import (
	"encoding/json"
	"net/http"
	"strings"

	"bursar/adapter"
	"bursar/db"
	"bursar/fault"
	"bursar/gateway/wire"
	"bursar/graph/model"
)

// Routes returns the paths of the adapter.
func Routes(enforcement *adapter.Enforcement) []adapter.Route {
	c := &checker{enforcement, checked(), settled()}
	hasBody := func(r *http.Request) bool { return r.Method == http.MethodPost }
	return []adapter.Route{
		{Pattern: "/v1/check", Operation: "reserveUsage", Reads: hasBody, Serve: c.serveJSON, Refuse: adapter.RefuseJSON},
		{Pattern: "/v1/check/forward-auth", Operation: "reserveUsage", Reads: hasBody, Serve: c.serveForward, Refuse: refuseForward},
		{Pattern: "/v1/check/nginx", Operation: "reserveUsage", Reads: func(*http.Request) bool { return false }, Serve: c.serveNginx, Refuse: refuseNginx},
		{Pattern: "/v1/settle", Operation: "recordUsage", Reads: hasBody, Serve: c.settle, Refuse: adapter.RefuseJSON},
	}
}

type checker struct {
	enforcement      *adapter.Enforcement
	checked, settled map[string]kind
}

// decide decides about a call by parameters, and by what is known of it. Errors may be a *wire.Problem, of the caller's keys.
func (c *checker) decide(r *adapter.Request, p parameters, of *call) (*db.UsageAnswer, error) {
	if p["secret"] == "" && p["key"] == "" {
		secret, err := presented(r.Header)
		if err != nil {
			return nil, err
		}
		p["secret"] = secret
	}
	hold := p.take("hold")
	if hold != "" && hold != "true" && hold != "false" {
		return nil, fault.BadInput("hold", "must be true or false")
	}
	if of.free {
		delete(p, "model")
		p["estimate.cost"], p["estimate.tokens"] = "0", "0"
	} else {
		of.fill(p)
	}
	input, err := c.enforcement.ReadReserve(p.json(c.checked))
	if err != nil {
		return nil, err
	}
	if hold == "false" || of.free {
		return c.enforcement.Check(r.Context(), &model.CheckUsageInput{
			Secret: input.Secret, Key: input.Key, Estimate: input.Estimate, Provider: input.Provider, Model: input.Model, ServiceTier: input.ServiceTier,
			Metadata: input.Metadata,
		})
	}
	return c.enforcement.Reserve(r.Context(), input)
}

// known reads the parameters, and decides about the call that they, or else the proxy, say.
func (c *checker) known(r *adapter.Request, method, uri string) (wire.Dialect, *db.UsageAnswer, error) {
	p, err := read(r.Request, c.checked)
	if err != nil {
		return wire.OpenAI, nil, err
	}
	if named, uriNamed := p.take("method"), p.take("uri"); named != "" || uriNamed != "" {
		method, uri = path(named, uriNamed)
	}
	of, err := callOf(r, method, uri)
	if err != nil {
		return of.dialect, nil, err
	}
	answer, err := c.decide(r, p, of)
	return of.dialect, answer, err
}

// presented returns the key that the caller presents, in a header of one of the SDKs. Without one it is a secret that no key has.
func presented(header http.Header) (string, error) {
	secret, err := wire.TakeKey(header.Clone(), nil)
	if err != nil && strings.Contains(err.Error(), "several") {
		return "", err
	}
	return secret, nil
}

// serveJSON answers a check with JSON, and with the status that the caller should be told. A POST without a query string has a
// ReserveUsageInput as its body.
func (c *checker) serveJSON(w http.ResponseWriter, r *adapter.Request) error {
	answer, err := c.ask(w, r)
	if err != nil {
		return asFault(err)
	}
	decision := adapter.DecisionOf(answer)
	setHeaders(w.Header(), decision, answer)
	adapter.WriteJSON(w, decision.Status, decision)
	return nil
}

func (c *checker) ask(w http.ResponseWriter, r *adapter.Request) (*db.UsageAnswer, error) {
	if err := methods(w, r.Request); err != nil {
		return nil, err
	}
	if r.Method == http.MethodGet || r.URL.RawQuery != "" {
		_, answer, err := c.known(r, "", "")
		return answer, err
	}
	text, err := object(r.Body)
	if err != nil {
		return nil, err
	}
	text, hash, err := takeHash(text)
	if err != nil {
		return nil, err
	}
	input, err := c.enforcement.ReadReserve(text)
	switch {
	case err != nil:
		return nil, err
	case hash == "":
		return c.enforcement.Reserve(r.Context(), input)
	case input.Secret != nil || input.Key != nil:
		return nil, fault.BadInput(keyHash, "give one of secret, key and keyHash")
	}
	return c.enforcement.ReserveHash(r.Context(), keyHash, hash, input)
}

// keyHash is the member of a JSON body that names a key by the SHA-256 of its secret.
const keyHash = "keyHash"

// takeHash takes keyHash out of an object.
func takeHash(text string) (rest, hash string, err error) {
	members := map[string]json.RawMessage{}
	if !strings.Contains(text, keyHash) {
		return text, "", nil
	}
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		return "", "", fault.New(fault.BadUserInput, "the request's body is no JSON object")
	}
	if given, has := members[keyHash]; has {
		if err := json.Unmarshal(given, &hash); err != nil || hash == "" {
			return "", "", fault.BadInput(keyHash, "must be a text")
		}
		delete(members, keyHash)
	}
	left, err := json.Marshal(members)
	if err != nil {
		return "", "", fault.ErrInternal.Because(err)
	}
	return string(left), hash, nil
}

// setHeaders puts a decision into headers, with the reason and the wait of a denial.
func setHeaders(h http.Header, decision *adapter.Decision, answer *db.UsageAnswer) {
	decision.SetHeaders(h)
	if decision.Allowed {
		return
	}
	reason, _ := decision.Reason(answer)
	h.Set(adapter.HeaderReason, reason)
	denied := adapter.Failure(answer)
	if wait := denied.RetryAfter; wait > 0 {
		h.Set("Retry-After", seconds(wait))
	}
}
