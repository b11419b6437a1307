package demoprovider

import (
	"strconv"

	"bursar/gateway/demoprovider/demomodel"
)

// itemID returns the id of the item that a part becomes.
func (f *responsesFormat) itemID(i int, p *demomodel.Part) string {
	return [...]string{demomodel.Thought: "rs_", demomodel.Text: "msg_", demomodel.Call: "fc_"}[p.Kind] + f.a.ID + strconv.Itoa(i)
}

// item returns the item that a part becomes, whole or, in progress, without what it says.
func (f *responsesFormat) item(i int, p *demomodel.Part, status string) object {
	done := status == "completed"
	if done && f.a.Short && i == len(f.a.Parts)-1 {
		status = "incomplete"
	}
	switch p.Kind {
	case demomodel.Thought:
		return object{"id": f.itemID(i, p), "type": "reasoning", "summary": []any{}}
	case demomodel.Call:
		made := object{"id": f.itemID(i, p), "type": "function_call", "status": status, "call_id": "call_" + f.a.ID, "name": p.Call, "arguments": ""}
		if done {
			made["arguments"] = p.Text()
		}
		return made
	case demomodel.Text:
	}
	content := []any{}
	if done {
		content = append(content, outputText(p.Text()))
	}
	return object{"id": f.itemID(i, p), "type": "message", "status": status, "role": "assistant", "content": content}
}

func outputText(text string) object {
	return object{"type": "output_text", "text": text, "annotations": []any{}, "logprobs": []any{}}
}

// event writes an event with its number.
func (f *responsesFormat) event(to *sink, name string, data object) {
	data["type"], data["sequence_number"] = name, f.number
	f.number++
	to.object(name, data)
}

func (f *responsesFormat) begin(to *sink) {
	f.event(to, "response.created", object{"response": f.envelope("in_progress", []any{})})
	f.event(to, "response.in_progress", object{"response": f.envelope("in_progress", []any{})})
}

func (f *responsesFormat) open(to *sink, i int, p *demomodel.Part) {
	f.event(to, "response.output_item.added", object{"output_index": i, "item": f.item(i, p, "in_progress")})
	delta := object{"type": f.deltaName(p), "item_id": f.itemID(i, p), "output_index": i, "delta": mark}
	if p.Kind == demomodel.Text {
		f.event(to, "response.content_part.added", object{"item_id": f.itemID(i, p), "output_index": i, "content_index": 0, "part": outputText("")})
		delta["content_index"], delta["logprobs"] = 0, []any{}
	}
	f.head, f.tail = cutAtMark(delta)
	f.tail = f.tail[:len(f.tail)-1] // without the brace, before which the number goes
}

func (f *responsesFormat) deltaName(p *demomodel.Part) string {
	if p.Kind == demomodel.Call {
		return "response.function_call_arguments.delta"
	}
	return "response.output_text.delta"
}

func (f *responsesFormat) piece(to *sink, _ int, p *demomodel.Part, token string) {
	if p.Kind == demomodel.Thought {
		return
	}
	to.event(f.deltaName(p), f.head, marshal(token), f.tail, []byte(`,"sequence_number":`+strconv.Itoa(f.number)+"}"))
	f.number++
}

func (f *responsesFormat) end(to *sink, i int, p *demomodel.Part) {
	id := f.itemID(i, p)
	switch p.Kind {
	case demomodel.Thought:
	case demomodel.Text:
		f.event(to, "response.output_text.done", object{"item_id": id, "output_index": i, "content_index": 0, "text": p.Text(), "logprobs": []any{}})
		f.event(to, "response.content_part.done", object{"item_id": id, "output_index": i, "content_index": 0, "part": outputText(p.Text())})
	case demomodel.Call:
		f.event(to, "response.function_call_arguments.done", object{"item_id": id, "output_index": i, "name": p.Call, "arguments": p.Text()})
	}
	f.event(to, "response.output_item.done", object{"output_index": i, "item": f.item(i, p, "completed")})
}

func (f *responsesFormat) finish(to *sink) {
	name := "response.completed"
	if f.a.Short {
		name = "response.incomplete"
	}
	f.event(to, name, object{"response": f.whole()})
}

// fail writes an error with flat fields, as OpenAI documents it, and with a nested error, which some clients want.
func (f *responsesFormat) fail(to *sink) {
	problem := midway()
	f.event(to, "error", object{"code": "server_error", "message": problem.message, "param": nil,
		"error": object{"type": "server_error", "code": "server_error", "message": problem.message, "param": nil}})
}
