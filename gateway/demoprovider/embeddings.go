package demoprovider

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"net/http"
	"strconv"

	"bursar/gateway/demoprovider/demomodel"
	"bursar/usage"
)

// Dimensions of embeddings.
const (
	ownDimensions  = 256
	mostDimensions = 3072
)

// base64Floats returns a vector as OpenAI has it in base64: floats of 32 bits, the lowest byte first.
func base64Floats(vector []float32) string {
	bytes := make([]byte, 0, 4*len(vector))
	for _, each := range vector {
		bytes = binary.LittleEndian.AppendUint32(bytes, math.Float32bits(each))
	}
	return base64.StdEncoding.EncodeToString(bytes)
}

// dimensions returns how many dimensions are asked for. It answers 400 and returns false when there are not so many.
func (e *exchange) dimensions(asked int) (int, bool) {
	if asked == 0 {
		return ownDimensions, true
	}
	if asked < 1 || asked > mostDimensions {
		e.fail(failure{status: http.StatusBadRequest, param: "dimensions", message: "dimensions is 1 to " + strconv.Itoa(mostDimensions)})
		return 0, false
	}
	return asked, true
}

// embeddings answers POST /v1/embeddings.
func (e *exchange) embeddings() {
	var request struct {
		Model          string  `json:"model"`
		Input          prompts `json:"input"`
		EncodingFormat string  `json:"encoding_format"`
		Dimensions     int     `json:"dimensions"`
	}
	if !e.decode(&request) {
		return
	}
	model, ok := e.knownModel(request.Model, demomodel.Embeddings)
	if !ok {
		return
	}
	dimensions, ok := e.dimensions(request.Dimensions)
	if !ok {
		return
	}
	if len(request.Input) == 0 {
		e.fail(failure{status: http.StatusBadRequest, param: "input", message: "There is no input."})
		return
	}
	var data []any
	tokens := int64(0)
	for i, each := range request.Input {
		vector := any(demomodel.Embed(each.text, dimensions))
		if request.EncodingFormat == "base64" {
			vector = base64Floats(demomodel.Embed(each.text, dimensions))
		}
		data = append(data, object{"object": "embedding", "index": i, "embedding": vector})
		tokens += each.tokens
	}
	whole := object{"object": "list", "data": data, "model": model.Name}
	if u := e.distorted(object{"prompt_tokens": tokens, "total_tokens": tokens}, "prompt_tokens", "", ""); u != nil {
		whole["usage"] = u
	}
	if e.wait(e.timing.First) {
		e.used(usage.Parts{InputTokens: tokens})
		e.answerJSON(whole)
	}
}

// geminiEmbedding is one request of batchEmbedContents.
type geminiEmbedding struct {
	Content              geminiContent         `json:"content"`
	OutputDimensionality int                   `json:"outputDimensionality"`
	EmbedContentConfig   geminiEmbeddingConfig `json:"embedContentConfig"`
}

type geminiEmbeddingConfig struct {
	OutputDimensionality int `json:"outputDimensionality"`
}

// geminiEmbeddings answers embedContent and batchEmbedContents.
func (e *exchange) geminiEmbeddings(request *geminiRequest, batch bool) {
	if !batch && request.Content != nil {
		request.Requests = []geminiEmbedding{{*request.Content, request.OutputDimensionality, request.EmbedContentConfig}}
	}
	if len(request.Requests) == 0 {
		e.fail(failure{status: http.StatusBadRequest, message: "There is no content."})
		return
	}
	var list []any
	tokens := int64(0)
	for i := range request.Requests {
		each := &request.Requests[i]
		dimensions, ok := e.dimensions(max(each.OutputDimensionality, each.EmbedContentConfig.OutputDimensionality))
		if !ok {
			return
		}
		q := &demomodel.Ask{}
		sayGemini(q, &each.Content, demomodel.User)
		said, _, _ := q.Conversation.Question()
		tokens += demomodel.CountTokens(said)
		list = append(list, object{"values": demomodel.Embed(said, dimensions)})
	}
	whole := object{"embeddings": list}
	if !batch {
		whole = object{"embedding": list[0]}
	}
	whole["usageMetadata"] = object{"promptTokenCount": tokens, "totalTokenCount": tokens}
	if e.demand.NoUsage {
		delete(whole, "usageMetadata")
	}
	if e.wait(e.timing.First) {
		e.used(usage.Parts{InputTokens: tokens})
		e.answerJSON(whole)
	}
}
