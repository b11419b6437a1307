package check_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"bursar/graph/graphtest"
)

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

type object = graphtest.Object

// answer is what a gateway was told.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
	object object // of a body that is an object
}

// limited returns a server whose tenant's key has a budget of dollars.
func limited(t *testing.T, dollars string) *graphtest.API {
	t.Helper()
	a := kit.NewAPI(t)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "COST", "amount": dollars, "periodicReset": "NONE"}})
	return a
}

// call sends a request with headers, as "Name: value", and the gateway's token unless headers have one.
func call(t *testing.T, a *graphtest.API, method, path, body string, headers ...string) *answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, a.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Bursar-Token", a.Gateway)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if request.Header.Del(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := &answer{t: t, status: response.StatusCode, header: response.Header, body: string(text)}
	_ = json.Unmarshal(text, &got.object) // a body that is no object is looked at as text
	return got
}

// must fails the test unless the answer has a status, and headers as "Name: value".
func (r *answer) must(status int, headers ...string) *answer {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s %v", r.status, status, r.body, r.header)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if got := r.header.Get(name); got != value {
			r.t.Fatalf("%s is %q, want %q: %v", name, got, value, r.header)
		}
	}
	return r
}

// fails checks that the answer is one error as JSON, with a code, about a field.
func (r *answer) fails(status int, code, field string) {
	r.t.Helper()
	r.must(status)
	failed, _ := r.object["error"].(object)
	if got, _ := failed["field"].(string); failed["code"] != code || got != field || failed["requestId"] == "" {
		r.t.Fatalf("want %s about %q: %s", code, field, r.body)
	}
}

// standing returns what the tenant's budget has used and reserved.
func standing(a *graphtest.API) (used, reserved string) {
	a.T.Helper()
	got := a.Post(a.Viewer, object{"query": `query($key: String!) { checkUsage(input: {key: $key, estimate: {cost: "0"}}) { limits { type used reserved } } }`,
		"variables": object{"key": a.KeyID()}})
	return got.Text("checkUsage", "limits", 0, "used"), got.Text("checkUsage", "limits", 0, "reserved")
}

// stands fails the test unless the budget of the tenant's key has used and reserved amounts.
func stands(a *graphtest.API, used, reserved string) {
	a.T.Helper()
	if u, r := standing(a); u != used || r != reserved {
		a.T.Fatalf("used %s and reserved %s, want %s and %s", u, r, used, reserved)
	}
}
