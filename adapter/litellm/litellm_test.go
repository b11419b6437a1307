package litellm_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"bursar/auth"
	"bursar/graph/graphtest"
)

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

type object = graphtest.Object

const (
	guardrail = "/v1/litellm/beta/litellm_basic_guardrail_api"
	callback  = "/v1/litellm/log"
)

func limited(t *testing.T) *graphtest.API {
	t.Helper()
	a := kit.NewAPI(t)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": "1", "periodicReset": "NONE"}})
	return a
}

func hash(a *graphtest.API) string { return hex.EncodeToString(auth.Hash(a.Tenant.Secret.Text)) }

// post sends a body with the gateway's token and returns the status and the answer.
func post(a *graphtest.API, path, body string) (int, object) {
	a.T.Helper()
	return postAs(a, a.Gateway, path, body)
}

func postAs(a *graphtest.API, token, path, body string) (int, object) {
	a.T.Helper()
	request, err := http.NewRequestWithContext(a.T.Context(), http.MethodPost, a.URL+path, strings.NewReader(body))
	if err != nil {
		a.T.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		a.T.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		a.T.Fatal(err)
	}
	var answer object
	if err := json.Unmarshal(text, &answer); err != nil {
		a.T.Fatalf("%d: %s", response.StatusCode, text)
	}
	return response.StatusCode, answer
}

// question is what LiteLLM 1.105.7 sends before a call, with the id of the call, and headers of its caller's.
func question(a *graphtest.API, callID, headers string) string {
	return fmt.Sprintf(`{"input_type":"request","litellm_call_id":%q,"litellm_trace_id":"t","structured_messages":[{"role":"user","content":"hi"}],
		"images":null,"tools":null,"texts":["hi"],"request_data":{"user_api_key_hash":%q,"user_api_key_user_id":"u1","user_api_key_alias":%q},
		"request_headers":%s,"litellm_version":"1.105.7","additional_provider_specific_params":{},"tool_calls":null,"model":"demo-small"}`,
		callID, hash(a), a.KeyID(), headers)
}

// entry is what LiteLLM 1.105.7 logs of a call, as far as it is read here.
func entry(a *graphtest.API, callID, status string, tokens int) string {
	return fmt.Sprintf(`{"id":"chatcmpl-%s","litellm_call_id":%q,"status":%q,"custom_llm_provider":"openai","model":"openai/demo-small","cache_hit":null,
		"response_cost":0.25,"prompt_tokens":%d,"completion_tokens":%d,"startTime":1795918461.842807,"endTime":1795918465.73455,"end_user":null,
		"metadata":{"user_api_key_hash":%q,"user_api_key_alias":%q,"usage_object":{"prompt_tokens_details":{"audio_tokens":null,"cached_tokens":2},
		"completion_tokens_details":null}}}`, callID, callID, status, tokens, tokens, hash(a), a.KeyID())
}

func stands(a *graphtest.API, used, reserved string) {
	a.T.Helper()
	got := a.Post(a.Viewer, object{"query": `query($key: String!) { checkUsage(input: {key: $key, estimate: {cost: "0"}}) { limits { used reserved } } }`,
		"variables": object{"key": a.KeyID()}})
	got.Equal(used, "checkUsage", "limits", 0, "used")
	got.Equal(reserved, "checkUsage", "limits", 0, "reserved")
}

func asks(a *graphtest.API, want, query, body string) {
	a.T.Helper()
	status, answer := post(a, guardrail+query, body)
	if status != 200 || answer["action"] != want || (want == "BLOCKED") != (answer["blocked_reason"] != nil) {
		a.T.Fatalf("want %s: %d %v", want, status, answer)
	}
}

func logs(a *graphtest.API, booked, released, errors int, query, body string) {
	a.T.Helper()
	status, answer := post(a, callback+query, body)
	failed, _ := answer["errors"].([]any)
	if status != 200 || answer["booked"] != float64(booked) || answer["released"] != float64(released) || len(failed) != errors {
		a.T.Fatalf("want %d booked, %d released, %d errors: %d %v", booked, released, errors, status, answer)
	}
}

