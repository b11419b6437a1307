package demoprovider

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"bursar/gateway/demoprovider/demomodel"
	"bursar/usage"
)

const (
	longestSpoken    = 100_000 // bytes of text
	audioTokensToken = 2       // output tokens of sound for each of the text
	audioTokenBytes  = 1_000   // bytes of a file for each input token
)

// speech answers POST /v1/audio/speech. Usage is told in the form of events alone, as OpenAI does.
func (e *exchange) speech() {
	var request struct {
		Model          string `json:"model"`
		Input          string `json:"input"`
		ResponseFormat string `json:"response_format"`
		StreamFormat   string `json:"stream_format"`
	}
	if !e.decode(&request) {
		return
	}
	if _, ok := e.knownModel(request.Model, demomodel.Speech); !ok {
		return
	}
	tokens := int(demomodel.CountTokens(request.Input))
	kind, sound, ok := demomodel.Silence(request.ResponseFormat, tokens)
	if !ok || len(request.Input) > longestSpoken {
		e.fail(failure{status: http.StatusBadRequest, message: "The demo provider demomodel.Speech mp3, wav and pcm, and texts of at most 100,000 bytes."})
		return
	}
	if !e.wait(e.timing.First) {
		return
	}
	u := usage.Parts{InputTokens: int64(tokens), OutputTokens: audioTokensToken * int64(tokens), AudioOutputTokens: audioTokensToken * int64(tokens)}
	e.used(u)
	if request.StreamFormat != "sse" {
		e.answerBytes(kind, sound)
		return
	}
	done := object{"type": "speech.audio.done"}
	if told := e.distorted(object{"input_tokens": u.InputTokens, "output_tokens": u.OutputTokens, "total_tokens": u.InputTokens + u.OutputTokens},
		"input_tokens", "", "cached_tokens"); told != nil {
		done["usage"] = told
	}
	e.streamEvents([]string{"speech.audio.delta", "speech.audio.done"},
		[]object{{"type": "speech.audio.delta", "audio": base64.StdEncoding.EncodeToString(sound)}, done})
}

// transcription answers POST /v1/audio/transcriptions and translations.
func (e *exchange) transcription() {
	fields, fileBytes, ok := e.fields()
	if !ok {
		return
	}
	if _, ok := e.knownModel(fields["model"], demomodel.Transcription); !ok {
		return
	}
	heard := fmt.Sprintf("The demo model heard %d bytes of sound.", fileBytes)
	audio := (fileBytes + audioTokenBytes - 1) / audioTokenBytes
	prompt := demomodel.CountTokens(fields["prompt"])
	u := usage.Parts{InputTokens: audio + prompt, AudioInputTokens: audio, OutputTokens: demomodel.CountTokens(heard)}
	if !e.wait(e.timing.First) {
		return
	}
	e.used(u)
	told := e.distorted(object{"type": "tokens", "input_tokens": u.InputTokens, "output_tokens": u.OutputTokens,
		"total_tokens":        u.InputTokens + u.OutputTokens,
		"input_token_details": object{"text_tokens": prompt, "audio_tokens": audio}}, "input_tokens", "input_token_details", "audio_tokens")
	whole := object{"text": heard}
	if told != nil {
		whole["usage"] = told
	}
	switch {
	case fields["stream"] == "true":
		delta := object{"type": "transcript.text.delta", "delta": heard}
		whole["type"] = "transcript.text.done"
		e.streamEvents([]string{"transcript.text.delta", "transcript.text.done"}, []object{delta, whole})
	case fields["response_format"] == "text":
		e.answerBytes("text/plain; charset=utf-8", []byte(heard+"\n"))
	case strings.HasPrefix(fields["response_format"], "verbose"):
		whole["task"], whole["language"], whole["duration"] = "transcribe", "english", 1
		e.answerJSON(whole)
	default:
		e.answerJSON(whole)
	}
}
