package wire

import (
	"bytes"
	"encoding/json"
	"maps"
	"strings"
)

// generated returns which members of an answer are text that the model has written.
func generated(kind Kind, stream bool) []string {
	if stream && (kind == Responses || kind == Transcription) { // the last events repeat what the deltas had
		return []string{"delta"}
	}
	switch kind {
	case Chat:
		return []string{"content", "reasoning_content", "reasoning", "refusal", "arguments", "transcript"}
	case Responses:
		return []string{"text", "arguments"}
	case Messages:
		return []string{"text", "thinking", "partial_json"}
	case Completions, Generate, Transcription:
		return []string{"text"}
	case Embeddings, Images, Speech, Free, Other:
	}
	return nil
}

// chat reads a chunk of a chat completion. Usage that stands in every chunk is cumulative: the last one counts.
func (a *answer) chat() (drop bool) {
	a.first()
	if string(bytes.TrimSpace(a.sieve.out)) == "[DONE]" {
		a.ended, a.terminal = true, true
		return false
	}
	a.finished = a.finished || a.sieve.finish
	if a.sieve.usage != 1 {
		return false
	}
	a.keep()
	var chunk struct {
		Choices []json.RawMessage `json:"choices"`
		Error   json.RawMessage   `json:"error"`
	}
	if json.Unmarshal(a.sieve.out, &chunk) != nil || len(chunk.Choices) > 0 {
		a.ended = a.ended || a.finished
		return false
	}
	a.ended = true
	return a.hide && !a.sieve.failure
}

// responses reads an event of the Responses API.
func (a *answer) responses() {
	switch a.sieve.kind {
	case "response.completed", "response.incomplete", "response.failed":
		a.ended, a.terminal = true, true
		a.failed = a.failed || a.sieve.kind == "response.failed"
	case "error":
		a.terminal = true
	}
	if a.sieve.usage > 0 {
		a.keep()
	}
}

// gemini reads a chunk of Gemini, whose usage is cumulative.
func (a *answer) gemini() {
	if a.sieve.search {
		a.search = append(a.search[:0], a.sieve.out...)
	}
	a.finished = a.finished || a.sieve.finish
	if a.sieve.usage == 1 {
		a.keep()
		a.ended = a.ended || a.finished || bytes.Contains(a.sieve.out, []byte(`"blockReason"`))
	}
}

// media reads an event about pictures or sound.
func (a *answer) media() {
	if strings.HasPrefix(a.sieve.kind, "image_") && strings.HasSuffix(a.sieve.kind, ".completed") {
		a.pictures++
	}
	if a.sieve.usage > 0 {
		a.keep()
	}
	switch {
	case strings.HasSuffix(a.sieve.kind, ".completed"): // several pictures have one each
		a.ended = a.pictures >= a.call.N
	case a.sieve.kind == "speech.audio.done", a.sieve.kind == "transcript.text.done":
		a.ended = true
	}
	a.terminal = a.terminal || a.ended
}

// anthropic reads an event of Anthropic's Messages API.
func (a *answer) anthropic() {
	switch a.sieve.kind {
	case "message_stop":
		a.ended, a.terminal = true, true
	case "error":
		a.terminal = true
	}
	if a.sieve.usage == 0 || a.sieve.err != nil {
		return
	}
	if a.messages == nil {
		a.messages = &messagesUsage{}
	}
	if err := a.messages.add(a.sieve.out); err != nil {
		a.err = err
	}
}

// messagesUsage is the usage of a stream of Anthropic: message_start has it, and each message_delta has it anew, cumulative. A field counts
// as it stands in the last event that has it and is not null, but a 0 never replaces a positive number of input.
type messagesUsage struct {
	model json.RawMessage
	usage map[string]json.RawMessage
}

// add reads the usage of an event.
func (m *messagesUsage) add(event []byte) error {
	var read struct {
		Message struct {
			Model json.RawMessage            `json:"model"`
			Usage map[string]json.RawMessage `json:"usage"`
		} `json:"message"`
		Usage map[string]json.RawMessage `json:"usage"`
	}
	if err := json.Unmarshal(event, &read); err != nil {
		return err
	}
	if len(read.Message.Model) > 0 {
		m.model = read.Message.Model
	}
	if m.usage == nil {
		m.usage = map[string]json.RawMessage{}
	}
	overwrite(m.usage, read.Message.Usage)
	overwrite(m.usage, read.Usage)
	return nil
}

// overwrite takes over the fields that say anything.
func overwrite(into, from map[string]json.RawMessage) {
	for field, value := range from {
		old := into[field]
		switch {
		case string(value) == "null":
		case field != "output_tokens" && string(value) == "0" && len(old) > 0 && string(old) != "null":
		case field == "cache_creation" && len(old) > 0 && old[0] == '{' && value[0] == '{':
			into[field] = overwritten(old, value)
		default:
			into[field] = value
		}
	}
}

// overwritten is overwrite for an object in the usage.
func overwritten(old, value json.RawMessage) json.RawMessage {
	var into, from map[string]json.RawMessage
	if json.Unmarshal(old, &into) != nil || json.Unmarshal(value, &from) != nil {
		return value
	}
	overwrite(into, from)
	encoded, err := json.Marshal(into)
	if err != nil {
		return value
	}
	return encoded
}

// document returns the usage as an answer that is no stream has it; nil when there is none.
func (m *messagesUsage) document() []byte {
	if len(m.usage) == 0 {
		return nil
	}
	whole := map[string]any{"usage": maps.Clone(m.usage)}
	if len(m.model) > 0 {
		whole["model"] = m.model
	}
	encoded, err := json.Marshal(whole)
	if err != nil {
		return nil
	}
	return encoded
}
