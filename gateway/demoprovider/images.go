package demoprovider

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"bursar/gateway/demoprovider/demomodel"
	"bursar/usage"
)

// maxImages is how many images one request may ask for.
const maxImages = 10

// tokensOfDrawing is how many output tokens an image counts.
const tokensOfDrawing = 272

// fields returns the fields of a request that is JSON or a form with files, as texts, and how many bytes the files have.
func (e *exchange) fields() (fields map[string]string, fileBytes int64, ok bool) {
	fields = map[string]string{}
	kind, parameters, _ := mime.ParseMediaType(e.r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		var request map[string]any
		if !e.decode(&request) {
			return nil, 0, false
		}
		for name, value := range request {
			if text, isText := value.(string); isText {
				fields[name] = text
			} else {
				fields[name] = string(marshal(value))
			}
		}
		return fields, 0, true
	}
	form, err := multipart.NewReader(bytes.NewReader(e.body), parameters["boundary"]).ReadForm(maxBody)
	if err != nil {
		e.fail(failure{status: http.StatusBadRequest, message: "We could not parse the form of your request: " + err.Error()})
		return nil, 0, false
	}
	defer func() { _ = form.RemoveAll() }() // all of it is in memory
	for name, values := range form.Value {
		fields[name] = values[0]
	}
	for _, files := range form.File {
		for _, file := range files {
			fileBytes += file.Size
		}
	}
	return fields, fileBytes, true
}

// images answers POST /v1/images/generations, edits and variations.
func (e *exchange) images() {
	fields, fileBytes, ok := e.fields()
	if !ok {
		return
	}
	if _, ok := e.knownModel(fields["model"], demomodel.Images); !ok {
		return
	}
	number := int64(1)
	if text := fields["n"]; text != "" && text != "null" {
		if err := json.Unmarshal([]byte(text), &number); err != nil || number < 1 || number > maxImages {
			e.fail(failure{status: http.StatusBadRequest, param: "n", message: "n is 1 to " + strconv.Itoa(maxImages)})
			return
		}
	}
	if !e.wait(e.timing.First) {
		return
	}
	var data []any
	encoded := base64.StdEncoding.EncodeToString(demomodel.Draw(fields["prompt"]))
	for range number {
		if fields["response_format"] == "url" {
			data = append(data, object{"url": "data:image/png;base64," + encoded})
		} else {
			data = append(data, object{"b64_json": encoded})
		}
	}
	u := usage.Parts{InputTokens: demomodel.CountTokens(fields["prompt"]), OutputTokens: number * tokensOfDrawing, Images: number}
	if fileBytes > 0 {
		u.InputTokens += demomodel.TokensOfImage
	}
	e.used(u)
	told := object{"input_tokens": u.InputTokens, "output_tokens": number * tokensOfDrawing, "total_tokens": u.InputTokens + number*tokensOfDrawing,
		"input_tokens_details": object{"text_tokens": demomodel.CountTokens(fields["prompt"]), "image_tokens": u.InputTokens - demomodel.CountTokens(fields["prompt"])}}
	if fields["stream"] == "true" {
		e.streamImage(encoded, told)
		return
	}
	whole := object{"created": e.began.Unix(), "background": "opaque", "output_format": "png", "quality": "low", "size": "1024x1024", "data": data}
	if told = e.distorted(told, "input_tokens", "input_tokens_details", "cached_tokens"); told != nil {
		whole["usage"] = told
	}
	e.answerJSON(whole)
}

// streamImage answers with the only event that a stream without partial images has.
func (e *exchange) streamImage(encoded string, told object) {
	name := "image_generation.completed"
	if strings.HasSuffix(e.r.URL.Path, "/edits") {
		name = "image_edit.completed"
	}
	event := object{"type": name, "b64_json": encoded, "created_at": e.began.Unix(), "background": "opaque", "output_format": "png",
		"quality": "low", "size": "1024x1024"}
	if told = e.distorted(told, "input_tokens", "input_tokens_details", "cached_tokens"); told != nil {
		event["usage"] = told
	}
	e.streamEvents([]string{name}, []object{event})
}

// streamEvents answers with a few events at once.
func (e *exchange) streamEvents(names []string, events []object) {
	e.record(func(r *Request) { r.Stream, r.Status, r.ID = true, http.StatusOK, e.id })
	e.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	to := &sink{to: e.w, flusher: http.NewResponseController(e.w)}
	for i := range events {
		to.object(names[i], events[i])
		if e.demand.Cut && i == 0 {
			e.breakOff()
		}
	}
	if to.err != nil {
		e.ended(Left)
	}
}
