package wire_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bursar/gateway/wire"
	"bursar/usage"
)

// parse parses a body of a path.
func parse(t *testing.T, path, body string) (*wire.Call, error) {
	t.Helper()
	return wire.Parse(wire.Match(http.MethodPost, path, http.Header{}), http.Header{"Content-Type": {"application/json"}}, []byte(body))
}

// must parses a body that has nothing wrong.
func must(t *testing.T, path, body string) *wire.Call {
	t.Helper()
	c, err := parse(t, path, body)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return c
}

const (
	chat      = "/v1/chat/completions"
	responses = "/v1/responses"
	messages  = "/v1/messages"
	generate  = "/v1beta/models/gemini-x:generateContent"
)

// Guarantee: a path names its call whatever stands before it, in any case and spelling that an upstream may read as the same; what is not known
// is Other, never Free.
func TestMatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		method, path string
		dialect      wire.Dialect
		kind         wire.Kind
		flavor       usage.Flavor
		model        string
		stream       bool
	}{
		{"POST", "/v1/chat/completions", wire.OpenAI, wire.Chat, usage.OpenAIChat, "", false},
		{"POST", "/v1//chat/./completions/", wire.OpenAI, wire.Chat, usage.OpenAIChat, "", false},
		{"POST", "/v1/x/../Chat/Completions", wire.OpenAI, wire.Chat, usage.OpenAIChat, "", false},
		{"POST", "/chat/completions", wire.OpenAI, wire.Chat, usage.OpenAIChat, "", false},
		{"POST", "/v1beta/openai/chat/completions", wire.OpenAI, wire.Chat, usage.OpenAIChat, "", false},
		{"POST", "/openai/deployments/gpt-x/chat/completions", wire.OpenAI, wire.Chat, usage.OpenAIChat, "gpt-x", false},
		{"POST", "/v1/completions", wire.OpenAI, wire.Completions, usage.OpenAIChat, "", false},
		{"POST", "/v1/responses", wire.OpenAI, wire.Responses, usage.OpenAIResponses, "", false},
		{"POST", "/v1/responses/compact", wire.OpenAI, wire.Responses, usage.OpenAIResponses, "", false},
		{"POST", "/v1/responses/input_tokens", wire.OpenAI, wire.Free, "", "", false},
		{"POST", "/v1/responses/resp_1/cancel", wire.OpenAI, wire.Free, "", "", false},
		{"GET", "/v1/responses/resp_1", wire.OpenAI, wire.Free, "", "", false},
		{"POST", "/v1/embeddings", wire.OpenAI, wire.Embeddings, usage.OpenAIEmbeddings, "", false},
		{"POST", "/v1/images/edits", wire.OpenAI, wire.Images, usage.OpenAIImages, "", false},
		{"POST", "/v1/audio/speech", wire.OpenAI, wire.Speech, usage.OpenAITranscription, "", false},
		{"POST", "/v1/audio/translations", wire.OpenAI, wire.Transcription, usage.OpenAITranscription, "", false},
		{"POST", "/v1/moderations", wire.OpenAI, wire.Free, "", "", false},
		{"POST", "/v1/batches", wire.OpenAI, wire.Other, "", "", false},
		{"POST", "/v1/threads/t/messages", wire.OpenAI, wire.Other, "", "", false},
		{"GET", "/v1/realtime", wire.OpenAI, wire.Other, "", "", false},
		{"GET", "/v1/models", wire.OpenAI, wire.Free, "", "", false},
		{"DELETE", "/v1/files/f", wire.OpenAI, wire.Free, "", "", false},
		{"PUT", "/v1/chat/completions", wire.OpenAI, wire.Other, "", "", false},
		{"POST", "/", wire.OpenAI, wire.Other, "", "", false},
		{"POST", "", wire.OpenAI, wire.Other, "", "", false},
		{"POST", "/v1/messages", wire.Anthropic, wire.Messages, usage.Anthropic, "", false},
		{"POST", "/v1/messages/count_tokens", wire.Anthropic, wire.Free, "", "", false},
		{"POST", "/v1/projects/p/locations/l/publishers/anthropic/models/claude-x@1:streamRawPredict", wire.Anthropic, wire.Messages, usage.Anthropic, "claude-x@1", true},
		{"POST", "/v1beta/models/gemini-x:generateContent", wire.Gemini, wire.Generate, usage.Gemini, "gemini-x", false},
		{"POST", "/v1/models/gemini-x:streamGenerateContent", wire.Gemini, wire.Generate, usage.Gemini, "gemini-x", true},
		{"POST", "/v1beta/models/gemini-x:batchEmbedContents", wire.Gemini, wire.Embeddings, usage.Gemini, "gemini-x", false},
		{"POST", "/v1beta/models/gemini-x:countTokens", wire.Gemini, wire.Free, "", "gemini-x", false},
		{"POST", "/v1beta/models/veo:predictLongRunning", wire.Gemini, wire.Other, "", "veo", false},
		{"POST", "/v1beta/cachedContents", wire.Gemini, wire.Other, "", "", false},
	} {
		e := wire.Match(test.method, test.path, http.Header{})
		if e.Dialect != test.dialect || e.Kind != test.kind || e.Flavor != test.flavor || e.Model != test.model || e.Stream != test.stream {
			t.Errorf("%s %s is %+v, want %+v", test.method, test.path, e, test)
		}
		if strings.Contains(e.Path, "//") || strings.Contains(e.Path, "/.") || e.Path != "/" && strings.HasSuffix(e.Path, "/") || e.Path[0] != '/' {
			t.Errorf("%s has the path %s", test.path, e.Path)
		}
	}
	for header, want := range map[string]wire.Dialect{"Anthropic-Version": wire.Anthropic, "X-Goog-Api-Key": wire.Gemini, "X-Request-Id": wire.OpenAI} {
		if e := wire.Match(http.MethodGet, "/v1/models", http.Header{header: {"x"}}); e.Dialect != want {
			t.Errorf("/v1/models with %s is of %s, want %s", header, e.Dialect, want)
		}
	}
}

