package replay

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const adminToken, gatewayToken = "bst_admin", "bst_gateway"

// fakeServer is a GraphQL server that counts what it is sent and answers as a test says. Like the real one it answers a
// requestId that it has answered before with what it stored.
type fakeServer struct {
	*httptest.Server
	t testing.TB

	// What to answer to a row's reservation or record the attempt-th time (from 1); nil for the fields' defaults.
	onReserve, onRecord func(row, attempt int) fakeAnswer

	mu          sync.Mutex
	keys        []apiKey
	alerts      []map[string]any // newest first
	raised      []map[string]any // put before alerts at the first reservation
	operations  int              // all that came
	attempts    map[string]int
	reserved    map[int]input // of admitted rows, once
	recorded    map[int]input
	connections map[string]bool
}

// fakeAnswer is what a fakeServer does with an operation. The zero value admits or books it.
type fakeAnswer struct {
	reasons []string // deny
	code    string   // fail with this GraphQL error
	status  int      // fail with this HTTP status and no GraphQL answer
	drop    bool     // do it and break the connection before the answer
}

// input is what an operation said.
type input struct {
	Key, Secret, RequestID, ReservationID, Provider, Model, Cost string
	InputTokens, OutputTokens                                    int64
	TTLSeconds                                                   int64
	Estimate                                                     struct {
		Tokens int64
		Cost   string
	}
}

func newFakeServer(t testing.TB) *fakeServer {
	admit := func(int, int) fakeAnswer { return fakeAnswer{} }
	s := &fakeServer{
		t: t, onReserve: admit, onRecord: admit, keys: someKeys(3),
		attempts: map[string]int{}, reserved: map[int]input{}, recorded: map[int]input{}, connections: map[string]bool{},
	}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// ServeHTTP answers one operation.
func (s *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		OperationName string
		Variables     struct {
			Input input
			First *int
			After *string
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&sent); err != nil || r.URL.Path != "/graphql" || r.Method != http.MethodPost {
		s.t.Errorf("%s %s: %v", r.Method, r.URL, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	want := adminToken
	if in := sent.Variables.Input; in.Secret != "" || in.ReservationID != "" && s.reserved[s.row(in.RequestID)].Secret != "" {
		want = gatewayToken
	}
	if r.Header.Get("Authorization") != "Bearer "+want {
		s.write(w, nil, fakeAnswer{code: "UNAUTHENTICATED"})
		return
	}
	s.operations++
	s.connections[r.RemoteAddr] = true
	in := sent.Variables.Input
	switch sent.OperationName {
	case "ApiKeys":
		s.write(w, map[string]any{"apiKeys": page(s.keys, 2, sent.Variables.After)}, fakeAnswer{})
	case "Alerts":
		s.write(w, map[string]any{"alerts": page(s.alerts, min(2, *sent.Variables.First), sent.Variables.After)}, fakeAnswer{})
	case "ReserveUsage":
		s.alerts, s.raised = append(s.raised, s.alerts...), nil
		s.reserve(w, in)
	case "RecordUsage":
		s.record(w, in)
	default:
		s.t.Errorf("unexpected operation %q", sent.OperationName)
	}
}

func (s *fakeServer) reserve(w http.ResponseWriter, in input) {
	row := s.row(in.RequestID)
	answer := s.onReserve(row, s.attempt("reserve "+in.RequestID))
	_, replayed := s.reserved[row]
	if answer.done() && !replayed && len(answer.reasons) == 0 {
		s.reserved[row] = in
	}
	denials := []map[string]any{}
	for _, reason := range answer.reasons {
		denials = append(denials, map[string]any{"reason": reason})
	}
	payload := map[string]any{"decision": map[string]any{"denials": denials}}
	if len(denials) == 0 {
		payload["reservation"] = map[string]any{"id": fmt.Sprintf("res_%d", row)}
	}
	s.write(w, map[string]any{"reserveUsage": payload}, answer)
}

func (s *fakeServer) record(w http.ResponseWriter, in input) {
	row := s.row(in.RequestID)
	if _, held := s.reserved[row]; !held || in.ReservationID != fmt.Sprintf("res_%d", row) {
		s.t.Errorf("row %d is recorded with %q", row, in.ReservationID)
	}
	answer := s.onRecord(row, s.attempt("record "+in.RequestID))
	if answer.done() {
		s.recorded[row] = in
	}
	s.write(w, map[string]any{"recordUsage": map[string]any{"replayed": false}}, answer)
}

func (a fakeAnswer) done() bool { return a.code == "" && a.status == 0 }

func (s *fakeServer) attempt(of string) int {
	s.attempts[of]++
	return s.attempts[of]
}

func (s *fakeServer) row(requestID string) int {
	row, err := strconv.Atoi(requestID[strings.LastIndexByte(requestID, '-')+1:])
	if err != nil {
		s.t.Errorf("requestId %q", requestID)
	}
	return row
}

func (s *fakeServer) write(w http.ResponseWriter, data any, answer fakeAnswer) {
	if answer.drop {
		panic(http.ErrAbortHandler)
	}
	if answer.status != 0 {
		http.Error(w, "no GraphQL here", answer.status)
		return
	}
	body := map[string]any{"data": data}
	if answer.code != "" {
		body = map[string]any{"errors": []any{
			map[string]any{"message": "as told", "extensions": map[string]any{"code": answer.code}},
		}}
	}
	w.Header().Set("Content-Type", "application/graphql-response+json")
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.t.Error(err)
	}
}

// page returns the nodes after a cursor, which is how many came before.
func page[N any](nodes []N, first int, after *string) map[string]any {
	from := 0
	if after != nil {
		from, _ = strconv.Atoi(*after)
	}
	to := min(from+first, len(nodes))
	edges := []map[string]any{}
	for _, node := range nodes[from:to] {
		edges = append(edges, map[string]any{"node": node})
	}
	return map[string]any{"edges": edges, "pageInfo": map[string]any{
		"hasNextPage": to < len(nodes), "endCursor": strconv.Itoa(to),
	}}
}
