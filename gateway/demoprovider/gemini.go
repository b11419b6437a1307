package demoprovider

import (
	"encoding/json"
	"net/http"
	"strings"

	"bursar/gateway/demoprovider/demomodel"
)

// geminiRequest is a request to generateContent, streamGenerateContent or countTokens, as far as it changes the answer.
type geminiRequest struct {
	Contents               geminiContents        `json:"contents"`
	SystemInstruction      *geminiContent        `json:"systemInstruction"`
	SystemInstruction2     *geminiContent        `json:"system_instruction"`
	Tools                  []geminiTools         `json:"tools"`
	ToolConfig             geminiToolConfig      `json:"toolConfig"`
	GenerationConfig       geminiConfig          `json:"generationConfig"`
	GenerateContentRequest *geminiRequest        `json:"generateContentRequest"` // of countTokens
	Content                *geminiContent        `json:"content"`                // of embedContent
	Requests               []geminiEmbedding     `json:"requests"`               // of batchEmbedContents
	OutputDimensionality   int                   `json:"outputDimensionality"`
	EmbedContentConfig     geminiEmbeddingConfig `json:"embedContentConfig"`
}

// geminiContents is a list of contents, or one of them.
type geminiContents []geminiContent

// UnmarshalJSON reads both forms.
func (c *geminiContents) UnmarshalJSON(body []byte) error {
	if len(body) > 0 && body[0] == '{' {
		*c = make(geminiContents, 1)
		return json.Unmarshal(body, &(*c)[0])
	}
	return json.Unmarshal(body, (*[]geminiContent)(c))
}

type geminiContent struct {
	Role  string `json:"role"`
	Parts []struct {
		Text             string          `json:"text"`
		InlineData       json.RawMessage `json:"inlineData"`
		FileData         json.RawMessage `json:"fileData"`
		FunctionCall     json.RawMessage `json:"functionCall"`
		FunctionResponse *struct {
			Response json.RawMessage `json:"response"`
		} `json:"functionResponse"`
	} `json:"parts"`
}

type geminiTools struct {
	FunctionDeclarations []struct {
		Name                 string          `json:"name"`
		Parameters           json.RawMessage `json:"parameters"`
		ParametersJSONSchema json.RawMessage `json:"parametersJsonSchema"`
	} `json:"functionDeclarations"`
}

type geminiToolConfig struct {
	FunctionCallingConfig struct {
		Mode                 string   `json:"mode"`
		AllowedFunctionNames []string `json:"allowedFunctionNames"`
	} `json:"functionCallingConfig"`
}

type geminiConfig struct {
	MaxOutputTokens    *int64          `json:"maxOutputTokens"`
	CandidateCount     *int64          `json:"candidateCount"`
	ResponseMimeType   string          `json:"responseMimeType"`
	ResponseSchema     json.RawMessage `json:"responseSchema"`
	ResponseJSONSchema json.RawMessage `json:"responseJsonSchema"`
	ThinkingConfig     struct {
		IncludeThoughts bool   `json:"includeThoughts"`
		ThinkingBudget  *int64 `json:"thinkingBudget"`
		ThinkingLevel   string `json:"thinkingLevel"`
	} `json:"thinkingConfig"`
}

// geminiCall answers POST /v1beta/models/MODEL:METHOD.
func (e *exchange) geminiCall() {
	name, method, _ := strings.Cut(e.r.PathValue("call"), ":")
	var request geminiRequest
	if !e.decode(&request) {
		return
	}
	does, known := map[string]string{"generateContent": demomodel.Chat, "streamGenerateContent": demomodel.Chat, "countTokens": "", "embedContent": demomodel.Embeddings,
		"batchEmbedContents": demomodel.Embeddings}[method]
	if !known {
		e.fail(failure{status: http.StatusNotFound, message: "There is no method " + quoted(method) + "."})
		return
	}
	model, ok := e.knownModel(name, does)
	if !ok {
		return
	}
	switch method {
	case "countTokens":
		e.model = nil // counting is free
		e.answerJSON(request.count(model))
	case "embedContent", "batchEmbedContents":
		e.geminiEmbeddings(&request, method == "batchEmbedContents")
	default:
		e.generate(&request, model, method == "streamGenerateContent")
	}
}