// Guarantee: a key is found in whichever header it comes, is never left in any of them, and is neither guessed between two nor taken from the URL.
func TestTakeKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header http.Header
		query  string
		want   string
		says   string
	}{
		"bearer":              {http.Header{"Authorization": {"Bearer bsr_a"}}, "", "bsr_a", ""},
		"any case and spaces": {http.Header{"Authorization": {" bearer  bsr_a "}}, "", "bsr_a", ""},
		"Anthropic":           {http.Header{"X-Api-Key": {"bsr_a"}}, "beta=true", "bsr_a", ""},
		"Gemini":              {http.Header{"X-Goog-Api-Key": {"bsr_a"}}, "alt=sse", "bsr_a", ""},
		"Portkey":             {http.Header{"X-Portkey-Api-Key": {"bsr_a"}, "Authorization": {"Bearer placeholder"}}, "", "bsr_a", ""},
		"LiteLLM":             {http.Header{"X-Litellm-Api-Key": {"sk-a"}}, "", "sk-a", ""},
		"Azure":               {http.Header{"Api-Key": {"bsr_a"}}, "api-version=1", "bsr_a", ""},
		"twice the same":      {http.Header{"X-Api-Key": {"bsr_a"}, "Authorization": {"Bearer bsr_a"}}, "", "bsr_a", ""},
		"of another kind":     {http.Header{"X-Api-Key": {"sk-a"}}, "", "sk-a", ""},
		"none":                {http.Header{"User-Agent": {"x"}}, "", "", "no API key"},
		"an empty one":        {http.Header{"Authorization": {"Bearer "}}, "", "", "no API key"},
		"a password":          {http.Header{"Authorization": {"Basic bsr_a"}}, "", "", "no API key"},
		"two":                 {http.Header{"X-Api-Key": {"bsr_a"}, "Authorization": {"Bearer bsr_b"}}, "", "", "several API keys"},
		"two in one header":   {http.Header{"X-Api-Key": {"bsr_a", "bsr_b"}}, "", "", "several API keys"},
		"two of others":       {http.Header{"X-Api-Key": {"sk-a"}, "Authorization": {"Bearer sk-b"}}, "", "", "several API keys"},
		"in the URL":          {http.Header{"X-Goog-Api-Key": {"bsr_a"}}, "key=bsr_b", "", "not taken from the URL"},
		"in the URL, in caps": {http.Header{}, "KEY=bsr_b", "", "not taken from the URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(test.query)
			if err != nil {
				t.Fatal(err)
			}
			got, err := wire.TakeKey(test.header, query)
			if got != test.want || (err == nil) != (test.says == "") {
				t.Fatalf("took %q with error %v", got, err)
			}
			if err != nil {
				problem, ok := errors.AsType[*wire.Problem](err)
				if !ok || problem.Status != http.StatusUnauthorized || !strings.Contains(problem.Message, test.says) || strings.Contains(problem.Message, "bsr_") {
					t.Errorf("error %+v, want one that says %q and repeats no key", err, test.says)
				}
			}
			for header, values := range test.header {
				if strings.Contains(fmt.Sprint(values), "sr_") || strings.Contains(fmt.Sprint(values), "sk-") {
					t.Errorf("%s is left: %v", header, values)
				}
			}
		})
	}
}

