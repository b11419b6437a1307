package graph_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bursar/auth"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// bulkFields is what is asked for of a decision, and of an event, by single calls and by calls in bulk.
const (
	reserveSelection = `replayed reservation { requestId status tokens cost } decision { allowed httpStatus retryAfterSeconds apiKeyId denials { reason message limitId retryAt } }`
	recordSelection  = `replayed usageEvent { inputTokens outputTokens cost provider metadata occurredAt }`
)

// oneOf runs an item as a single call, and returns the answer, or its first error as an answer in bulk has it.
func oneOf(a *graphtest.API, token, operation, selection string, item any) any {
	a.T.Helper()
	document := fmt.Sprintf("mutation($input: %sInput!) { %s(input: $input) { %s } }", strings.ToUpper(operation[:1])+operation[1:], operation, selection)
	answer := a.Post(token, object{"query": document, "variables": object{"input": item}})
	if len(answer.Errors) > 0 {
		first := answer.Errors[0]
		return object{"code": first.Extensions.Code, "field": first.Extensions.Field, "message": first.Message}
	}
	return answer.Get(operation)
}

// manyOf runs items in bulk, and returns their answers, each as oneOf does: without the place of the item in its error.
func manyOf(a *graphtest.API, token, operation, list, selection string, items []any) []any {
	a.T.Helper()
	document := fmt.Sprintf("mutation($input: %sInput!) { %s(input: $input) { answers { %s error { code field message } } } }",
		strings.ToUpper(operation[:1])+operation[1:], operation, selection)
	answer := a.Post(token, object{"query": document, "variables": object{"input": object{list: items}}})
	if len(answer.Errors) > 0 {
		a.T.Fatalf("%s: %+v", operation, answer.Errors)
	}
	answers, _ := answer.Get(operation, "answers").([]any)
	if len(answers) != len(items) {
		a.T.Fatalf("%d answers to %d items", len(answers), len(items))
	}
	for i, one := range answers {
		one, _ := one.(object)
		failed, isError := one["error"].(object)
		delete(one, "error")
		if !isError {
			continue
		}
		field, _ := failed["field"].(string)
		message, _ := failed["message"].(string)
		at := fmt.Sprintf("%s.%d", list, i)
		failed["field"] = strings.TrimPrefix(strings.TrimPrefix(field, at), ".")
		failed["message"] = strings.TrimPrefix(message, at+".")
		answers[i] = failed
	}
	return answers
}

