package graph_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"bursar/db/dbtest"
	"bursar/graph/graphtest"
)

const calendarFields = `id generation periodicReset resetDays resetAnchor timeZone weekStartsOn dayOfMonth periodStart periodEnd`

// createBudget sends the input of a budget on the organization.
func createBudget(a *graphtest.API, input object) *graphtest.Answer {
	a.T.Helper()
	all := object{"subjectId": a.OrganizationID(), "type": "TOKENS", "amount": 1000}
	maps.Copy(all, input)
	return a.Post(a.Admin, object{"variables": object{"input": all}, "query": `mutation ($input: CreateBudgetLimitInput!) {
		createBudgetLimit(input: $input) { budgetLimit { ` + calendarFields + ` } } }`})
}

// A budget has the calendar that it was created with, whatever of it its reset has; the rest says UTC, Sunday and the 1st. Its periods begin at
// midnight there.
func TestBudgetsHaveTheirCalendar(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, c := range []struct {
		input, want object
		starts      string // how its period begins, UTC
	}{
		{object{"periodicReset": "DAILY", "timeZone": "Asia/Kathmandu"}, object{"timeZone": "Asia/Kathmandu"}, "T18:15:00Z"},
		{object{"periodicReset": "WEEKLY", "weekStartsOn": "MONDAY"}, object{"weekStartsOn": "MONDAY"}, "T00:00:00Z"},
		{object{"periodicReset": "MONTHLY", "dayOfMonth": 1}, object{}, "-01T00:00:00Z"},
		{object{"periodicReset": "QUARTERLY", "dayOfMonth": 31, "timeZone": "Etc/GMT+12"}, object{"dayOfMonth": 31, "timeZone": "Etc/GMT+12"}, "T12:00:00Z"},
		{object{"periodicReset": "YEARLY", "timeZone": "UTC"}, object{}, "-01-01T00:00:00Z"},
		{object{"periodicReset": "EVERY_DAYS", "resetDays": 365, "resetAnchor": "1970-01-01"}, object{"resetDays": 365, "resetAnchor": "1970-01-01"}, "T00:00:00Z"},
		{object{}, object{"periodicReset": "NONE"}, "Z"},
	} {
		budget, _ := createBudget(a, c.input).Get("createBudgetLimit", "budgetLimit").(object)
		want := object{"timeZone": "UTC", "weekStartsOn": "SUNDAY", "dayOfMonth": 1, "resetDays": nil, "resetAnchor": nil, "periodicReset": c.input["periodicReset"]}
		maps.Copy(want, c.want)
		if want["periodicReset"] == nil {
			want["periodicReset"] = "NONE"
		}
		for name, value := range want {
			wantEqual(t, name, fmt.Sprint(budget[name]), fmt.Sprint(value))
		}
		if start, _ := budget["periodStart"].(string); !strings.HasSuffix(start, c.starts) {
			t.Errorf("%v begins at %s, want %s", c.input, start, c.starts)
		}
	}
}

// What a budget's reset does not have, what is out of its range, and what is no region's time zone is refused, and the error names the field, in
// every mutation. All of them are told at once.
func TestWrongCalendars(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "sends one mutation or query after the other, many of them")
	a := newAPI(t)
	for _, c := range []struct {
		input object
		field string
	}{
		{object{"periodicReset": "DAILY", "timeZone": "Europe/Atlantis"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": "europe/berlin"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": "CET"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": "EST"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": "PST"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": "localtime"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": "posix/Europe/Berlin"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": "<+05>-05"}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": ""}, "timeZone"},
		{object{"periodicReset": "DAILY", "timeZone": strings.Repeat("x", 65)}, "timeZone"},
		{object{"periodicReset": "NONE", "timeZone": "Europe/Berlin"}, "timeZone"},
		{object{"periodicReset": "MONTHLY", "resetDays": 10}, "resetDays"},
		{object{"periodicReset": "EVERY_DAYS"}, "resetDays"},
		{object{"periodicReset": "EVERY_DAYS", "resetDays": 0}, "resetDays"},
		{object{"periodicReset": "EVERY_DAYS", "resetDays": 366}, "resetDays"},
		{object{"periodicReset": "WEEKLY", "resetAnchor": "2026-01-01"}, "resetAnchor"},
		{object{"periodicReset": "EVERY_DAYS", "resetDays": 10, "resetAnchor": "2026-02-30"}, "resetAnchor"},
		{object{"periodicReset": "EVERY_DAYS", "resetDays": 10, "resetAnchor": "1969-12-31"}, "resetAnchor"},
		{object{"periodicReset": "MONTHLY", "dayOfMonth": 0}, "dayOfMonth"},
		{object{"periodicReset": "MONTHLY", "dayOfMonth": 32}, "dayOfMonth"},
		{object{"periodicReset": "WEEKLY", "dayOfMonth": 15}, "dayOfMonth"},
		{object{"periodicReset": "MONTHLY", "weekStartsOn": "MONDAY"}, "weekStartsOn"},
	} {
		answer := createBudget(a, c.input)
		if len(answer.Errors) != 1 || !strings.HasSuffix(answer.Errors[0].Extensions.Field, c.field) || answer.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
			t.Errorf("%v: %+v, want one error about %s", c.input, answer.Errors, c.field)
		}
		saved := a.Do(a.Admin, "SetLimits", object{"input": object{"subjectId": a.OrganizationID(), "budgetLimits": []any{merged(c.input)}}})
		if len(saved.Errors) != 1 || !strings.HasPrefix(saved.Errors[0].Extensions.Field, "budgetLimits.0") {
			t.Errorf("%v in a form: %+v, want one error about budgetLimits.0.%s", c.input, saved.Errors, c.field)
		}
	}
	all := createBudget(a, object{"amount": 0, "timeZone": "CET", "resetDays": 3, "dayOfMonth": 40, "weekStartsOn": "FRIDAY", "periodicReset": "DAILY"})
	if len(all.Errors) != 5 {
		t.Errorf("%+v, want five errors at once", all.Errors)
	}
	if text := all.Body; !strings.Contains(text, "Europe/Brussels") {
		t.Errorf("%s, want the name of a region's time zone for CET", text)
	}
}