// Guarantee: the bound of the output is what the body says, in each dialect's own names, times the answers that are asked for; 0 is a bound, and where none is given there is none.
func TestOutputBound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		path, body string
		want       string // the bound, or nil
		unbounded  string
	}{
		{chat, `{"model":"m"}`, "nil", ""},
		{chat, `{"model":"m","max_tokens":null,"n":null}`, "nil", ""},
		{chat, `{"model":"m","max_tokens":0}`, "0", ""},
		{chat, `{"model":"m","max_tokens":100}`, "100", ""},
		{chat, `{"model":"m","max_tokens":1e2,"n":3}`, "300", ""},
		{chat, `{"model":"m","max_completion_tokens":7,"max_tokens":5}`, "7", ""},
		{chat, `{"model":"m","max_completion_tokens":5,"max_tokens":7,"n":2}`, "14", ""},
		{chat, `{"model":"m","n":2}`, "nil", "several answers"},
		{"/v1/completions", `{"model":"m","max_tokens":10,"n":2,"best_of":5}`, "50", ""},
		{"/v1/completions", `{"model":"m","max_tokens":10,"prompt":["a","b","c"]}`, "30", ""},
		{"/v1/completions", `{"model":"m","max_tokens":10,"prompt":[[1,2],[3]]}`, "20", ""},
		{"/v1/completions", `{"model":"m","max_tokens":10,"prompt":[1,2,3]}`, "10", ""},
		{responses, `{"model":"m","max_output_tokens":10}`, "10", ""},
		{messages, `{"model":"m","max_tokens":10,"thinking":{"budget_tokens":9}}`, "10", ""},
		{generate, `{"generationConfig":{"maxOutputTokens":10,"candidateCount":2}}`, "20", ""},
		{generate, `{"generation_config":{"max_output_tokens":"10"}}`, "10", ""},
		{generate, `{"contents":[]}`, "nil", ""},
		{"/v1/embeddings", `{"model":"m","input":"a"}`, "0", ""},
		{"/v1/images/generations", `{"model":"m","prompt":"a","n":2}`, "40000", ""},
		{"/v1/audio/speech", `{"model":"m","input":"0123456789"}`, "140", ""},
	} {
		c := must(t, test.path, test.body)
		got := "nil"
		if c.MaxOutputTokens != nil {
			got = fmt.Sprint(*c.MaxOutputTokens)
		}
		if got != test.want || (c.Unbounded == "") != (test.unbounded == "") || !strings.Contains(c.Unbounded, test.unbounded) {
			t.Errorf("%s %s: bound %s, unbounded %q; want %s, %q", test.path, test.body, got, c.Unbounded, test.want, test.unbounded)
		}
	}
}

