package demoprovider

import (
	"strconv"

	"bursar/gateway/demoprovider/demomodel"
)

// messageFormat writes messages of Anthropic.
type messageFormat struct {
	e          *exchange
	a          *demomodel.Answer
	index      int    // of the block, as clients count them: thoughts that are not shown are none
	head, tail []byte // of the events with a token
}

// signature is what stands for the proof of thoughts, which clients send back.
const signature = "ZGVtbw=="

// hidden reports whether a part is not in the answer.
func (f *messageFormat) hidden(p *demomodel.Part) bool {
	return p.Kind == demomodel.Thought && !f.a.Asked.Effort.Shown
}

// block returns a part as a block of content, whole or without what it says.
func (f *messageFormat) block(p *demomodel.Part, whole bool) object {
	said := ""
	if whole {
		said = p.Text()
	}
	switch p.Kind {
	case demomodel.Thought:
		block := object{"type": "thinking", "thinking": said, "signature": ""}
		if whole {
			block["signature"] = signature
		}
		return block
	case demomodel.Call:
		block := object{"type": "tool_use", "id": "toolu_" + f.a.ID, "name": p.Call, "input": object{}}
		if whole && !f.a.Short { // JSON that was cut is none
			block["input"] = rawJSON(said)
		}
		return block
	case demomodel.Text:
	}
	return object{"type": "text", "text": said}
}

func (f *messageFormat) envelope(content []any, stopReason any, usage object) object {
	m := object{"id": "msg_" + f.a.ID, "type": "message", "role": "assistant", "model": f.a.Asked.Model.Name, "content": content, "stop_reason": stopReason,
		"stop_sequence": nil}
	if usage != nil {
		m["usage"] = usage
	}
	return m
}

func (f *messageFormat) whole() object {
	content := []any{}
	for i := range f.a.Parts {
		if p := &f.a.Parts[i]; !f.hidden(p) && len(p.Tokens) > 0 {
			content = append(content, f.block(p, true))
		}
	}
	return f.envelope(content, f.stopReason(), f.usage(f.a.Usage.OutputTokens, f.a.Usage.ReasoningTokens))
}

func (f *messageFormat) stopReason() string {
	switch {
	case f.a.Short:
		return "max_tokens"
	case f.a.Calls():
		return "tool_use"
	}
	return "end_turn"
}

// usage returns the usage with a number of output tokens; nil where the request wants none. Input, cache reads and cache writes are apart.
func (f *messageFormat) usage(output, thoughts int64) object {
	u := f.a.Usage
	made := object{
		"input_tokens": u.InputTokens - u.CachedInputTokens - u.CacheWriteTokens, "cache_read_input_tokens": u.CachedInputTokens,
		"cache_creation_input_tokens": u.CacheWriteTokens, "output_tokens": output, "service_tier": "standard",
		"cache_creation": object{"ephemeral_5m_input_tokens": u.CacheWriteTokens - u.CacheWrite1hTokens,
			"ephemeral_1h_input_tokens": u.CacheWrite1hTokens},
	}
	if thoughts > 0 {
		made["output_tokens_details"] = object{"thinking_tokens": thoughts}
	}
	return f.e.distorted(made, "input_tokens", "cache_creation", "ephemeral_1h_input_tokens")
}

func (f *messageFormat) begin(to *sink) {
	to.object("message_start", object{"type": "message_start", "message": f.envelope([]any{}, nil, f.usage(1, 0))})
	to.object("ping", object{"type": "ping"})
}

func (f *messageFormat) open(to *sink, _ int, p *demomodel.Part) {
	if f.hidden(p) {
		return
	}
	to.object("content_block_start", object{"type": "content_block_start", "index": f.index, "content_block": f.block(p, false)})
	delta := [...]object{
		demomodel.Thought: {"type": "thinking_delta", "thinking": mark},
		demomodel.Text:    {"type": "text_delta", "text": mark},
		demomodel.Call:    {"type": "input_json_delta", "partial_json": mark},
	}[p.Kind]
	f.head, f.tail = cutAtMark(f.delta(delta))
}

func (f *messageFormat) delta(delta object) object {
	return object{"type": "content_block_delta", "index": f.index, "delta": delta}
}

func (f *messageFormat) piece(to *sink, _ int, p *demomodel.Part, token string) {
	if !f.hidden(p) {
		to.event("content_block_delta", f.head, marshal(token), f.tail)
	}
}

func (f *messageFormat) end(to *sink, _ int, p *demomodel.Part) {
	if f.hidden(p) {
		return
	}
	if p.Kind == demomodel.Thought {
		to.object("content_block_delta", f.delta(object{"type": "signature_delta", "signature": signature}))
	}
	to.event("content_block_stop", []byte(`{"type":"content_block_stop","index":`+strconv.Itoa(f.index)+`}`))
	f.index++
}

func (f *messageFormat) finish(to *sink) {
	event := object{"type": "message_delta", "delta": object{"stop_reason": f.stopReason(), "stop_sequence": nil}}
	if u := f.usage(f.a.Usage.OutputTokens, f.a.Usage.ReasoningTokens); u != nil {
		delete(u, "service_tier")
		delete(u, "cache_creation")
		event["usage"] = u
	}
	to.object("message_delta", event)
	to.object("message_stop", object{"type": "message_stop"})
}

func (f *messageFormat) fail(to *sink) {
	to.object("error", anthropic.errorObject(failure{status: 529, message: "Overloaded"}, f.e.id))
}