// Each wrong item of a request with many fails alone, with the code, the field and the words of a single call; those beside it are carried out.
func TestAWrongItemFailsAlone(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for operation, test := range map[string]struct {
		list, selection string
		right           func(n int) object
		wrong           []string // what is put into a right item
	}{
		"reserveUsage": {"requests", reserveSelection, func(n int) object { return object{"key": a.KeyID(), "requestId": fmt.Sprint("right-", n)} }, []string{
			`{"ttlSeconds": 0}`, `{"ttlSeconds": 86401}`, `{"ttlSeconds": "5"}`, `{"ttlSeconds": 1.5}`, `{"requestId": ""}`, `{"requestId": 5}`,
			`{"requestId": "` + strings.Repeat("x", 256) + `"}`, `{"estimate": {"tokens": -1}}`, `{"estimate": {"tokens": 1000000000001}}`,
			`{"estimate": {"tokens": "1"}}`, `{"estimate": {"requests": 0}}`, `{"estimate": {"cost": "0.0000000001"}}`, `{"estimate": {"cost": "-1"}}`,
			`{"estimate": {"cost": 9000000001}}`, `{"estimate": {"cost": "x"}}`, `{"estimate": {"nonsense": 1}}`, `{"nonsense": null, "more": 1}`,
			`{"estimate": []}`, `{"estimate": 5}`, `{"serviceTier": "batch"}`, `{"serviceTier": 1}`, `{"metadata": {"a": 1}}`, `{"metadata": {"a": "\u0000"}}`,
			`{"metadata": []}`, `{"provider": "` + strings.Repeat("x", 201) + `"}`, `{"provider": "a\u0000"}`, `{"model": true}`, `{"secret": "also"}`,
			`{"key": null}`, `{"key": "key_unknown"}`, `{"secret": "bsr_unknown", "key": null}`, `{"model": "` + auth.NewSecret(auth.APIKeyPrefix).Text + `"}`,
			`{"estimate": {"images": -1, "webSearches": -1}, "ttlSeconds": -1}`,
		}},
		"recordUsage": {"events", recordSelection, func(n int) object { return object{"key": a.KeyID(), "requestId": fmt.Sprint("right-", n)} }, []string{
			`{"inputTokens": -1}`, `{"inputTokens": 5, "cachedInputTokens": 6}`, `{"inputTokens": 5, "cachedInputTokens": 3, "cacheWriteTokens": 3}`,
			`{"reasoningTokens": 1}`, `{"outputTokens": 1e13}`, `{"requests": -1}`, `{"requests": true}`, `{"cost": "1.0000000001"}`, `{"cost": {}}`,
			`{"occurredAt": "yesterday"}`, `{"occurredAt": 5}`, `{"metadata": {"a": {}}}`, `{"serviceTier": "X"}`, `{"reservationId": "res_x", "key": null}`,
			`{"reservationId": "res_00000000000070008000000000000000"}`, `{"reservationId": "res_00000000000070008000000000000000", "key": null}`,
			`{"reservationId": 1.5, "key": null}`, `{"key": null}`, `{"secret": "bsr_unknown", "key": null}`, `{"nonsense": 1}`, `{"requestId": " "}`,
			`{"images": -1}`, `{"model": "a\u0007"}`,
		}},
	} {
		var items, want []any
		for n, change := range test.wrong {
			wrong := test.right(1000 + n)
			if err := json.Unmarshal([]byte(change), &wrong); err != nil {
				t.Fatal(err)
			}
			want = append(want, oneOf(a, a.Gateway, operation, test.selection, wrong))
			items = append(items, test.right(n), wrong)
		}
		items = append(items, nil, 5, []any{})
		answers := manyOf(a, a.Gateway, operation+"s", test.list, test.selection, items)
		for n, wanted := range want {
			if right, _ := answers[2*n].(object); right["replayed"] != false || right["message"] != nil {
				t.Errorf("%s: the right item before %s: %v", operation, test.wrong[n], right)
			}
			if !reflect.DeepEqual(answers[2*n+1], wanted) {
				t.Errorf("%s of %s\nin bulk %v\nalone   %v", operation, test.wrong[n], answers[2*n+1], wanted)
			}
		}
		for _, answer := range answers[2*len(want):] {
			if failed, _ := answer.(object); failed["code"] != "BAD_USER_INPUT" || failed["field"] != "" {
				t.Errorf("%s of what is no object: %v", operation, answer)
			}
		}
	}
}

// Requests in bulk are decided as single calls would be, one after the other in their order: what limits have room for is admitted, what they have
// not is denied with all reasons, a repeated requestId is replayed, within the request and later, or a mismatch, and keys that are unknown, or
// another organization's, are denied. Reports in bulk settle and replay alike.
func TestBulkIsSingleCallsInARow(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := dbtest.NewTenant(t, a.Pool)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": a.KeyID(), "type": "TOKENS", "amount": 100}})
	twin, twinSecret := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, nil)
	a.Run(a.Admin, "CreateBudgetLimit", object{"input": object{"subjectId": id.APIKey.Format(twin.ID), "type": "TOKENS", "amount": 100}})
	items := func(secret, run string) []any {
		item := func(requestID string, tokens int) object {
			return object{"secret": secret, "requestId": run + requestID, "estimate": object{"tokens": tokens}}
		}
		return []any{item("a", 60), item("b", 60), item("c", 30), item("a", 60), item("a", 61), item("d", 101), item("b", 10), item("e", 1),
			object{"secret": "bsr_unknown"}, object{"secret": other.Secret.Text}, object{"key": id.APIKey.Format(other.Key.ID)}}
	}
	var want []any
	for _, item := range items(a.Tenant.Secret.Text, "one-") {
		want = append(want, oneOf(a, a.Gateway, "reserveUsage", reserveSelection, item))
	}
	got := manyOf(a, a.Gateway, "reserveUsages", "requests", reserveSelection, items(twinSecret.Text, "many-"))
	if told, wanted := alike(got), alike(want); told != wanted {
		t.Errorf("in bulk\n%s\nalone\n%s", told, wanted)
	}
	again := manyOf(a, a.Gateway, "reserveUsages", "requests", reserveSelection, items(twinSecret.Text, "many-")[:1])
	if told, _ := again[0].(object); told["replayed"] != true {
		t.Errorf("asked again: %v", again)
	}

	report := func(reservation, requestID string, tokens int) object {
		return object{"reservationId": reservation, "requestId": requestID, "inputTokens": tokens}
	}
	reports := func(run string) []any {
		first, second := holdOf(a, run+"r1"), holdOf(a, run+"r2")
		return []any{report(first, run+"x", 5), report(first, run+"y", 5), report(second, run+"x", 5), report(first, run+"x", 5),
			report(first, run+"x", 6), report(second, run+"z", 7), object{"secret": other.Secret.Text, "requestId": run + "o"}}
	}
	want = nil
	for _, item := range reports("one-") {
		want = append(want, oneOf(a, a.Gateway, "recordUsage", recordSelection, item))
	}
	got = manyOf(a, a.Gateway, "recordUsages", "events", recordSelection, reports("many-"))
	if told, wanted := alike(got), alike(want); told != wanted {
		t.Errorf("reports in bulk\n%s\nalone\n%s", told, wanted)
	}
}

