package envoy_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	"google.golang.org/grpc/codes"
)

const chat = `{"model":"gpt-5","max_tokens":20,"messages":[{"role":"user","content":"hi"}]}`

// check calls the authorization service as Envoy does for a call of a model; headers replace the usual ones, and "" leaves one out.
func (g *gateway) check(path, body string, headers map[string]string) *authv3.CheckResponse {
	g.T.Helper()
	all := map[string]string{":path": path, "authorization": "Bearer " + g.Tenant.Secret.Text, "content-type": "application/json", "x-request-id": "req-1"}
	maps.Copy(all, headers)
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	response, err := g.checks.Check(g.as(g.T.Context()), &authv3.CheckRequest{Attributes: &authv3.AttributeContext{Request: &authv3.AttributeContext_Request{
		Http: &authv3.AttributeContext_HttpRequest{Id: "1", Method: "POST", Path: path, Headers: all, Body: body}}}})
	if err != nil {
		g.T.Fatalf("the call failed: %v", err)
	}
	return response
}

func headersIn(options []*corev3.HeaderValueOption) map[string]string {
	headers := map[string]string{}
	for _, option := range options {
		if option.GetAppendAction() == corev3.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD {
			headers[option.GetHeader().GetKey()] = option.GetHeader().GetValue()
		}
	}
	return headers
}

// Guarantee: a request whose body is known is held by its id, with headers that replace the caller's, and is settled by the stream's end; one without a body,
// or with a part of it, is only looked at.
func TestAuthorizationHolds(t *testing.T) {
	t.Parallel()
	g := newGateway(t, rules)
	g.budget(1000)
	response := g.check("/v1/chat/completions?x=1", chat, nil)
	headers := headersIn(response.GetOkResponse().GetHeaders())
	if response.GetStatus().GetCode() != int32(codes.OK) || !strings.HasPrefix(headers["x-bursar-reservation"], "res_") || headers["x-bursar-key-id"] != g.KeyID() ||
		response.GetDynamicMetadata().GetFields()["model"].GetStringValue() != "gpt-5" {
		t.Errorf("the answer is %v", response)
	}
	g.held(1)
	if n := g.count(`select count(*) from reservations where model = 'gpt-5' and tokens > 20 and request_id = 'req-1'`); n != 1 {
		t.Error("the hold is another one")
	}
	g.want(ok, hits(g.descriptor("x-request-id", "req-1"), 12))
	g.held(0)
	g.booked(1, 1, 12)
	for name, response := range map[string]*authv3.CheckResponse{
		"no body":      g.check("/v1/chat/completions", "", map[string]string{"x-request-id": "req-2"}),
		"a part of it": g.check("/v1/chat/completions", chat[:20], map[string]string{"x-request-id": "req-3", "x-envoy-auth-partial-body": "true"}),
		"no id":        g.check("/v1/chat/completions", chat, map[string]string{"x-request-id": ""}),
		"a free call":  g.check("/v1/models", "", map[string]string{"x-request-id": "req-4"}),
	} {
		ok := response.GetOkResponse()
		if ok == nil || headersIn(ok.GetHeaders())["x-bursar-reservation"] != "" || len(ok.GetHeadersToRemove()) != 1 {
			t.Errorf("%s: %v", name, response)
		}
	}
	g.held(0)
}

// Guarantee: a denial has the status and the body that the caller's SDK understands: of a budget the one that the file says, 401 for a key that is none, 400
// for a request that the provider might read in another way.
func TestAuthorizationDenies(t *testing.T) {
	t.Parallel()
	g := newGateway(t, "authorization: {onDenied: 402}\n"+rules)
	g.budget(1000)
	g.want(ok, hits(g.descriptor(), 1000))
	for name, test := range map[string]struct {
		path, body string
		headers    map[string]string
		status     int32
		reason     string
	}{
		"a budget":         {"/v1/chat/completions", chat, nil, 402, "BUDGET_EXHAUSTED"},
		"an unknown key":   {"/v1/chat/completions", chat, map[string]string{"authorization": "Bearer bsr_unknown"}, 401, "KEY_NOT_FOUND"},
		"no key":           {"/v1/chat/completions", chat, map[string]string{"authorization": ""}, 401, ""},
		"an id":            {"/v1/chat/completions", chat, map[string]string{"authorization": "Bearer " + g.KeyID()}, 401, "KEY_NOT_FOUND"},
		"a malformed body": {"/v1/chat/completions", `{"model":"a","model":"b"}`, nil, 400, ""},
		"no path":          {"\x7f", "", nil, 400, "BAD_USER_INPUT"},
	} {
		response := g.check(test.path, test.body, test.headers)
		denied := response.GetDeniedResponse()
		if response.GetStatus().GetCode() != int32(codes.PermissionDenied) || int32(denied.GetStatus().GetCode()) != test.status {
			t.Errorf("%s: %v", name, response)
			continue
		}
		headers := headersIn(denied.GetHeaders())
		if test.reason != "" && headers["x-bursar-reason"] != test.reason || !strings.HasPrefix(headers["content-type"], "application/json") || headers["content-length"] != "" {
			t.Errorf("%s: the headers are %v", name, headers)
		}
		var body struct {
			Error struct{ Message, Type string }
		}
		if err := json.Unmarshal([]byte(denied.GetBody()), &body); err != nil || body.Error.Message == "" {
			t.Errorf("%s: the body is %s", name, denied.GetBody())
		}
	}
	anthropic := g.check("/v1/messages", `{"model":"claude","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}`,
		map[string]string{"authorization": "", "x-api-key": g.Tenant.Secret.Text, "anthropic-version": "2023-06-01"})
	if !strings.Contains(anthropic.GetDeniedResponse().GetBody(), `"type":"error"`) {
		t.Errorf("Anthropic's form: %v", anthropic)
	}
	g.held(0)
}
