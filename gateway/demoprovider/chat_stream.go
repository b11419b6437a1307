package demoprovider

import (
	"bytes"

	"bursar/gateway/demoprovider/demomodel"
)

// mark stands where a token goes in an event.
const mark = "\x00"

// cutAtMark returns an event in two parts, before and after the JSON of the mark.
func cutAtMark(event object) (head, tail []byte) {
	head, tail, _ = bytes.Cut(marshal(event), marshal(mark))
	return head, tail
}

// chunk returns an event with a delta of a candidate.
func (f *chatFormat) chunk(candidate int64, delta object, finishReason any) object {
	event := f.envelope("chat.completion.chunk", []any{object{"index": candidate, "delta": delta, "logprobs": nil, "finish_reason": finishReason}})
	if f.usageAsked {
		event["usage"] = nil
	}
	return event
}

func (f *chatFormat) begin(to *sink) {
	for i := range f.a.Asked.Candidates {
		to.object("", f.chunk(i, object{"role": "assistant", "content": "", "refusal": nil}, nil))
	}
}

// open prepares the events of the part's tokens, and begins a call. Thoughts are not shown.
func (f *chatFormat) open(to *sink, _ int, p *demomodel.Part) {
	f.around = nil
	for i := range f.a.Asked.Candidates {
		delta := object{"content": mark}
		if p.Kind == demomodel.Call {
			to.object("", f.chunk(i, object{"tool_calls": []any{object{"index": 0, "id": f.callID(i), "type": "function",
				"function": object{"name": p.Call, "arguments": ""}}}}, nil))
			delta = object{"tool_calls": []any{object{"index": 0, "function": object{"arguments": mark}}}}
		}
		head, tail := cutAtMark(f.chunk(i, delta, nil))
		f.around = append(f.around, head, tail)
	}
}

func (f *chatFormat) piece(to *sink, _ int, p *demomodel.Part, token string) {
	if p.Kind == demomodel.Thought {
		return
	}
	content := marshal(token)
	for i := 0; i < len(f.around); i += 2 {
		to.event("", f.around[i], content, f.around[i+1])
	}
}

func (f *chatFormat) end(*sink, int, *demomodel.Part) {}

func (f *chatFormat) finish(to *sink) {
	for i := range f.a.Asked.Candidates {
		to.object("", f.chunk(i, object{}, f.finishReason()))
	}
	if u := f.e.chatUsage(f.a); f.usageAsked && u != nil {
		event := f.envelope("chat.completion.chunk", []any{})
		event["usage"] = u
		to.object("", event)
	}
	to.event("", []byte("[DONE]"))
}

func (f *chatFormat) fail(to *sink) { to.object("", openAI.errorObject(midway(), f.e.id)) }

// midway is the error in the middle of a stream.
func midway() failure {
	return failure{status: 500, message: "The server had an error while it was processing your request."}
}
