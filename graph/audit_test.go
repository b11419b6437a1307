package graph_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

// rootField finds the root field of a document, after its comments.
var rootField = regexp.MustCompile(`\{\s*(?:#[^\n]*\s+)*(\w+)\(`)

// Every mutation of the control plane leaves entries that name the token that made it, the mutation and the request, and only
// those; none has a secret. What is refused leaves none.
func TestEveryMutationIsAudited(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	own := everything(a)
	unlogged := []string{"ReserveUsage", "ReserveUsages", "RecordUsage", "RecordUsages", "ReleaseReservation", "ExtendReservation", "LeaseUsage", "ReturnLease", "DeclineRaise"} // of a request that was granted
	var actor string
	if err := a.Pool.QueryRow(t.Context(), `select external_id('tok', id) from access_tokens where token_hash = sha256($1)`, []byte(a.Admin)).
		Scan(&actor); err != nil {
		t.Fatal(err)
	}
	type entry struct {
		Action, Actor, RequestID, Content string
	}
	mutations := 0
	for _, c := range calls(own, a.Tenant.Secret.Text, a.OwnerID()) {
		requestID := "of-" + c.operation
		var before int
		if err := a.Pool.QueryRow(t.Context(), `select count(*) from audit_log`).Scan(&before); err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(object{"query": graphtest.Document(t, c.operation), "variables": c.variables})
		if err != nil {
			t.Fatal(err)
		}
		result := a.SendWith(http.MethodPost, "", a.Admin, body, http.Header{"X-Request-Id": {requestID}})
		if len(result.Errors) > 0 {
			t.Fatalf("%s: %+v", c.operation, result.Errors)
		}
		rows, err := a.Pool.Query(t.Context(), `select action, actor, coalesce(request_id, ''), coalesce(before::text, '') || coalesce(after::text, '')
			from audit_log order by id offset $1`, before)
		if err != nil {
			t.Fatal(err)
		}
		var entries []entry
		for rows.Next() {
			var e entry
			if err := rows.Scan(&e.Action, &e.Actor, &e.RequestID, &e.Content); err != nil {
				t.Fatal(err)
			}
			entries = append(entries, e)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		document := graphtest.Document(t, c.operation)
		changes := strings.HasPrefix(document, "mutation") && !slices.Contains(unlogged, c.operation)
		if changes {
			mutations++
		}
		if changes != (len(entries) > 0) {
			t.Errorf("%s: %d entries", c.operation, len(entries))
		}
		payload, _ := result.Data[strings.ToLower(c.operation[:1])+c.operation[1:]].(object)
		secret, _ := payload["secret"].(string)
		for _, e := range entries {
			if e.Actor != actor || e.Action != rootField.FindStringSubmatch(document)[1] || e.RequestID != requestID {
				t.Errorf("%s: %s by %s in %s", c.operation, e.Action, e.Actor, e.RequestID)
			}
			if secret != "" && strings.Contains(e.Content, secret) || strings.Contains(strings.ToLower(e.Content), "hash") {
				t.Errorf("%s: the secret is in the log", c.operation)
			}
		}
	}
	if mutations < 18 {
		t.Errorf("%d mutations were made", mutations)
	}
}