// A call of a key that Bursar knows by the hash of its secret is held, and booked once however often its log is sent; one that failed gives
// back what it held; a budget that is used up blocks with the reason.
func TestCalls(t *testing.T) {
	t.Parallel()
	a := limited(t)
	asks(a, "NONE", "?estimate.cost=0.5", question(a, "c1", "{}"))
	stands(a, "0", "0.5")
	asks(a, "NONE", "?estimate.cost=0.5", question(a, "c1", "{}")) // LiteLLM's own repetition
	asks(a, "NONE", "?estimate.cost=0.5", question(a, "c2", "{}"))
	asks(a, "BLOCKED", "?estimate.cost=0.5", question(a, "c3", "{}"))
	asks(a, "BLOCKED", "", question(a, "c4", "{}")) // there is no price
	stands(a, "0", "1")
	logs(a, 1, 1, 0, "?cost=litellm", "["+entry(a, "c1", "success", 7)+","+entry(a, "c2", "failure", 0)+","+entry(a, "c3", "failure", 0)+"]")
	stands(a, "0.25", "0")
	logs(a, 1, 1, 0, "?cost=litellm", entry(a, "c1", "success", 7)+"\n"+entry(a, "c2", "failure", 0))
	stands(a, "0.25", "0")
	logs(a, 1, 0, 0, "", entry(a, "c9", "success", 7))                        // which nothing has held; without a price it costs nothing
	logs(a, 1, 0, 0, "?cost=litellm&key=alias", entry(a, "c2", "success", 3)) // after a fallback of LiteLLM's
	stands(a, "0.5", "0")
	asks(a, "NONE", "?key=alias&estimate.cost=0.1", question(a, "c5", "{}"))
}

// A caller who chooses the id of their call cannot make two calls with what one holds, nor hide the usage of one behind the other.
func TestChosenCallIDs(t *testing.T) {
	t.Parallel()
	a := limited(t)
	headers := `{"X-LiteLLM-Call-Id": "mine"}`
	asks(a, "NONE", "?estimate.cost=0.5", question(a, "mine", headers))
	asks(a, "BLOCKED", "?estimate.cost=0.5", question(a, "mine", headers))
	asks(a, "BLOCKED", "?estimate.cost=0.5", question(a, "mine", "null"))
	logs(a, 1, 0, 0, "?cost=litellm", entry(a, "mine", "success", 7))
	logs(a, 1, 0, 0, "?cost=litellm", entry(a, "mine", "success", 8))
	stands(a, "0.5", "0")
	asks(a, "BLOCKED", "?estimate.cost=0.1", question(a, "mine", headers))
}

// What is none of LiteLLM's changes nothing and is told what is wrong; a token that accepts no ids names no key by a hash; another
// organization's key is not known.
func TestRefused(t *testing.T) {
	t.Parallel()
	a, other := limited(t), kit.NewAPI(t)
	for path, bodies := range map[string][]string{
		guardrail: {"", "[]", "{}", `{"input_type":"request"}`, `{"input_type":"other","litellm_call_id":"x"}`, `{"input_type":"request","litellm_call_id":"x"}`,
			strings.Replace(question(a, "c", "{}"), hash(a), "zz", 1), question(a, strings.Repeat("x", 300), "{}")},
		callback:                          {"", "[]", "{}", "[{}]", `[{"litellm_call_id":"x","status":"maybe"}]`},
		guardrail + "?key=x":              {question(a, "c", "{}")},
		guardrail + "?nothing=x":          {question(a, "c", "{}")},
		guardrail + "?estimate.cost=x":    {question(a, "c", "{}")},
		guardrail + "?estimate.cost=-1":   {question(a, "c", "{}")},
		guardrail + "?estimate.cost=1e40": {question(a, "c", "{}")},
		callback + "?cost=x":              {entry(a, "c", "success", 1)},
	} {
		for _, body := range bodies {
			if status, answer := post(a, path, body); status != 400 {
				t.Errorf("%s %.200s: %d %v", path, body, status, answer)
			}
		}
	}
	asks(a, "NONE", "", `{"input_type":"response","litellm_call_id":"x"}`)
	asks(other, "BLOCKED", "?estimate.cost=0.1", question(a, "c", "{}"))
	logs(other, 0, 0, 1, "", entry(a, "c", "success", 1))
	logs(a, 1, 0, 1, "?cost=litellm", "["+entry(a, "nul\\u0000", "success", 1)+","+entry(a, "less", "success", -5)+"]")
	stands(a, "0.25", "0")
	strict := a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "strict", "role": "GATEWAY"}}).
		Text("createAccessToken", "secret")
	if status, answer := postAs(a, strict, guardrail, question(a, "c", "{}")); status != 403 {
		t.Errorf("%d %v", status, answer)
	}
	if status, answer := postAs(a, a.Viewer, guardrail, question(a, "c", "{}")); status != 403 {
		t.Errorf("%d %v", status, answer)
	}
}
