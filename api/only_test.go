package api_test

import (
	"strings"
	"testing"

	"bursar/api"
	"bursar/graph/graphtest"
)

// Guarantee: a server for enforcement alone and one for the control plane alone answer every operation between them, each by one of
// the two but for what gateways send beside enforcement; the other refuses it before it is executed, and names the kind of server to ask.
func TestOnly(t *testing.T) {
	t.Parallel()
	pool := kit.New(t)
	a := kit.ServeWith(t, pool, api.Config{Only: api.OnlyEnforcement})
	control := *a
	control.URL = kit.StartWith(t, api.Config{Only: api.OnlyControl, Pool: a.Pool, RootToken: graphtest.RootToken})
	check := `checkUsage(input:{key:"` + a.KeyID() + `"}){allowed}`
	const schema = "{__schema{queryType{name}}}"
	for query, isEnforcement := range map[string]bool{
		"{" + check + "}":                          true,
		"{...f}fragment f on Query{" + check + "}": true,
		`mutation{reserveUsage(input:{key:"` + a.KeyID() + `"}){decision{allowed}}}`: true,
		"{viewer{role}}":                    false,
		schema:                              false,
		"{a:" + check + " b:" + check + "}": false,
		"{" + check + " viewer{role}}":      false,
		`mutation{revokeApiKey(input:{id:"key_unknown"}){apiKey{id}}}`: false,
	} {
		answers, refuses, hint := a, &control, "send this one to a server for enforcement"
		if !isEnforcement {
			answers, refuses, hint = &control, a, "send this one to a server for the control plane"
		}
		for _, token := range []string{a.Admin, graphtest.RootToken} {
			refused := refuses.Post(token, object{"query": query})
			refused.Must("FORBIDDEN", "")
			if !strings.Contains(refused.Errors[0].Message, hint) || refused.Data != nil {
				t.Errorf("%s: %q, data %v", query, refused.Errors[0].Message, refused.Data)
			}
		}
		if answer := answers.Post(a.Admin, object{"query": query}); len(answer.Errors) > 0 && answer.Errors[0].Extensions.Code == "FORBIDDEN" {
			t.Errorf("%s: %+v", query, answer.Errors)
		}
	}
	const report = `mutation{reportOutage(input:{requestId:"r",beganAt:"2026-01-01T00:00:00Z",endedAt:"2026-01-01T00:00:00Z",calls:1,cost:"0",keys:[{apiKeyId:"KEY",calls:1,cost:"0"}]}){replayed}}`
	for i, server := range []*graphtest.API{a, &control} { // what gateways send beside enforcement is answered by both
		server.Post(a.Gateway, object{"query": strings.ReplaceAll(report, "KEY", a.KeyID())}).Equal(i == 1, "reportOutage", "replayed")
	}
	var held int
	if err := pool.QueryRow(t.Context(), "select count(*) from reservations").Scan(&held); err != nil || held != 1 {
		t.Errorf("%d reservations, want the one that was answered: %v", held, err)
	}
}
