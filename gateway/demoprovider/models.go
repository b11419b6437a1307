package demoprovider

import (
	"net/http"
	"time"

	"bursar/gateway/demoprovider/demomodel"
)

// listModels answers a list of models, in the form of the dialect.
func (e *exchange) listModels() {
	var list []any
	for _, m := range demomodel.Models() {
		list = append(list, e.describe(&m))
	}
	switch e.dialect {
	case anthropic:
		e.answerJSON(object{"data": list, "has_more": false, "first_id": demomodel.Models()[0].Name, "last_id": demomodel.Models()[len(list)-1].Name})
	case gemini:
		e.answerJSON(object{"models": list})
	default:
		e.answerJSON(object{"object": "list", "data": list})
	}
}

// getModel answers one model.
func (e *exchange) getModel() {
	if m, ok := e.knownModel(e.r.PathValue("model"), ""); ok {
		e.answerJSON(e.describe(m))
	}
}

func (e *exchange) describe(m *demomodel.Model) object {
	switch e.dialect {
	case anthropic:
		return object{"type": "model", "id": m.Name, "display_name": m.Name, "created_at": released().Format(time.RFC3339)}
	case gemini:
		methods := []string{"generateContent", "streamGenerateContent", "countTokens"}
		if m.Does == demomodel.Embeddings {
			methods = []string{"embedContent", "batchEmbedContents"}
		}
		return object{"name": "models/" + m.Name, "version": "1", "displayName": m.Name, "description": "A demo model for " + m.Does,
			"inputTokenLimit": maxInputTokens, "outputTokenLimit": m.MaxOutputTokens, "supportedGenerationMethods": methods}
	}
	return object{"id": m.Name, "object": "model", "created": released().Unix(), "owned_by": "bursar"}
}

// maxInputTokens is what models say that they read at most. It is not enforced.
const maxInputTokens = 1_000_000

// released is when the models came out.
func released() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

// knownModel returns a model that does something, whatever that is for "". It answers 404 or 400 and returns false when there is none.
func (e *exchange) knownModel(name, does string) (*demomodel.Model, bool) {
	m, ok := demomodel.Find(name)
	e.record(func(r *Request) { r.Model = name })
	if !ok {
		e.fail(failure{status: http.StatusNotFound, code: "model_not_found", param: "model",
			message: "The model " + quoted(name) + " does not exist. The demo provider has demo-small, demo-large and others: see GET /v1/models."})
		return nil, false
	}
	if does != "" && m.Does != does {
		e.fail(failure{status: http.StatusBadRequest, param: "model", message: "The model " + name + " is for " + m.Does + ", not for " + does + "."})
		return nil, false
	}
	e.model = &m
	return &m, true
}
