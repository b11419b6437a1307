package mcpserver_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"bursar/apiclient"
	"bursar/auth"
	"bursar/db"
	"bursar/graph/graphtest"
	"bursar/mcpserver"
	"bursar/mcpserver/command"

	applycommand "bursar/apply/command"
)

var kit *graphtest.Kit

// asServer has the test's binary be bursar mcp.
const asServer = "BURSAR_TEST_MCP_URL"

func TestMain(m *testing.M) {
	if url := os.Getenv(asServer); url != "" {
		server := applycommand.Server{Token: os.Getenv("BURSAR_TOKEN")}
		if err := server.URL.UnmarshalText([]byte(url)); err != nil {
			panic(err)
		}
		if err := (&command.MCP{Server: server, APIKey: os.Getenv("BURSAR_API_KEY")}).Run(context.Background(), os.Stdin, os.Stdout); err != nil {
			panic(err)
		}
		return
	}
	graphtest.Main(m, func(k *graphtest.Kit) { kit = k })
}

type object = map[string]any

// agent is a client of the SDK, of a server with a token.
type agent struct {
	t       *testing.T
	session *mcp.ClientSession
	secrets []string // which no answer may have
}

func newAgent(t *testing.T, url, token, key string) *agent {
	t.Helper()
	api := apiclient.New(apiclient.Config{URL: url, Token: token, Wait: time.Millisecond})
	t.Cleanup(api.Close)
	server, client := mcp.NewInMemoryTransports()
	if _, err := mcpserver.New(mcpserver.Config{API: api, Key: key, Version: "test"}).Connect(t.Context(), server, nil); err != nil {
		t.Fatal(err)
	}
	return connect(t, client, token, key)
}

func connect(t *testing.T, transport mcp.Transport, secrets ...string) *agent {
	t.Helper()
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return &agent{t, session, secrets}
}

// call calls a tool and returns its result, or the words of its error.
func (a *agent) call(tool string, arguments object) (result object, refused string) {
	a.t.Helper()
	answer, err := a.session.CallTool(a.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		return nil, err.Error()
	}
	whole, err := json.Marshal(answer)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, secret := range a.secrets {
		if secret != "" && strings.Contains(string(whole), secret) {
			a.t.Errorf("the answer of %s has a secret: %s", tool, whole)
		}
	}
	if answer.IsError {
		return nil, answer.Content[0].(*mcp.TextContent).Text
	}
	text, err := json.Marshal(answer.StructuredContent)
	if err != nil {
		a.t.Fatal(err)
	}
	if err := json.Unmarshal(text, &result); err != nil {
		a.t.Fatal(err)
	}
	return result, ""
}

// want calls a tool that must answer.
func (a *agent) want(tool string, arguments object) object {
	a.t.Helper()
	result, refused := a.call(tool, arguments)
	if refused != "" {
		a.t.Fatalf("%s: %s", tool, refused)
	}
	return result
}

// refused calls a tool that must refuse, in words.
func (a *agent) refused(tool string, arguments object, words string) {
	a.t.Helper()
	if result, refused := a.call(tool, arguments); !strings.Contains(refused, words) {
		a.t.Errorf("%s answers %v, %q, want %q", tool, result, refused, words)
	}
}

// scene is an organization with a key of a member, and usage.
type scene struct {
	*graphtest.API
	member              *db.Member
	memberToken, own    string // the member's token and key
	ownID, budget       string
	ownerToken, revoked string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	a := kit.NewAPI(t)
	s := &scene{API: a, member: a.Tenant.Member(a.Tenant.Organization.ID, "m@acme.test", db.MemberRoleMEMBER)}
	s.memberToken = a.Tenant.BoundToken(s.member, db.TokenRoleADMIN)
	s.ownerToken = a.Tenant.BoundToken(a.Tenant.Owner, db.TokenRoleOWNER)
	created := a.Run(s.memberToken, "CreateApiKey", object{"input": object{"ownerId": a.WorkspaceID(), "name": "agent",
		"budgetLimits": []object{{"type": "COST", "amount": 10, "periodicReset": "MONTHLY"}}, "rateLimits": []object{{"type": "REQUESTS", "limit": 60, "interval": "MINUTE"}}}})
	s.own, s.ownID = created.Text("createApiKey", "secret"), created.Text("createApiKey", "apiKey", "id")
	s.budget = created.Text("createApiKey", "apiKey", "budgetLimits", 0, "id")
	a.Run(a.Admin, "SetPrice", object{"input": object{"organizationId": a.OrganizationID(), "provider": "p", "model": "m",
		"rates": []object{{"unit": "INPUT_TOKENS", "perMillion": 2}, {"unit": "OUTPUT_TOKENS", "perMillion": 8}}}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"secret": s.own, "provider": "p", "model": "m", "inputTokens": 1_000_000, "outputTokens": 125_000}})
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"secret": a.Tenant.Secret.Text, "provider": "p", "model": "m", "inputTokens": 7}})
	made := a.Run(a.Admin, "CreateAccessToken", object{"input": object{"organizationId": a.OrganizationID(), "name": "gone", "role": "ADMIN"}})
	s.revoked = made.Text("createAccessToken", "secret")
	a.Run(a.Admin, "RevokeAccessToken", object{"input": object{"id": made.Text("createAccessToken", "accessToken", "id")}})
	return s
}

