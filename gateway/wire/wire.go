// Package wire knows the HTTP APIs of OpenAI, Anthropic and Gemini as far as a gateway has to: which call a request is, whose key it
// carries, what bounds its cost, what was used by the answer that passes through, and how an error looks to the caller's SDK.
// It opens no connection and keeps no state between calls.
package wire

import (
	"net/http"
	"path"
	"strings"

	"bursar/usage"
)

// Dialect is whose API a path belongs to. It decides the form of errors.
type Dialect string

// The dialects. A path that none of them claims is OpenAI's, whose form most other providers share.
const (
	OpenAI    Dialect = "openai"
	Anthropic Dialect = "anthropic"
	Gemini    Dialect = "gemini"
)

// Kind is what a call does.
type Kind string

// The kinds.
const (
	Chat          Kind = "chat"          // OpenAI's chat completions
	Completions   Kind = "completions"   // OpenAI's older completions
	Responses     Kind = "responses"     // OpenAI's Responses API
	Embeddings    Kind = "embeddings"    // OpenAI's, and Gemini's embedContent and batchEmbedContents
	Images        Kind = "images"        // OpenAI's generations, edits and variations
	Speech        Kind = "speech"        // text to sound
	Transcription Kind = "transcription" // sound to text, translations too
	Messages      Kind = "messages"      // Anthropic's Messages API
	Generate      Kind = "generate"      // Gemini's generateContent and streamGenerateContent
	Free          Kind = "free"          // costs nothing: lists of models, counting tokens, moderation, and whatever is only read or deleted
	Other         Kind = "other"         // passed on; what it costs is not known
)

// Endpoint is the call that a request's method and path name.
type Endpoint struct {
	Dialect Dialect
	Kind    Kind
	Flavor  usage.Flavor // what reads its answer; empty for Free and Other
	Model   string       // as the path names it; empty where the body does
	Stream  bool         // whether the path asks for a stream
	Path    string       // the path in its shortest form, as it has to be sent upstream: without "//", "." , ".." and a "/" at its end
}

// Operation returns the name of the call in the semantic conventions of OpenTelemetry for generative AI.
func (e *Endpoint) Operation() string {
	switch e.Kind {
	case Chat, Responses, Messages:
		return "chat"
	case Completions:
		return "text_completion"
	case Embeddings:
		return "embeddings"
	case Generate, Images, Speech, Transcription:
		return "generate_content"
	case Free, Other:
	}
	return string(e.Kind)
}

// Match says which call a request is. It always answers: what it does not know is Other, so that no spelling of a path is a way around
// a budget. A call is known by the end of its path, whatever stands before that ("/v1", "/openai/v1", nothing), in any case.
// The path is decoded, as net/url.URL.Path is. Headers tell the dialect where a path does not.
func Match(method, decoded string, header http.Header) Endpoint {
	e := Endpoint{Kind: Other, Path: path.Clean("/" + decoded)}
	segments := strings.Split(e.Path[1:], "/")
	e.Dialect = dialect(segments, header)
	switch method {
	case http.MethodGet, http.MethodHead:
		if e.Kind = Free; contains(segments, "realtime") || contains(segments, "live") { // a WebSocket
			e.Kind = Other
		}
	case http.MethodDelete, http.MethodOptions:
		e.Kind = Free
	case http.MethodPost:
		if !e.action(segments) {
			e.post(segments)
		}
	}
	return e
}

// dialect returns whose API a path belongs to, if the path does not name a call.
func dialect(segments []string, header http.Header) Dialect {
	switch {
	case header.Get("Anthropic-Version") != "":
		return Anthropic
	case contains(segments, "openai"):
		return OpenAI // Gemini's and Azure's compatible paths
	case strings.HasPrefix(segments[0], "v1beta"), header.Get("X-Goog-Api-Key") != "", header.Get("X-Goog-Api-Client") != "":
		return Gemini
	}
	return OpenAI
}

// contains says whether a path has a segment, in any case.
func contains(segments []string, name string) bool {
	for _, segment := range segments {
		if strings.EqualFold(segment, name) {
			return true
		}
	}
	return false
}

// action reads a path of Google's form, ".../models/NAME:ACTION", and says whether it has that form.
func (e *Endpoint) action(segments []string) bool {
	model, action, found := cutLast(segments[len(segments)-1], ":")
	if !found || len(segments) < 2 {
		return false
	}
	e.Dialect, e.Model = Gemini, model
	switch strings.ToLower(action) {
	case "generatecontent":
		e.Kind, e.Flavor = Generate, usage.Gemini
	case "streamgeneratecontent":
		e.Kind, e.Flavor, e.Stream = Generate, usage.Gemini, true
	case "embedcontent", "batchembedcontents":
		e.Kind, e.Flavor = Embeddings, usage.Gemini
	case "counttokens":
		e.Kind = Free
	case "rawpredict", "streamrawpredict": // Claude on Vertex AI
		if contains(segments, "anthropic") {
			e.Dialect, e.Kind, e.Flavor, e.Stream = Anthropic, Messages, usage.Anthropic, strings.EqualFold(action, "streamRawPredict")
		}
	}
	return true
}

// cutLast cuts a text at the last place of a separator.
func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

// post reads the path of a call of OpenAI or Anthropic by its last segments.
func (e *Endpoint) post(segments []string) {
	last := func(n int) string {
		return strings.ToLower(strings.Join(segments[max(len(segments)-n, 0):], "/"))
	}
	set := func(dialect Dialect, kind Kind, flavor usage.Flavor) {
		e.Dialect, e.Kind, e.Flavor = dialect, kind, flavor
	}
	switch last(2) {
	case "chat/completions":
		set(OpenAI, Chat, usage.OpenAIChat)
		e.Model = deployment(segments)
		return
	case "responses/compact":
		set(OpenAI, Responses, usage.OpenAIResponses)
		return
	case "responses/input_tokens":
		set(OpenAI, Free, "")
		return
	case "images/generations", "images/edits", "images/variations":
		set(OpenAI, Images, usage.OpenAIImages)
		e.Model = deployment(segments)
		return
	case "audio/speech":
		set(OpenAI, Speech, usage.OpenAITranscription)
		return
	case "audio/transcriptions", "audio/translations":
		set(OpenAI, Transcription, usage.OpenAITranscription)
		return
	case "messages/count_tokens":
		set(Anthropic, Free, "")
		return
	}
	switch last(1) {
	case "completions":
		set(OpenAI, Completions, usage.OpenAIChat)
		e.Model = deployment(segments)
	case "responses":
		set(OpenAI, Responses, usage.OpenAIResponses)
	case "embeddings":
		set(OpenAI, Embeddings, usage.OpenAIEmbeddings)
		e.Model = deployment(segments)
	case "messages":
		if !contains(segments, "threads") { // OpenAI's threads have messages, too
			set(Anthropic, Messages, usage.Anthropic)
		}
	case "moderations", "cancel":
		set(OpenAI, Free, "")
	}
}

// deployment returns the deployment that a path of Azure OpenAI names, which stands for the model; empty in other paths.
func deployment(segments []string) string {
	for i := range len(segments) - 1 {
		if strings.EqualFold(segments[i], "deployments") {
			return segments[i+1]
		}
	}
	return ""
}