// Guarantee: a request whose cost nobody can bound by its body says why; one that only looks like it has a bound.
func TestUnbounded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, body, says string }{
		{responses, `{"model":"m","previous_response_id":"resp_1"}`, "previous_response_id"},
		{responses, `{"model":"m","previous_response_id":null,"conversation":"","background":false,"prompt":{ }}`, ""},
		{responses, `{"model":"m","conversation":{"id":"c"}}`, "conversation"},
		{responses, `{"model":"m","background":true}`, "background"},
		{responses, `{"model":"m","prompt":{"id":"p"}}`, "prompt"},
		{responses, `{"model":"m","tools":[{"type":"function","name":"f"},{"type":"web_search"}]}`, "web_search"},
		{responses, `{"model":"m","tools":[{"type":"function","name":"web_search"},{"type":"custom"}]}`, ""},
		{responses, `{"model":"m","tools":[{"type":"mcp"}]}`, "mcp"},
		{responses, `{"model":"m","input":[{"type":"item_reference","id":"i"}]}`, "item by its id"},
		{responses, `{"model":"m","input":[{"id":"i"}]}`, "item by its id"},
		{responses, `{"model":"m","input":[{"id":"i","role":"user","content":"a"}]}`, ""},
		{responses, `{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_id":"f"}]}]}`, "file by its id"},
		{responses, `{"model":"m","input":[{"role":"user","content":[{"file_id":"f","type":"\u0069nput_file"}]}]}`, "file by its id"},
		{responses, `{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_url":"https://f"}]}]}`, "file by its URL"},
		{responses, `{"model":"m","input":[{"role":"user","content":[{"type":"input_image","file_id":"f"}]}]}`, ""},
		{responses, `{"model":"m","input":[{"type":"message","content":[{"type":"output_text","text":"a","annotations":[{"type":"file_citation","file_id":"f"}]}]}]}`, ""},
		{chat, `{"model":"m","web_search_options":{"search_context_size":"low"}}`, "web_search_options"},
		{chat, `{"model":"gpt-4o-search-preview"}`, "searches by itself"},
		{chat, `{"model":"m","messages":[{"role":"assistant","audio":{"id":"a"}}]}`, "sound of an earlier answer"},
		{chat, `{"model":"m","audio":{"voice":"alloy","format":"wav"}}`, ""},
		{chat, `{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}]}`, "file by its id"},
		{messages, `{"model":"m","max_tokens":1,"tools":[{"name":"f","input_schema":{}},{"type":"bash_20250124","name":"bash"}]}`, ""},
		{messages, `{"model":"m","max_tokens":1,"tools":[{"type":"web_search_20250305","name":"web_search"}]}`, "web_search_20250305"},
		{messages, `{"model":"m","max_tokens":1,"mcp_servers":[{"url":"https://m"}]}`, "mcp_servers"},
		{messages, `{"model":"m","max_tokens":1,"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]}}`, ""},
		{messages, `{"model":"m","max_tokens":1,"context_management":{"edits":[{"type":"compact_20260112"}]}}`, "compact_20260112"},
		{messages, `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"source":{"type":"url","url":"https://d"},"type":"document"}]}]}`, "document by its url"},
		{messages, `{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://d"}}]}]}`, ""},
		{messages, `{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","input":{"source":{"type":"url","url":"https://d"}}}]}]}`, ""},
		{generate, `{"tools":[{"functionDeclarations":[]}]}`, ""},
		{generate, `{"tools":[{"functionDeclarations":[]},{"google_search":{}}]}`, "google_search"},
		{generate, `{"cachedContent":"cachedContents/c"}`, "cachedContent"},
		{generate, `{"contents":[{"parts":[{"fileData":{"fileUri":"u","mimeType":"video/mp4"}}]}]}`, "file by its URI"},
		{generate, `{"contents":[{"parts":[{"file_data":{"mime_type":"image/png","file_uri":"u"}}]}]}`, ""},
		{"/v1/batches", `{"input_file_id":"f"}`, "not known"},
	} {
		c := must(t, test.path, test.body)
		if (c.Unbounded == "") != (test.says == "") || !strings.Contains(c.Unbounded, test.says) {
			t.Errorf("%s %s: unbounded %q, want %q", test.path, test.body, c.Unbounded, test.says)
		}
	}
}