// merged is a budget of a form.
func merged(input object) object {
	all := object{"type": "TOKENS", "amount": 1000}
	maps.Copy(all, input)
	return all
}

// A form that says what is so already changes nothing. Another time zone begins a new generation, and a reset that has no day of the month drops
// it.
func TestCalendarsInForms(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	save := func(budget object) (generation float64, version any) {
		answer := a.Post(a.Admin, object{"variables": object{"input": object{"subjectId": a.OrganizationID(), "budgetLimits": []any{budget}}},
			"query": `mutation ($input: SetLimitsInput!) { setLimits(input: $input) { subject { version budgetLimits { ` + calendarFields + ` } } } }`})
		budget["id"] = answer.Get("setLimits", "subject", "budgetLimits", 0, "id")
		generation, _ = answer.Get("setLimits", "subject", "budgetLimits", 0, "generation").(float64)
		return generation, answer.Get("setLimits", "subject", "version")
	}
	budget := merged(object{"periodicReset": "MONTHLY", "dayOfMonth": 31, "timeZone": "Europe/Berlin"})
	generation, version := save(budget)
	again, sameVersion := save(budget)
	wantEqual(t, "generation", again, generation)
	wantEqual(t, "version", sameVersion, version)
	budget["timeZone"] = "America/Havana"
	again, _ = save(budget)
	wantEqual(t, "generation in another time zone", again, generation+1)
	delete(budget, "dayOfMonth")
	delete(budget, "timeZone")
	budget["periodicReset"] = "DAILY"
	again, _ = save(budget)
	wantEqual(t, "generation of another reset", again, generation+2)
	daily := a.Post(a.Admin, object{"variables": object{"id": budget["id"]}, "query": `query ($id: ID!) { node(id: $id) { ... on BudgetLimit { ` + calendarFields + ` } } }`})
	wantEqual(t, "its time zone", daily.Get("node", "timeZone"), any("America/Havana"))
	wantEqual(t, "its day of the month", daily.Get("node", "dayOfMonth"), any(float64(1)))
}

// A request that a budget denies is told until when in the budget's own time zone.
func TestDenialInItsTimeZone(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	createBudget(a, object{"periodicReset": "MONTHLY", "timeZone": "Pacific/Kiritimati", "amount": 1}).Get("createBudgetLimit", "budgetLimit")
	a.Run(a.Gateway, "RecordUsage", object{"input": object{"key": a.KeyID(), "inputTokens": 1, "requestId": "r"}})
	answer := a.Post(a.Gateway, object{"variables": object{"key": a.KeyID()}, "query": `query ($key: String!) {
		checkUsage(input: {key: $key, estimate: {tokens: 1}}) { denials { message } } }`})
	if len(answer.Errors) > 0 {
		t.Fatalf("%+v", answer.Errors)
	}
	message, _ := answer.Get("checkUsage", "denials", 0, "message").(string)
	if !strings.HasPrefix(message, "The monthly token limit of 1 has 0 left, until 1 ") || !strings.HasSuffix(message, " 00:00 Pacific/Kiritimati.") {
		t.Errorf("%q", message)
	}
}

func wantEqual[V comparable](t *testing.T, name string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", name, got, want)
	}
}
