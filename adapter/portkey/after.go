package portkey

import (
	"encoding/json"
	"net/http"

	"bursar/adapter"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/usage"
)

// after books what the answer says was used, or else, as for streams, whose hook is asked before their first chunk, what was held. The caller
// has the answer in any case: what could not be booked is told in data, and stands in Bursar's log.
func (p *portkey) after(w http.ResponseWriter, r *adapter.Request, e *event, s *settings, secret string) error {
	var carried struct {
		Hold *hold `json:"bursar_hold"`
	}
	if err := json.Unmarshal(e.Request.JSON, &carried); err != nil || carried.Hold == nil || carried.Hold.Reservation == "" {
		return fault.BadInput("request.json", "has no %s: put the same webhook into before_request_hooks", holdField)
	}
	metadata, err := e.kept()
	if err != nil {
		metadata = db.Metadata{}
	}
	report := &adapter.Report{Input: model.RecordUsageInput{
		ReservationID: &carried.Hold.Reservation, Provider: e.providerName(s), Metadata: metadata,
	}}
	if secret != "" {
		report.Input.Secret = &secret
	}
	reports := []*adapter.Report{report}
	if parts, told := e.used(); told {
		adapter.Apply(parts, &report.Input)
		if all, ok := report.WithOthers(parts.Others); ok {
			reports = all
		}
	} else {
		metadata["estimated"] = "true"
		report.Input.InputTokens, report.Input.Cost = &carried.Hold.Tokens, &carried.Hold.Cost
	}
	data := map[string]any{"reservation": carried.Hold.Reservation}
	for _, outcome := range p.enforcement.RecordAll(r.Context(), reports) {
		if outcome.Err != nil {
			return outcome.Err
		}
		data["replayed"] = outcome.Answer.Replayed
	}
	adapter.WriteJSON(w, http.StatusOK, map[string]any{"verdict": true, "data": data})
	return nil
}

// used returns what the answer says was used; false for one that says nothing, as a stream's.
func (e *event) used() (*usage.Parts, bool) {
	if e.Request.Streaming || len(e.Response.JSON) == 0 {
		return nil, false
	}
	flavor := usage.OpenAIChat
	switch e.Of {
	case "messages":
		flavor = usage.Anthropic
	case "createModelResponse":
		flavor = usage.OpenAIResponses
	case "embed":
		flavor = usage.OpenAIEmbeddings
	case "imageGenerate":
		flavor = usage.OpenAIImages
	}
	answer := e.Response.JSON
	if native := e.cachedWithin(flavor); native != nil {
		flavor, answer = usage.Anthropic, native
	}
	parts, err := usage.Read(flavor, answer)
	if err != nil {
		return nil, false
	}
	return &parts, true
}

// cachedWithin returns the usage of an answer of Anthropic's that Portkey has made one of OpenAI's, in Anthropic's form again: Portkey leaves cached
// tokens out of those that went in. nil for other answers.
func (e *event) cachedWithin(flavor usage.Flavor) []byte {
	var answer struct {
		Model string `json:"model"`
		Usage *struct {
			Prompt     int64 `json:"prompt_tokens"`
			Completion int64 `json:"completion_tokens"`
			Read       int64 `json:"cache_read_input_tokens"`
			Created    int64 `json:"cache_creation_input_tokens"`
		} `json:"usage"`
	}
	if flavor != usage.OpenAIChat || e.Provider != "anthropic" || json.Unmarshal(e.Response.JSON, &answer) != nil || answer.Usage == nil {
		return nil
	}
	u := answer.Usage
	whole, err := json.Marshal(map[string]any{"model": answer.Model, "usage": map[string]any{
		"input_tokens": u.Prompt, "cache_read_input_tokens": u.Read, "cache_creation_input_tokens": u.Created, "output_tokens": u.Completion,
	}})
	if err != nil {
		return nil
	}
	return whole
}