// remaining returns what remains of the budget that an answer of what_is_left has first.
func remaining(t *testing.T, answer object) any {
	t.Helper()
	for _, limit := range answer["keys"].([]any)[0].(object)["limits"].([]any) {
		if limit := limit.(object); limit["kind"] == "BUDGET" {
			return limit["remaining"]
		}
	}
	t.Fatalf("there is no budget in %v", answer)
	return nil
}

// Guarantee: each token gets from the tools what it may get from the API, and nothing else: a MEMBER what belongs to their keys, a GATEWAY checks alone, a revoked token nothing.
// What is refused is refused in words, and no answer has a secret.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	call := object{"provider": "p", "model": "m", "inputTokens": 1000, "outputTokens": 500}
	raise := object{"limitId": s.budget, "by": "5", "reason": "a long night"}

	owner := newAgent(t, s.URL, s.ownerToken, "")
	if got := remaining(t, owner.want("what_is_left", object{"apiKeyId": s.ownID})); got != "7" {
		t.Errorf("%v dollars are left, want 7", got)
	}
	if cost := owner.want("estimate_cost", call); cost["cost"] != "0.006" || cost["provider"] != "p" || len(cost["parts"].([]any)) != 3 {
		t.Errorf("the cost is %v", cost)
	}
	if events := owner.want("recent_usage", object{})["events"].([]any); len(events) != 2 || events[1].(object)["cost"] != "3" || events[1].(object)["apiKeyName"] != "agent" {
		t.Errorf("the usage is %v", events)
	}
	if limited := owner.want("recent_usage", object{"limit": 1}); len(limited["events"].([]any)) != 1 || limited["more"] != true {
		t.Errorf("one event is %v", limited)
	}

	member := newAgent(t, s.URL, s.memberToken, "")
	own := member.want("what_is_left", object{})
	if keys := own["keys"].([]any); len(keys) != 1 || keys[0].(object)["apiKeyId"] != s.ownID || keys[0].(object)["name"] != "agent" || keys[0].(object)["allowed"] != true {
		t.Errorf("the member's keys are %v", keys)
	}
	if events := member.want("recent_usage", object{})["events"].([]any); len(events) != 1 {
		t.Errorf("the member sees %v", events)
	}
	if asked := member.want("request_raise", raise); asked["status"] != "OPEN" || asked["by"] != "5" || asked["type"] != "COST" {
		t.Errorf("the raise is %v", asked)
	}
	if large := member.want("what_is_left", object{"model": "m", "provider": "p", "inputTokens": 100_000_000}); large["keys"].([]any)[0].(object)["allowed"] != false {
		t.Errorf("a call of 200 dollars is admitted: %v", large)
	}
	const may = "The token of this server may not do this"
	member.refused("what_is_left", object{"apiKeyId": s.KeyID()}, may)
	member.refused("recent_usage", object{"apiKeyId": s.KeyID()}, may)

	gateway := newAgent(t, s.URL, s.Gateway, s.own)
	if got := remaining(t, gateway.want("what_is_left", object{})); got != "7" {
		t.Errorf("%v dollars are left of the agent's own key, want 7", got)
	}
	gateway.refused("estimate_cost", call, may)
	gateway.refused("recent_usage", object{}, may)
	gateway.refused("request_raise", raise, may)
	newAgent(t, s.URL, s.Gateway, "").refused("what_is_left", object{}, "Say which API key")

	viewer := newAgent(t, s.URL, s.Viewer, "")
	viewer.want("estimate_cost", call)
	viewer.refused("request_raise", raise, may)

	for _, token := range []string{s.revoked, "bst_nonsense"} {
		revoked := newAgent(t, s.URL, token, "")
		for tool, arguments := range map[string]object{"what_is_left": {"apiKeyId": s.ownID}, "estimate_cost": call, "recent_usage": {}, "request_raise": raise} {
			revoked.refused(tool, arguments, "does not accept the token")
		}
	}
	newAgent(t, "http://127.0.0.1:1", s.Admin, "").refused("recent_usage", object{}, "cannot be reached")
	if asked := s.Run(s.Admin, "Limits", object{"subjectId": s.ownID}); asked.Text("node", "budgetLimits", 0, "amount") != "10" {
		t.Error("asking for a raise has raised the budget")
	}
}

