package wire_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"bursar/gateway/wire"
	"bursar/usage"
)

// Guarantee: the request that asks for usage differs from the caller's in stream_options alone, byte for byte; one that needs no change is not changed.
func TestBody(t *testing.T) {
	t.Parallel()
	const include = `"stream_options":{"include_usage":true}`
	for _, test := range []struct{ path, body, want string }{
		{chat, ` {"model":"m" , "stream" : true,"x":1.0e0,"é":"\u00e9"} `, ` {` + include + `,"model":"m" , "stream" : true,"x":1.0e0,"é":"\u00e9"} `},
		{"/v1/completions", `{"model":"m","stream":true}`, `{` + include + `,"model":"m","stream":true}`},
		{chat, `{"model":"m","stream":true,"stream_options": null }`, `{"model":"m","stream":true,"stream_options": {"include_usage":true} }`},
		{chat, `{"model":"m","stream_options" : { },"stream":true}`, `{"model":"m","stream_options" : {"include_usage":true },"stream":true}`},
		{chat, `{"model":"m","stream_options":{"include_obfuscation":false},"stream":true}`, `{"model":"m","stream_options":{"include_usage":true,"include_obfuscation":false},"stream":true}`},
		{chat, `{"model":"m","stream":true,"stream_options":{"a":{"include_usage":7}, "include\u005fusage" : false , "b":1}}`, `{"model":"m","stream":true,"stream_options":{"a":{"include_usage":7}, "include\u005fusage" : true , "b":1}}`},
		{chat, `{"model":"m","stream":true,"stream_options":{"include_usage":null}}`, `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`},
		{chat, `{"model":"m","stream":true,"stream_options":{"include_usage":true}}`, ""},
		{chat, `{"model":"m","stream":false}`, ""},
		{chat, `{"model":"m"}`, ""},
		{responses, `{"model":"m","stream":true}`, ""},
		{messages, `{"model":"m","stream":true,"max_tokens":1}`, ""},
		{"/v1beta/models/m:streamGenerateContent", `{}`, ""},
	} {
		c := must(t, test.path, test.body)
		want := test.want
		if want == "" {
			want = test.body
		}
		if string(c.Body) != want {
			t.Errorf("%s: goes upstream as\n%s, want\n%s", test.body, c.Body, want)
		}
		if c.InputBytes != int64(len(test.body)) {
			t.Errorf("%s: %d bytes", test.body, c.InputBytes)
		}
		if c.AskNothing(); string(c.Body) != test.body {
			t.Errorf("%s: without asking it goes upstream as %s", test.body, c.Body)
		}
	}
}

// Guarantee: the bound of the input is at least a token for each byte of text, and what media count at most; text is never taken for media.
func TestInputBound(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("x", 100_000)
	part := func(content string) string {
		return `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[` + content + `]}]}`
	}
	for name, test := range map[string]struct {
		path, body  string
		least, most int64
	}{
		"text":                   {chat, part(`{"type":"text","text":"` + text + `"}`), 100_000, 101_000},
		"escaped text":           {chat, part(`{"type":"text","text":"` + strings.Repeat(`\u4e16\n`, 10_000) + `"}`), 40_000, 41_000},
		"white space":            {chat, `{"model":` + strings.Repeat(" ", 100_000) + `"m"}`, 10, 1_000},
		"tokens":                 {"/v1/embeddings", `{"model":"m","input":[` + strings.Repeat("1,", 9_999) + `1]}`, 10_000, 21_000},
		"a picture":              {chat, part(`{"type":"image_url","image_url":{"url":"data:image/png;base64,` + text + `"}}`), 12_000, 13_000},
		"a picture of Anthropic": {messages, part(`{"type":"image","source":{"type":"base64","media_type":"image/png","data":"` + text + `"}}`), 5_000, 6_000},
		"a picture of Responses": {responses, `{"model":"m","input":[{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,` + text + `"}]}]}`, 12_000, 13_000},
		"a picture of Gemini":    {generate, `{"contents":[{"parts":[{"inlineData":{"data":"` + text + `","mimeType":"image/png"}}]}]}`, 12_000, 13_000},
		"pictures":               {chat, part(strings.Repeat(`{"type":"image_url","image_url":{"url":"https://a"}},`, 9) + `{"type":"image_url","image_url":{"url":"https://a"}}`), 120_000, 122_000},
		"sound":                  {chat, part(`{"type":"input_audio","input_audio":{"data":"` + text + `","format":"mp3"}}`), 9_000, 10_500},
		"a file":                 {chat, part(`{"type":"file","file":{"file_data":"data:application/pdf;base64,` + text + `"}}`), 150_000, 160_000},
		"a file of Anthropic":    {messages, part(`{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"` + text + `"}}`), 150_000, 160_000},
		"a text as a file":       {messages, part(`{"type":"document","source":{"type":"text","media_type":"text/plain","data":"` + text + `"}}`), 100_000, 101_000},
		"text within a call":     {messages, part(`{"type":"tool_use","id":"t","name":"n","input":{"source":{"type":"base64","media_type":"image/png","data":"` + text + `"}}}`), 100_000, 101_000},
		"text within a schema":   {chat, `{"model":"m","tools":[{"type":"function","function":{"name":"f","parameters":{"image_url":{"url":"` + text + `"}}}}]}`, 100_000, 101_000},
		"an escaped name":        {messages, part(`{"type":"image","source":{"type":"base64","media_type":"image/png","d\u0061ta":"` + text + `"}}`), 5_000, 6_000},
		"data of no kind":        {chat, part(`{"type":"text","text":"a","data":"` + text + `"}`), 100_000, 101_000},
		"tools of Anthropic":     {messages, `{"model":"m","max_tokens":1,"tools":[{"name":"a"},{"type":"custom","name":"b"}]}`, 600, 1_200},
		"a tool of Anthropic's":  {messages, `{"model":"m","max_tokens":1,"tools":[{"name":"a"},{"type":"bash_20250124","name":"b"}]}`, 2_100, 3_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c := must(t, test.path, test.body); c.InputTokens < test.least || c.InputTokens > test.most {
				t.Errorf("at most %d tokens, want %d to %d", c.InputTokens, test.least, test.most)
			}
		})
	}
	if c := must(t, chat, `{"model":"gpt-4o-mini","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a"}}]}]}`); c.InputTokens < 50_000 {
		t.Errorf("a picture for gpt-4o-mini counts %d", c.InputTokens)
	}
}

