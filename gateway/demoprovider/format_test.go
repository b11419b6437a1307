package demoprovider

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
)

// An agent that gives back the result of each call is asked for as many calls as its question says, and then told the result.
func TestToolsAreCalledAsOftenAsAsked(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	const tools = `[{"type": "function", "function": {"name": "add", "parameters": {"type": "object", "properties": {"x": {"type": "integer", "minimum": 7}}}}}]`
	messages := `{"role": "user", "content": "Call add 3 times"}`
	for call := 1; ; call++ {
		var answer struct {
			Choices []struct {
				FinishReason string `json:"finish_reason"`
				Message      struct {
					Content   string
					ToolCalls []struct {
						ID       string
						Function struct{ Name, Arguments string }
					} `json:"tool_calls"`
				}
			}
		}
		body := s.read(s.post("/v1/chat/completions", `{"model": "demo-small", "tools": `+tools+`, "messages": [`+messages+`]}`), http.StatusOK)
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Fatal(err)
		}
		choice := answer.Choices[0]
		if call == 4 {
			if choice.FinishReason != "stop" || !strings.Contains(choice.Message.Content, "“14”") {
				t.Errorf("after three calls: %s", body)
			}
			return
		}
		if choice.FinishReason != "tool_calls" || len(choice.Message.ToolCalls) != 1 || choice.Message.ToolCalls[0].Function.Name != "add" ||
			choice.Message.ToolCalls[0].Function.Arguments != `{"x":7}` {
			t.Fatalf("call %d: %s", call, body)
		}
		messages += `, {"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "add", "arguments": "{}"}}]},
			{"role": "tool", "tool_call_id": "1", "content": "14"}`
	}
}

// A request that goes on from an earlier answer of the Responses API has the tokens of what came before, and reads them from the cache; one that refers to
// an item of the answer has the item's.
func TestResponsesGoOn(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	first := s.read(s.post("/v1/responses", `{"model": "demo-small", "input": "Hello"}`), http.StatusOK)
	before := s.last()
	var answer struct {
		ID     string
		Output []struct{ ID string }
	}
	if err := json.Unmarshal(first, &answer); err != nil {
		t.Fatal(err)
	}
	s.read(s.post("/v1/responses", fmt.Sprintf(`{"model": "demo-small", "input": "Hello", "previous_response_id": %q}`, answer.ID)), http.StatusOK)
	if u := s.last().Usage; u.InputTokens != 2*before.Usage.InputTokens+before.Usage.OutputTokens+3 || u.CachedInputTokens != before.Usage.InputTokens {
		t.Errorf("%+v after %+v", u, before.Usage)
	}
	s.read(s.post("/v1/responses", fmt.Sprintf(`{"model": "demo-small", "input": [{"role": "user", "content": "Hello"},
		{"type": "item_reference", "id": %q}, {"role": "user", "content": "Hello"}]}`, answer.Output[0].ID)), http.StatusOK)
	if u := s.last().Usage; u.InputTokens != 2*before.Usage.InputTokens+before.Usage.OutputTokens+3 || u.CachedInputTokens != before.Usage.InputTokens {
		t.Errorf("by reference: %+v after %+v", u, before.Usage)
	}
	s.read(s.post("/v1/responses", `{"model": "demo-small", "input": "Hello", "previous_response_id": "resp_0"}`), http.StatusBadRequest)
}

// Embeddings in base64 are those in numbers.
func TestEmbeddingsInBothForms(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	read := func(format string, into any) {
		t.Helper()
		answer := struct{ Data []struct{ Embedding any } }{Data: []struct{ Embedding any }{{into}}}
		body := s.read(s.post("/v1/embeddings", `{"model": "demo-embedding", "input": ["Hello"], "dimensions": 5, "encoding_format": "`+format+`"}`), http.StatusOK)
		if err := json.Unmarshal(body, &answer); err != nil {
			t.Fatal(err)
		}
	}
	var numbers []float32
	var packed string
	read("float", &numbers)
	read("base64", &packed)
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil || len(numbers) != 5 || len(raw) != 20 {
		t.Fatalf("%d numbers, %d bytes, %v", len(numbers), len(raw), err)
	}
	for i, number := range numbers {
		if math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])) != number {
			t.Errorf("number %d differs", i)
		}
	}
}