// Guarantee: the tools say what they take and answer, that they read (but for the one that asks), and refuse what is out of bounds, unknown or of another organization.
func TestTools(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	a := newAgent(t, s.URL, s.memberToken, "")
	listed, err := a.session.ListTools(t.Context(), nil)
	if err != nil || len(listed.Tools) != 4 {
		t.Fatalf("%v, %v", listed, err)
	}
	for _, tool := range listed.Tools {
		if tool.InputSchema == nil || tool.OutputSchema == nil || tool.Description == "" || tool.Annotations.ReadOnlyHint != (tool.Name != "request_raise") {
			t.Errorf("%+v", tool)
		}
	}
	other := strings.Repeat("0", 32)
	for _, test := range []struct {
		tool      string
		arguments object
	}{
		{"what_is_left", object{"apiKeyId": auth.NewSecret(auth.APIKeyPrefix).Text}}, {"what_is_left", object{"apiKeyId": ""}}, {"what_is_left", object{"inputTokens": -1}},
		{"what_is_left", object{"model": strings.Repeat("m", 201)}}, {"what_is_left", object{"inputTokens": 1e18}}, {"what_is_left", object{"secret": "x"}},
		{"estimate_cost", object{}}, {"estimate_cost", object{"model": "m", "outputTokens": 0.5}}, {"estimate_cost", object{"model": "m", "serviceTier": "FASTEST"}}, {"estimate_cost", object{"model": "unknown"}},
		{"estimate_cost", object{"model": "m\x00"}}, {"recent_usage", object{"limit": 51}}, {"recent_usage", object{"limit": "all"}}, {"recent_usage", object{"apiKeyId": "key_" + other}},
		{"request_raise", object{"limitId": s.budget, "by": "5"}}, {"request_raise", object{"limitId": s.budget, "by": "-5", "reason": "x"}}, {"request_raise", object{"limitId": s.budget, "by": "0", "reason": "x"}},
		{"request_raise", object{"limitId": "bud_" + other, "by": "5", "reason": "x"}}, {"request_raise", object{"limitId": s.budget, "by": "5", "reason": strings.Repeat("x", 501)}},
		{"request_raise", object{"limitId": s.budget, "by": "5", "reason": "x", "until": "tomorrow"}}, {"request_raise", object{"limitId": s.budget, "by": "5", "reason": "x", "until": "2020-01-01T00:00:00Z"}},
		{"no_such_tool", object{}},
	} {
		if result, refused := a.call(test.tool, test.arguments); refused == "" {
			t.Errorf("%s %v answers %v", test.tool, test.arguments, result)
		}
	}
	var asked int
	if err := s.Pool.QueryRow(t.Context(), "select count(*) from raise_requests").Scan(&asked); err != nil || asked != 0 {
		t.Errorf("%d raises were asked for by what was refused, %v", asked, err)
	}
}

// Guarantee: over the pipes of a process of its own, as agents start it, the server answers, and ends when its input does.
func TestProcess(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process := exec.CommandContext(t.Context(), program)
	process.Env = append(os.Environ(), asServer+"="+s.URL, "BURSAR_TOKEN="+s.Gateway, "BURSAR_API_KEY="+s.own)
	a := connect(t, &mcp.CommandTransport{Command: process}, s.Gateway, s.own)
	if got := remaining(t, a.want("what_is_left", object{})); got != "7" {
		t.Errorf("%v dollars are left, want 7", got)
	}
	a.refused("recent_usage", object{}, "may not do this")
	if err := a.session.Close(); err != nil {
		t.Errorf("the process ends with %v", err)
	}
	wrong := &command.MCP{APIKey: "not-a-key"}
	if err := wrong.Run(t.Context(), strings.NewReader(""), os.Stdout); err == nil || strings.Contains(err.Error(), "not-a-key") {
		t.Errorf("a key of another form: %v", err)
	}
}
