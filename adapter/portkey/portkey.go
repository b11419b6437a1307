// Package portkey answers the webhook guardrail (default.webhook) of Portkey's gateway: before a call it holds, after it it settles. Names of fields
// are Portkey's; they were read in, and tried with, @portkey-ai/gateway 1.15.2.
package portkey

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/shopspring/decimal"

	"bursar/adapter"
	"bursar/db"
	"bursar/fault"
	"bursar/gateway/wire"
	"bursar/graph/model"
	"bursar/graph/scalar"
)

const (
	before = "beforeRequestHook"
	after  = "afterRequestHook"

	// keyHeader is where a configuration of Portkey's names the key, in parameters.headers.
	keyHeader = "X-Bursar-Key"
	// holdField is the field of the request that carries what is held from the first hook to the second. Portkey sends providers no field that they
	// do not know.
	holdField = "bursar_hold"
	// otherCost is held, in dollars, for calls of which nothing says what they cost, as by the gateway.
	otherCost = "0.01"
	// defaultTTL is short: after an upstream's error Portkey asks no hook, and what was held expires.
	defaultTTL = 180 // seconds
)

// Routes returns the paths of the adapter.
func Routes(enforcement *adapter.Enforcement) []adapter.Route {
	p := &portkey{enforcement}
	return []adapter.Route{{Pattern: "POST /v1/portkey", Operation: "reserveUsage", Serve: p.serve, Refuse: refuse}}
}

type portkey struct{ enforcement *adapter.Enforcement }

// event is what a hook tells.
type event struct {
	Type     string            `json:"eventType"`
	Provider string            `json:"provider"`
	Request  message           `json:"request"`
	Response message           `json:"response"`
	Of       string            `json:"requestType"`
	Metadata map[string]string `json:"metadata"`
}

type message struct {
	JSON      json.RawMessage `json:"json"`
	Streaming bool            `json:"isStreamingRequest"`
}

// hold is what the request carries to the second hook.
type hold struct {
	Reservation string          `json:"reservation"`
	Tokens      int64           `json:"tokens"`
	Cost        decimal.Decimal `json:"cost"`
}

// settings are what the operator puts into the query string of the webhook's address.
type settings struct {
	secretMetadata string // the entry of Portkey's metadata that has the caller's key
	provider, cost string
}

func read(r *http.Request) (*settings, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.BadUserInput, "the query string is malformed")
	}
	for name, values := range query {
		if len(values) != 1 || name != "secretMetadata" && name != "provider" && name != "estimate.cost" {
			return nil, fault.BadInput(name, "there is no such parameter, or it is given twice")
		}
	}
	return &settings{query.Get("secretMetadata"), query.Get("provider"), query.Get("estimate.cost")}, nil
}

// refuse answers that Bursar could not decide. Portkey denies the call where the hook has deny and failOnError.
func refuse(w http.ResponseWriter, _ *http.Request, p *adapter.Problem) {
	adapter.WriteJSON(w, p.Status, map[string]any{"verdict": false, "data": map[string]any{"error": p.Form()}})
}

func (p *portkey) serve(w http.ResponseWriter, r *adapter.Request) error {
	s, err := read(r.Request)
	if err != nil {
		return err
	}
	var e event
	if err := json.Unmarshal(r.Body, &e); err != nil {
		return fault.New(fault.BadUserInput, "the request's body is none of Portkey's webhook: %v", err)
	}
	secret := r.Header.Get(keyHeader)
	if s.secretMetadata != "" {
		if given := e.Metadata[s.secretMetadata]; given != "" {
			secret = given
		}
		delete(e.Metadata, s.secretMetadata)
	}
	switch e.Type {
	case before:
		return p.before(w, r, &e, s, secret)
	case after:
		return p.after(w, r, &e, s, secret)
	}
	return fault.BadInput("eventType", "must be %s or %s", before, after)
}