// Images are PNG files, as many as asked for, and each is charged for; a form with files works as JSON does.
func TestImagesAndSound(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	var images struct {
		Data []struct {
			B64 []byte `json:"b64_json"`
		}
	}
	body := s.read(s.post("/v1/images/generations", `{"model": "demo-image", "prompt": "A house", "n": 3}`), http.StatusOK)
	if err := json.Unmarshal(body, &images); err != nil || len(images.Data) != 3 {
		t.Fatalf("%v, %d images", err, len(images.Data))
	}
	if _, err := png.Decode(bytes.NewReader(images.Data[0].B64)); err != nil {
		t.Error(err)
	}
	if truth := s.last(); truth.Usage.Images != 3 || truth.CostNanos != 3*tokensOfDrawing*10_000+2*5_000 {
		t.Errorf("%+v", truth)
	}
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	file, err := writer.CreateFormFile("file", "sound.wav")
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range []error{second(file.Write(make([]byte, 2500))), writer.WriteField("model", "demo-transcribe"), writer.Close()} {
		if problem != nil {
			t.Fatal(problem)
		}
	}
	s.read(s.send(http.MethodPost, "/v1/audio/transcriptions", writer.FormDataContentType(), &form), http.StatusOK)
	if truth := s.last(); truth.Usage.AudioInputTokens != 3 || truth.Usage.InputTokens != 3 || truth.Model != "demo-transcribe" {
		t.Errorf("%+v", truth)
	}
	for _, format := range []string{"mp3", "wav", "pcm"} {
		if sound := s.read(s.post("/v1/audio/speech", `{"model": "demo-speech", "input": "One two", "response_format": "`+format+`"}`), http.StatusOK); len(sound) < 100 {
			t.Errorf("%s has %d bytes", format, len(sound))
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Requests that no provider takes are answered 400 or 404, in the form of the dialect, and reach no model.
func TestBadRequests(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for _, test := range []struct {
		path, body, want string
		status           int
	}{
		{"/v1/chat/completions", `{`, "could not parse", 400},
		{"/v1/chat/completions", `{"model": "demo-small"}`, "no messages", 400},
		{"/v1/chat/completions", `{"model": "gpt-9", "messages": []}`, "model_not_found", 404},
		{"/v1/chat/completions", `{"model": "demo-image", "messages": [{}]}`, "is for images", 400},
		{"/v1/chat/completions", `{"model": "demo-small", "n": 1000000000, "messages": [{"role": "user", "content": "Hello"}]}`, "asks for 1 to 128", 400},
		{"/v1/chat/completions", `{"model": "demo-small", "max_tokens": -1, "messages": [{"role": "user", "content": "Hello"}]}`, "negative", 400},
		{"/v1/completions", `{"model": "demo-small", "n": -3, "prompt": "Hello"}`, "asks for 1 to 128", 400},
		{"/v1/messages", `{"model": "demo-small", "messages": [{"role": "user", "content": "Hello"}]}`, `"type":"invalid_request_error"`, 400},
		{"/v1/embeddings", `{"model": "demo-embedding", "input": "x", "dimensions": 5000}`, "dimensions is 1 to", 400},
		{"/v1beta/models/demo-small:dance", `{}`, `"status":"NOT_FOUND"`, 404},
		{"/v1/images/generations", `{"model": "demo-image", "n": 11}`, "n is 1 to 10", 400},
	} {
		if body := string(s.read(s.post(test.path, test.body), test.status)); !strings.Contains(body, test.want) {
			t.Errorf("%s %s: %s", test.path, test.body, body)
		}
		if truth := s.last(); truth.CostNanos != 0 || truth.Ended != Refused {
			t.Errorf("%s %s: %+v", test.path, test.body, truth)
		}
	}
}

// Lists of models are in the form that the client's headers and path tell.
func TestModelLists(t *testing.T) {
	t.Parallel()
	s := serve(t, Config{})
	for _, test := range []struct{ path, header, want string }{
		{"/v1/models", "", `"object":"list"`}, {"/v1/models/demo-small", "", `"object":"model"`},
		{"/v1/models", "Anthropic-Version", `"display_name":"demo-small"`}, {"/v1/models/demo-small", "Anthropic-Version", `"type":"model"`},
		{"/v1beta/models", "", `"name":"models/demo-small"`}, {"/v1/models", "X-Goog-Api-Key", `"supportedGenerationMethods"`},
	} {
		response := s.send(http.MethodGet, test.path, "", nil, cmp.Or(test.header, "X-None"), "2023-06-01")
		if body := string(s.read(response, http.StatusOK)); !strings.Contains(body, test.want) {
			t.Errorf("%s with %s: %s", test.path, test.header, body)
		}
	}
}
