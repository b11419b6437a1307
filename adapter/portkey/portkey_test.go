package portkey_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"bursar/graph/graphtest"
)

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

type object = graphtest.Object

func limited(t *testing.T) *graphtest.API {
	t.Helper()
	a := kit.NewAPI(t)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": "1", "periodicReset": "NONE"}})
	return a
}

// post sends an event with a key and returns the status and the answer.
func post(a *graphtest.API, query, secret, body string) (int, object) {
	a.T.Helper()
	request, err := http.NewRequestWithContext(a.T.Context(), http.MethodPost, a.URL+"/v1/portkey"+query, strings.NewReader(body))
	if err != nil {
		a.T.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+a.Gateway)
	request.Header.Set("X-Bursar-Key", secret)
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

const chat = `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"bursar_hold":{"reservation":"res_x"}}`

func before(request string) string {
	return fmt.Sprintf(`{"eventType":"beforeRequestHook","provider":"anthropic","requestType":"chatComplete","metadata":{"team":"core"},
		"request":{"json":%s,"text":"","isStreamingRequest":false,"isTransformed":false},"response":{"json":null,"text":null,"statusCode":null}}`, request)
}

func after(request any, response string, streaming bool) string {
	text, err := json.Marshal(request)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"eventType":"afterRequestHook","provider":"anthropic","requestType":"chatComplete","metadata":{"team":"core"},
		"request":{"json":%s,"isStreamingRequest":%t},"response":{"json":%s,"statusCode":200}}`, text, streaming, response)
}

// carried returns the request that the gateway is to go on with.
func carried(t *testing.T, answer object) any {
	t.Helper()
	if answer["verdict"] != true {
		t.Fatal(answer)
	}
	transformed, _ := answer["transformedData"].(object)
	request, _ := transformed["request"].(object)
	return request["json"]
}

func stands(a *graphtest.API, used, reserved string) {
	a.T.Helper()
	got := a.Post(a.Viewer, object{"query": `query($key: String!) { checkUsage(input: {key: $key, estimate: {cost: "0"}}) { limits { used reserved } } }`,
		"variables": object{"key": a.KeyID()}})
	got.Equal(used, "checkUsage", "limits", 0, "used")
	got.Equal(reserved, "checkUsage", "limits", 0, "reserved")
}

// What the first hook holds travels in the request, in place of what the caller had put there, and the second hook settles it once: with what the
// answer tells, cached tokens included, or, for a stream, with what was held.
func TestHooks(t *testing.T) {
	t.Parallel()
	a := limited(t)
	secret := a.Tenant.Secret.Text
	_, answer := post(a, "?estimate.cost=0.25", secret, before(chat))
	request := carried(t, answer)
	if held, _ := request.(object)["bursar_hold"].(object); held["reservation"] == "res_x" || held["cost"] != "0.25" {
		t.Fatal(request)
	}
	stands(a, "0", "0.25")
	told := after(request, `{"model":"m","usage":{"prompt_tokens":5,"cache_read_input_tokens":7,"completion_tokens":3}}`, false)
	for range 2 {
		if _, answer := post(a, "", secret, told); answer["verdict"] != true {
			t.Fatal(answer)
		}
	}
	stands(a, "0", "0")
	events := a.Post(a.Viewer, object{"query": `{ usageEvents { nodes { inputTokens cachedInputTokens outputTokens metadata } } }`})
	events.Equal([]any{object{"inputTokens": 12, "cachedInputTokens": 7, "outputTokens": 3, "metadata": object{"team": "core"}}}, "usageEvents", "nodes")

	_, answer = post(a, "?estimate.cost=0.25", secret, before(chat))
	request = carried(t, answer)
	for range 2 {
		if _, answer := post(a, "", secret, after(request, "null", true)); answer["verdict"] != true {
			t.Fatal(answer)
		}
	}
	stands(a, "0.25", "0")
}

// A denial is a verdict with its reason; the key may stand in the metadata, which are kept without it.
func TestDenied(t *testing.T) {
	t.Parallel()
	a := limited(t)
	status, answer := post(a, "?estimate.cost=2", a.Tenant.Secret.Text, before(chat))
	data, _ := answer["data"].(object)
	if status != 200 || answer["verdict"] != false || data["reason"] != "ESTIMATE_EXCEEDS_LIMIT" || data["status"] != 412.0 {
		t.Fatal(status, answer)
	}
	if _, answer := post(a, "?estimate.cost=0.1", "", before(chat)); answer["verdict"] != false {
		t.Fatal(answer)
	}
	if _, answer := post(a, "", a.Tenant.Secret.Text, before(chat)); answer["verdict"] != false { // there is no price
		t.Fatal(answer)
	}
	body := strings.Replace(before(chat), `"team":"core"`, fmt.Sprintf(`"team":"core","key":%q`, a.Tenant.Secret.Text), 1)
	if _, answer := post(a, "?estimate.cost=0.1&secretMetadata=key", "", body); answer["verdict"] != true {
		t.Fatal(answer)
	}
	stands(a, "0", "0.1")
}

// What is none of Portkey's, and a second hook without a first one, is an error, and changes nothing.
func TestRefused(t *testing.T) {
	t.Parallel()
	a := limited(t)
	for body, query := range map[string]string{
		"": "", "[]": "", "{}": "", `{"eventType":"x"}`: "", before("null"): "", before("[]"): "", before(`{"model":7}`): "",
		before(`{"model":"m","messages":"x","max_tokens":-1}`): "", before(chat): "?nothing=1", before(chat) + " ": "?estimate.cost=x",
		before(chat) + "  ": "?estimate.cost=-1", after(object{}, "{}", false): "", after(object{"bursar_hold": object{"reservation": "x"}}, "{}", false): "",
		strings.Replace(before(chat), "core", `\u0000`, 1): "?estimate.cost=0.1",
	} {
		if status, answer := post(a, query, a.Tenant.Secret.Text, body); status != 400 || answer["verdict"] != false {
			t.Errorf("%s %.150s: %d %v", query, body, status, answer)
		}
	}
	stands(a, "0", "0")
}