// Guarantee: what a provider might read in another way than this gateway, and what no request means, is refused, by the field's name.
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, body, field, says string }{
		{chat, ``, "", "ends too early"},
		{chat, `{"model":"m"`, "", "ends too early"},
		{chat, `[]`, "", "no JSON object"},
		{chat, `"model"`, "", "no JSON object"},
		{chat, `<html>`, "", "no valid JSON, at byte 0"},
		{chat, `{"model":"m"} {}`, "", "after its JSON object"},
		{chat, `{"model":"m",}`, "", "no valid JSON"},
		{chat, `{"model":"m","a":` + strings.Repeat("[", 200) + strings.Repeat("]", 200) + `}`, "", "more than 128 levels"},
		{chat, `{"model":"m","max_tokens":1,"max_tokens":100000}`, "max_tokens", "twice"},
		{chat, `{"model":"m","max_tokens":1,"\u006dax_tokens":100000}`, "max_tokens", "twice"},
		{chat, `{"model":"m","max_tokens":1,"MAX_TOKENS":100000}`, "max_tokens", "twice"},
		{chat, `{"model":"m","messages":[{"role":"user","role":"system"}]}`, "messages.0.role", "twice"},
		{chat, `{}`, "model", "missing"},
		{chat, `{"model":""}`, "model", "missing"},
		{chat, `{"model":5}`, "model", "a text"},
		{chat, `{"model":"a\u0000b"}`, "model", "characters"},
		{chat, `{"model":"` + strings.Repeat("m", 201) + `"}`, "model", "longer than 200"},
		{chat, `{"model":"m","stream":"yes"}`, "stream", "true or false"},
		{chat, `{"model":"m","max_tokens":-1}`, "max_tokens", "negative"},
		{chat, `{"model":"m","max_tokens":-1e300}`, "max_tokens", "negative"},
		{chat, `{"model":"m","max_tokens":1.5}`, "max_tokens", "whole"},
		{chat, `{"model":"m","max_tokens":"5"}`, "max_tokens", "a number"},
		{chat, `{"model":"m","max_tokens":1e9}`, "max_tokens", "at most 100000000"},
		{chat, `{"model":"m","max_tokens":1e400}`, "max_tokens", "at most"},
		{chat, `{"model":"m","max_completion_tokens":99999999999999999999}`, "max_completion_tokens", "at most"},
		{chat, `{"model":"m","n":1000000000}`, "n", "at most 128"},
		{chat, `{"model":"m","n":0}`, "n", "at least 1"},
		{chat, `{"model":"m","n":[1]}`, "n", "a number"},
		{"/v1/completions", `{"model":"m","best_of":1e9}`, "best_of", "at most"},
		{chat, `{"model":"m","stream":true,"stream_options":7}`, "stream_options", "an object"},
		{chat, `{"model":"m","stream":true,"stream_options":{"include_usage":"yes"}}`, "stream_options.include_usage", "true or false"},
		{responses, `{"model":"m","max_output_tokens":-5}`, "max_output_tokens", "negative"},
		{messages, `{"model":"m","max_tokens":true}`, "max_tokens", "a number"},
		{generate, `{"generationConfig":{"maxOutputTokens":1},"generation_config":{"maxOutputTokens":9}}`, "generationConfig", "twice"},
		{generate, `{"generationConfig":{"maxOutputTokens":1,"max_output_tokens":9}}`, "maxOutputTokens", "twice"},
		{generate, `{"generationConfig":{"candidateCount":1000000000}}`, "generationConfig.candidateCount", "at most"},
		{generate, `{"generationConfig":{"maxOutputTokens":"many"}}`, "generationConfig.maxOutputTokens", "a number"},
		{generate, `{"generationConfig":[]}`, "generationConfig", "an object"},
	} {
		c, err := parse(t, test.path, test.body)
		problem, ok := errors.AsType[*wire.Problem](err)
		if !ok || c != nil {
			t.Errorf("%.80s: call %+v, error %v", test.body, c, err)
			continue
		}
		if problem.Status != http.StatusBadRequest || problem.Field != test.field || !strings.Contains(problem.Message, test.says) {
			t.Errorf("%.80s: problem %+v, want %q about %q", test.body, *problem, test.says, test.field)
		}
	}
	header := http.Header{"Content-Encoding": {"gzip"}}
	if _, err := wire.Parse(wire.Match(http.MethodPost, chat, header), header, []byte(`{"model":"m"}`)); err == nil {
		t.Error("a compressed body is parsed")
	}
}