// path returns the path of OpenAI's or Anthropic's API that a type of Portkey's requests is.
func (e *event) path() string {
	switch e.Of {
	case "chatComplete":
		return "/v1/chat/completions"
	case "complete":
		return "/v1/completions"
	case "embed":
		return "/v1/embeddings"
	case "messages":
		return "/v1/messages"
	case "imageGenerate":
		return "/v1/images/generations"
	case "createModelResponse":
		return "/v1/responses"
	case "createSpeech":
		return "/v1/audio/speech"
	}
	return "/" + url.PathEscape(e.Of)
}

// before holds what a call may use, and answers whether it may be made.
func (p *portkey) before(w http.ResponseWriter, r *adapter.Request, e *event, s *settings, secret string) error {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(e.Request.JSON, &fields); err != nil || fields == nil {
		return fault.BadInput("request.json", "is missing: put the hook before calls with a JSON body")
	}
	delete(fields, holdField)
	plain, err := json.Marshal(fields)
	if err != nil {
		return fault.ErrInternal.Because(err)
	}
	input, err := e.input(s, plain)
	if err != nil {
		return err
	}
	input.Secret = &secret
	answer, err := p.enforcement.Reserve(r.Context(), input)
	if err != nil {
		return err
	}
	decision := adapter.DecisionOf(answer)
	decision.SetHeaders(w.Header())
	reason, sentence := decision.Reason(answer)
	if !decision.Allowed {
		adapter.WriteJSON(w, http.StatusOK, map[string]any{"verdict": false, "data": map[string]any{
			"status": decision.Status, "reason": reason, "message": sentence, "retryAfterSeconds": decision.RetryAfterSeconds,
		}})
		return nil
	}
	held, err := json.Marshal(hold{decision.Reservation.ID, decision.Reservation.Tokens, decision.Reservation.Cost})
	if err != nil {
		return fault.ErrInternal.Because(err)
	}
	fields[holdField] = held
	adapter.WriteJSON(w, http.StatusOK, map[string]any{
		"verdict": true, "data": map[string]any{"reservation": decision.Reservation.ID},
		"transformedData": map[string]any{"request": map[string]any{"json": fields}},
	})
	return nil
}

// input returns the reservation that is asked for.
func (e *event) input(s *settings, body []byte) (*model.ReserveUsageInput, error) {
	metadata, err := e.kept()
	if err != nil {
		return nil, err
	}
	input := &model.ReserveUsageInput{
		Provider: e.providerName(s), Metadata: metadata, Estimate: &model.UsageEstimateInput{}, TTLSeconds: new(defaultTTL),
	}
	call, err := wire.Parse(wire.Match(http.MethodPost, e.path(), http.Header{}), http.Header{}, body)
	cost := s.cost
	switch {
	case err != nil && cost == "":
		return nil, fault.BadInput("request.json", "%v", err)
	case err != nil || call.Unbounded != "":
		if cost == "" {
			cost = otherCost
		}
	default:
		input.Estimate.InputTokens, input.Estimate.MaxOutputTokens = &call.InputTokens, call.MaxOutputTokens
		input.ServiceTier = new(db.ServiceTier(call.ServiceTier))
		if call.Kind == wire.Images {
			input.Estimate.Images = &call.N
		}
	}
	if call != nil && call.Model != "" {
		input.Model = &call.Model
	}
	if cost != "" {
		amount, err := decimal.NewFromString(cost)
		if err != nil {
			return nil, fault.BadInput("estimate.cost", "must be a number")
		}
		input.Estimate.Cost = &amount
	}
	return input, nil
}

// kept returns what is kept with a call of Portkey's metadata.
func (e *event) kept() (db.Metadata, error) {
	given := map[string]any{}
	for name, value := range e.Metadata {
		given[name] = value
	}
	return scalar.UnmarshalMetadata(given)
}

// providerName returns Bursar's name of the provider.
func (e *event) providerName(s *settings) *string {
	name := e.Provider
	switch {
	case s.provider != "":
		name = s.provider
	case name == "vertex-ai":
		name = "google"
	case name == "bedrock":
		name = "aws"
	case name == "azure-openai", name == "azure-ai":
		name = "azure"
	case name == "together-ai":
		name = "together"
	case name == "fireworks-ai":
		name = "fireworks"
	case name == "mistral-ai":
		name = "mistral"
	}
	if name == "" {
		return nil
	}
	return &name
}
