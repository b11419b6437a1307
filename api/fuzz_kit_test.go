package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/api"
	"bursar/db/dbtest"
	"bursar/fault"
	"bursar/graph/graphtest"
)

// fuzzed is the whole server on a real database, called without a network in between, so that a panic ends the fuzzing. Its
// database lives as long as the process: what one input changed the next one meets.
type fuzzed struct {
	server *api.Server
	tokens []string
	names  *strings.Replacer // of ids and secrets that seeds name, for they differ from database to database
	ids    []string          // of one thing of every type, of one of another organization, and of none
	log    *bytes.Buffer
}

func newFuzzed(f *testing.F) *fuzzed {
	f.Helper()
	a := newAPI(f)
	foreign := dbtest.NewTenant(f, a.Pool)
	run := func(operation string, input object, path ...any) string {
		f.Helper()
		return a.Run(graphtest.RootToken, operation, object{"input": input}).Text(path...)
	}
	budget := run("CreateBudgetLimit", object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 1000, "alertThresholds": []any{1}, "periodicReset": "WEEKLY"},
		"createBudgetLimit", "budgetLimit", "id")
	rate := run("CreateRateLimit", object{"subjectId": a.WorkspaceID(), "type": "REQUESTS", "limit": 50, "interval": "HOUR"},
		"createRateLimit", "rateLimit", "id")
	reservation := run("ReserveUsage", object{"key": a.KeyID(), "requestId": "seed", "estimate": object{"tokens": 5}}, "reserveUsage", "reservation", "id")
	event := run("RecordUsage", object{"key": a.KeyID(), "requestId": "seed", "inputTokens": 5, "model": "m"}, "recordUsage", "usageEvent", "id")
	token := run("CreateAccessToken", object{"organizationId": a.OrganizationID(), "name": "t", "role": "VIEWER"}, "createAccessToken", "accessToken", "id")
	secretsOnly := run("CreateAccessToken", object{"organizationId": a.OrganizationID(), "name": "t", "role": "GATEWAY"}, "createAccessToken", "secret")
	alert := a.Run(graphtest.RootToken, "Alerts", nil).Text("alerts", "edges", 0, "node", "id")
	entry := a.Run(graphtest.RootToken, "AuditLog", nil).Text("auditLog", "edges", 0, "node", "id")
	z := &fuzzed{log: &bytes.Buffer{}, tokens: []string{graphtest.RootToken, a.Admin, a.Viewer, a.Gateway, secretsOnly, ""}}
	z.ids = []string{a.KeyID(), a.OrganizationID(), a.WorkspaceID(), a.OwnerID(), budget, rate, reservation, event, token, alert, entry,
		foreign.Key.ExternalID(), foreign.Organization.ExternalID(), "key_" + strings.Repeat("0", 32), "key_1"}
	z.names = strings.NewReplacer("KEY_ID", a.KeyID(), "ORGANIZATION_ID", a.OrganizationID(), "WORKSPACE_ID", a.WorkspaceID(),
		"MEMBER_ID", a.OwnerID(), "BUDGET_ID", budget, "RATE_ID", rate, "RESERVATION_ID", reservation, "EVENT_ID", event, "TOKEN_ID", token,
		"ALERT_ID", alert, "ENTRY_ID", entry, "FOREIGN_ID", foreign.Key.ExternalID(), "SECRET", a.Tenant.Secret.Text)
	z.server = api.New(api.Config{
		Pool: kit.ServerPool(f, a.Pool), RootToken: graphtest.RootToken,
		Logger: slog.New(slog.NewTextHandler(z.log, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	f.Cleanup(z.server.Close)
	return z
}

// ask sends a document with variables, JSON, by POST; what seeds name is put into both.
func (z *fuzzed) ask(t *testing.T, token byte, document, variables string) {
	t.Helper()
	encoded, err := json.Marshal(z.names.Replace(document))
	if err != nil {
		t.Fatal(err)
	}
	if !json.Valid([]byte(variables)) {
		variables = "null"
	}
	body := fmt.Sprintf(`{"query": %s, "variables": %s}`, encoded, z.names.Replace(variables))
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+z.tokens[int(token)%len(z.tokens)])
	z.send(t, request, body)
}

// codes are those that a client may be told when the server and its database are well.
var codes = []fault.Code{fault.Unauthenticated, fault.Forbidden, fault.NotFound, fault.BadUserInput, fault.Conflict, fault.IdempotencyMismatch,
	fault.FeatureNotAvailable, fault.ReservationClosed, fault.QueryTooComplex, fault.PersistedQueryNotFound}

// statuses are those of HTTP that an answer may have.
var statuses = []int{http.StatusOK, http.StatusNoContent, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden,
	http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusTooManyRequests,
	http.StatusNotImplemented}

var secretForm = regexp.MustCompile(`bs[rt]_[0-9A-Za-z]{20,}`)

// send fails the test unless the answer is JSON with a status and codes of the contract, tells no secret that was not sent in
// an error, and grants nothing beside one.
func (z *fuzzed) send(t *testing.T, request *http.Request, body string) {
	t.Helper()
	z.log.Reset()
	recorder := httptest.NewRecorder()
	began := time.Now()
	z.server.ServeHTTP(recorder, request)
	text := recorder.Body.String()
	if z.log.Len() > 0 && time.Since(began) < 4*time.Second { // what timed out on a busy machine is UNAVAILABLE
		t.Fatalf("logged: %s\nfor %s", z.log, body)
	}
	if !slices.Contains(statuses, recorder.Code) {
		t.Fatalf("status %d of %s: %s", recorder.Code, body, text)
	}
	if request.Method == http.MethodOptions {
		return
	}
	var result struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Path       []any
			Extensions struct {
				Code      fault.Code
				RequestID string
			}
		}
	}
	if err := json.Unmarshal([]byte(text), &result); err != nil || result.Data == nil && result.Errors == nil {
		t.Fatalf("%v in the answer to %s: %s", err, body, text)
	}
	for _, problem := range result.Errors {
		if !slices.Contains(codes, problem.Extensions.Code) || problem.Message == "" || problem.Extensions.RequestID == "" {
			t.Fatalf("%+v in the answer to %s: %s", problem, body, text)
		}
		for _, secret := range secretForm.FindAllString(problem.Message, -1) {
			if !strings.Contains(body, secret) {
				t.Fatalf("the error tells %s: %s", secret, text)
			}
		}
		if len(problem.Path) == 0 {
			continue
		}
		if granted := result.Data[fmt.Sprint(problem.Path[0])]; strings.Contains(string(granted), `"allowed":true`) {
			t.Fatalf("%s beside %+v", granted, problem)
		}
	}
}