// generate answers generateContent and streamGenerateContent: with alt=sse as events, else as a JSON array.
func (e *exchange) generate(request *geminiRequest, model *demomodel.Model, stream bool) {
	if len(request.Contents) == 0 {
		e.fail(failure{status: http.StatusBadRequest, message: "GenerateContentRequest.contents: contents is not specified"})
		return
	}
	a, ok := e.answer(request.ask(model))
	if !ok {
		return
	}
	f := &geminiFormat{e: e, a: a}
	switch {
	case stream && e.r.URL.Query().Get("alt") == "sse":
		e.stream(a, f, googleEvents)
	case stream:
		e.stream(a, f, array)
	case e.produceAll(a):
		e.answerJSON(f.whole())
	}
}

// count returns the answer of countTokens.
func (r *geminiRequest) count(model *demomodel.Model) object {
	if inner := r.GenerateContentRequest; inner != nil {
		r = inner
	}
	tokens := r.ask(model).InputTokens()
	return object{"totalTokens": tokens, "promptTokensDetails": []any{object{"modality": "TEXT", "tokenCount": tokens}}}
}

// ask returns what the request asks for.
func (r *geminiRequest) ask(model *demomodel.Model) *demomodel.Ask {
	config := &r.GenerationConfig
	q := &demomodel.Ask{Model: model, Candidates: 1, MaxOutput: config.MaxOutputTokens, Cached: true, Choice: r.ToolConfig.choice(), Effort: config.effort()}
	if config.CandidateCount != nil {
		q.Candidates = *config.CandidateCount
	}
	if config.ResponseMimeType == "application/json" {
		q.Schema = firstOf(config.ResponseJSONSchema, config.ResponseSchema, json.RawMessage(`{"type":"object","properties":{"answer":{}}}`))
	}
	for _, system := range []*geminiContent{r.SystemInstruction, r.SystemInstruction2} {
		if system != nil {
			sayGemini(q, system, demomodel.System)
		}
	}
	for i := range r.Contents {
		by := demomodel.User
		if r.Contents[i].Role == "model" {
			by = demomodel.Assistant
		}
		sayGemini(q, &r.Contents[i], by)
	}
	for _, list := range r.Tools {
		for _, declared := range list.FunctionDeclarations {
			q.Tools = append(q.Tools, demomodel.Tool{Name: declared.Name, Schema: firstOf(declared.ParametersJSONSchema, declared.Parameters)})
		}
	}
	return q
}

// sayGemini adds a content. Results of tools are turns of their own.
func sayGemini(q *demomodel.Ask, c *geminiContent, by demomodel.Role) {
	images := 0
	var texts []string
	for i := range c.Parts {
		p := &c.Parts[i]
		if p.FunctionResponse != nil {
			q.Conversation.Say(demomodel.ToolResult, string(p.FunctionResponse.Response), 0)
		}
		if p.InlineData != nil || p.FileData != nil {
			images++
		}
		if said := p.Text + string(p.FunctionCall); said != "" {
			texts = append(texts, said)
		}
	}
	if len(texts) > 0 || images > 0 {
		q.Conversation.Say(by, strings.Join(texts, "\n"), images)
	}
}

func (c *geminiToolConfig) choice() demomodel.ToolChoice {
	switch config := &c.FunctionCallingConfig; {
	case config.Mode == "NONE":
		return demomodel.ToolChoice{Mode: "none"}
	case config.Mode == "ANY" && len(config.AllowedFunctionNames) > 0:
		return demomodel.ToolChoice{Mode: "tool", Name: config.AllowedFunctionNames[0]}
	case config.Mode == "ANY":
		return demomodel.ToolChoice{Mode: "required"}
	}
	return demomodel.ToolChoice{}
}

func (c *geminiConfig) effort() demomodel.Effort {
	wanted := demomodel.EffortOf(c.ThinkingConfig.ThinkingLevel)
	if budget := c.ThinkingConfig.ThinkingBudget; budget != nil && *budget >= 0 {
		most := min(*budget, demomodel.OwnEffort)
		wanted = &most
	}
	return demomodel.Effort{Tokens: wanted, Shown: c.ThinkingConfig.IncludeThoughts}
}

// firstOf returns the first that is there.
func firstOf(list ...json.RawMessage) json.RawMessage {
	for _, each := range list {
		if each != nil {
			return each
		}
	}
	return nil
}