// holdOf reserves for a key without limits of its own, and returns the reservation's id.
func holdOf(a *graphtest.API, requestID string) string {
	a.T.Helper()
	_, secret := a.Tenant.Factory.Key(a.Tenant.Organization.ID, nil, nil)
	return a.Run(a.Gateway, "ReserveUsage", object{"input": object{"secret": secret.Text, "requestId": requestID}}).Text("reserveUsage", "reservation", "id")
}

// differing are the parts of answers by which two runs differ. What a limit has left is said as of the end of a batch.
var differing = regexp.MustCompile(`"(one|many)-|(key|bud)_[0-9a-f]+|"occurredAt":"[^"]*"|has \d+ left`)

// alike returns answers as text, without what differs from run to run.
func alike(answers []any) string {
	var text strings.Builder
	for _, answer := range answers {
		encoded, _ := json.Marshal(answer)
		text.Write(append(differing.ReplaceAll(encoded, nil), '\n'))
	}
	return text.String()
}

// A list that is empty or has more than 1,000 items, and an input without one, is refused as a whole; one of 1,000 is answered, also where it
// stands in the document, in a variable of its own, or is an object that stands for a list of one.
func TestSizesOfBulk(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	const document = "mutation($input: ReserveUsagesInput!) { reserveUsages(input: $input) { answers { decision { allowed } error { code field } } } }"
	list := func(n int) []any {
		return slices.Repeat([]any{object{"key": a.KeyID(), "estimate": object{"tokens": 1}}}, n)
	}
	for _, wrong := range []any{[]any{}, nil, list(1001)} {
		post(a, a.Gateway, document, object{"input": object{"requests": wrong}}).Must("BAD_USER_INPUT", "requests")
	}
	post(a, a.Gateway, document, object{"input": object{}}).Must("BAD_USER_INPUT", "requests")
	post(a, a.Gateway, document, object{"input": object{"requests": list(1), "events": list(1)}}).Must("BAD_USER_INPUT", "events")
	post(a, a.Gateway, document, object{"input": nil}).Must("BAD_USER_INPUT", "input")
	for name, answer := range map[string]*graphtest.Answer{
		"1000":      post(a, a.Gateway, document, object{"input": object{"requests": list(1000)}}),
		"an object": post(a, a.Gateway, document, object{"input": object{"requests": list(1)[0]}}),
		"a variable of a list": post(a, a.Gateway, strings.ReplaceAll(strings.Replace(document, "ReserveUsagesInput!", "[ReserveUsageInput!]!", 1), "input: $input", "input: {requests: $input}"),
			object{"input": list(2)}),
		"a document": post(a, a.Gateway, `mutation { reserveUsages(input: {requests: [{key: "`+a.KeyID()+`", serviceTier: BATCH, estimate: {cost: 0.5, requests: 1.0}}]}) {
			answers { decision { allowed } error { code field } } } }`, nil),
	} {
		answers, _ := answer.Get("reserveUsages", "answers").([]any)
		if len(answers) == 0 || name == "1000" && len(answers) != 1000 {
			t.Errorf("%s: %d answers", name, len(answers))
		}
		for i, one := range answers {
			if !reflect.DeepEqual(one, object{"decision": object{"allowed": true}, "error": nil}) {
				t.Fatalf("%s: answer %d is %v", name, i, one)
			}
		}
	}
}

// A request in bulk under a token that is revoked grants nothing: each item is UNAUTHENTICATED, as a single call is.
func TestBulkUnderARevokedToken(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	item := object{"key": a.KeyID()}
	oneOf(a, a.Gateway, "reserveUsage", reserveSelection, item) // so that the server remembers the token
	if _, err := a.Pool.Exec(t.Context(), "update access_tokens set revoked_at = now() where role = 'GATEWAY'"); err != nil {
		t.Fatal(err)
	}
	for _, answer := range manyOf(a, a.Gateway, "reserveUsages", "requests", reserveSelection, []any{item, item}) {
		if failed, _ := answer.(object); failed["code"] != "UNAUTHENTICATED" {
			t.Errorf("answered %v", answer)
		}
	}
}