// Guarantee: the tier and the stream that are asked for are read, from the path or the body.
func TestTierAndStream(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path, body string
		tier       usage.ServiceTier
		stream     bool
	}{
		{chat, `{"model":"m","service_tier":"flex","stream":true}`, usage.Flex, true},
		{responses, `{"model":"m","service_tier":"priority"}`, usage.Priority, false},
		{messages, `{"model":"m","service_tier":"auto","stream":null}`, usage.Standard, false},
		{messages, `{"model":"m","speed":"fast","stream":true}`, usage.Priority, true},
		{generate, `{"service_tier":"flex"}`, usage.Flex, false},
		{"/v1beta/models/m:streamGenerateContent", `{}`, usage.Standard, true},
	} {
		if c := must(t, test.path, test.body); c.ServiceTier != test.tier || c.Stream != test.stream {
			t.Errorf("%s %s: %s, stream %v", test.path, test.body, c.ServiceTier, c.Stream)
		}
	}
}

// Guarantee: a form is read for its model and what bounds it, whatever its order; what two readers may read in two ways is refused.
func TestForm(t *testing.T) {
	t.Parallel()
	form := func(parts ...string) (http.Header, []byte) {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for _, part := range parts {
			name, value, _ := strings.Cut(part, "=")
			var err error
			if file, content, found := strings.Cut(value, "@"); found {
				to, fileErr := w.CreateFormFile(name, file)
				if err = fileErr; err == nil {
					_, err = to.Write([]byte(content))
				}
			} else {
				err = w.WriteField(name, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return http.Header{"Content-Type": {w.FormDataContentType()}}, body.Bytes()
	}
	sound := "file=a.mp3@" + strings.Repeat("\xff\x00", 40_000)
	for name, test := range map[string]struct {
		path  string
		parts []string
		says  string
		check func(c *wire.Call) bool
	}{
		"sound": {"/v1/audio/transcriptions", []string{sound, "model=whisper-1", "timestamp_granularities[]=word", "timestamp_granularities[]=segment"}, "",
			func(c *wire.Call) bool {
				return c.Model == "whisper-1" && c.InputTokens >= 10_000 && c.InputTokens < 11_000 && c.MaxOutputTokens == nil
			}},
		"a stream": {"/v1/audio/transcriptions", []string{sound, "model=m", "stream=true"}, "", func(c *wire.Call) bool { return c.Stream }},
		"pictures": {"/v1/images/edits", []string{"model=gpt-image-1", "image[]=a.png@x", "image[]=b.png@y", "mask=m.png@z", "prompt=cat", "n=3"}, "",
			func(c *wire.Call) bool {
				return c.N == 3 && *c.MaxOutputTokens == 60_000 && c.InputTokens >= 36_000 && c.InputTokens < 37_000
			}},
		"no model":        {"/v1/audio/transcriptions", []string{sound}, "model is missing", nil},
		"two models":      {"/v1/audio/transcriptions", []string{"model=a", sound, "model=b"}, "model stands in the form twice", nil},
		"a model as file": {"/v1/audio/transcriptions", []string{"model=a", sound, "model=m.txt@b"}, "is a file", nil},
		"many pictures":   {"/v1/images/edits", []string{"model=a", "n=1000000000"}, "at most 128", nil},
		"a large field":   {"/v1/images/edits", []string{"model=a", "prompt=" + strings.Repeat("x", 2<<20)}, "prompt is larger", nil},
		"many parts":      {"/v1/images/edits", append([]string{"model=a"}, strings.Split(strings.Repeat("x[]=1,", 1_100), ",")...), "more than 1000 parts", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			header, body := form(test.parts...)
			c, err := wire.Parse(wire.Match(http.MethodPost, test.path, header), header, body)
			if test.says != "" {
				if problem, ok := errors.AsType[*wire.Problem](err); !ok || !strings.Contains(problem.Message, test.says) {
					t.Errorf("error %v, want a problem that says %q", err, test.says)
				}
				return
			}
			if err != nil || !test.check(c) {
				t.Errorf("call %+v, error %v", c, err)
			}
			if err == nil && !bytes.Equal(c.Body, body) {
				t.Error("the form is changed")
			}
		})
	}
	header, body := form("model=a", sound)
	for name, broken := range map[string][]byte{"cut": body[:len(body)/2], "nothing": nil, "no form": []byte("{}")} {
		if _, err := wire.Parse(wire.Match(http.MethodPost, "/v1/audio/transcriptions", header), header, broken); err == nil {
			t.Errorf("%s is read", name)
		}
	}
	header.Set("Content-Type", "multipart/form-data")
	if _, err := wire.Parse(wire.Match(http.MethodPost, "/v1/audio/transcriptions", header), header, body); err == nil {
		t.Error("a form without a boundary is read")
	}
}

// Guarantee: what is booked without the provider's usage is within the request's bounds, takes what the answer has told, and never less output than has passed.
func TestEstimate(t *testing.T) {
	t.Parallel()
	c := must(t, chat, `{"model":"m","max_tokens":100,"service_tier":"flex","messages":[{"role":"user","content":"`+strings.Repeat("word ", 1_000)+`"}]}`)
	nothing := c.Estimate(wire.Seen{})
	if nothing.InputTokens < 1_000 || nothing.InputTokens > c.InputTokens || nothing.OutputTokens != 0 || nothing.Model != "m" || nothing.ServiceTier != usage.Flex || nothing.Requests != 1 {
		t.Errorf("nothing seen: %+v", nothing)
	}
	if some := c.Estimate(wire.Seen{OutputBytes: 31}); some.OutputTokens != 11 {
		t.Errorf("31 bytes seen: %+v", some)
	}
	if much := c.Estimate(wire.Seen{OutputBytes: 3_000}); much.OutputTokens != 100 {
		t.Errorf("more than the bound seen: %+v", much)
	}
	start := usage.Parts{Model: "a", Requests: 1, InputTokens: 7, OutputTokens: 2, CachedInputTokens: 3}
	if cut := c.Estimate(wire.Seen{HasUsage: true, Parts: start, OutputBytes: 30}); cut.InputTokens != 7 || cut.OutputTokens != 10 || cut.CachedInputTokens != 3 || cut.Model != "a" {
		t.Errorf("cut after its start: %+v", cut)
	}
	if whole := c.Estimate(wire.Seen{HasUsage: true, Ended: true, Parts: start, OutputBytes: 30_000}); whole.OutputTokens != 2 {
		t.Errorf("complete: %+v", whole)
	}
	if lost := c.Estimate(wire.Seen{HasUsage: true, Ended: true, Parts: start, OutputBytes: 30, Err: errors.New("too large")}); lost.OutputTokens != 10 {
		t.Errorf("complete, and not all could be read: %+v", lost)
	}
	spoken := must(t, "/v1/audio/speech", `{"model":"tts","input":"0123456789"}`).Estimate(wire.Seen{Ended: true, Bytes: 5_000})
	if spoken.OutputTokens == 0 || spoken.AudioOutputTokens != spoken.OutputTokens {
		t.Errorf("sound: %+v", spoken)
	}
}
