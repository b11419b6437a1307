package api_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"bursar/api/live"
)

// firstOf opens a stream at a hub and returns its first event. The stream is over when the function returns.
func firstOf(t *testing.T, hub *live.Hub, caller live.Caller, lastEventID string) (eventID, name string) {
	t.Helper()
	l, err := hub.Subscribe(t.Context(), caller, lastEventID, func(context.Context) (func(), error) { return func() {}, nil })
	if err != nil {
		t.Fatal(err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	recorder := httptest.NewRecorder()
	l.Stream(left, recorder)
	for line := range strings.Lines(recorder.Body.String()) {
		if id, found := strings.CutPrefix(line, "id: "); found {
			eventID = strings.TrimSpace(id)
		}
		if event, found := strings.CutPrefix(line, "event: "); found {
			name = strings.TrimSpace(event)
		}
	}
	return eventID, name
}

// Guarantee: a listener that comes from a server that has looked later than this one, and hears what it has missed here, is told that: its event id is not
// unknown because this server has not looked since. What is no event id is still unknown.
func TestListenersComeFromServersThatLookedLater(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	caller := live.Caller{OrganizationID: a.Tenant.Organization.ID}
	hub := func() *live.Hub {
		return live.NewHub(live.Config{Pool: kit.ServerPool(t, a.Pool), Logger: slog.New(slog.DiscardHandler)})
	}
	here, elsewhere := hub(), hub() // which do not work, so that they know what they knew when their listeners came
	if _, err := here.Subscribe(t.Context(), caller, "", func(context.Context) (func(), error) { return func() {}, nil }); err != nil {
		t.Fatal(err)
	}
	before, _ := firstOf(t, here, caller, "")
	renameKey(a, "later")
	later, name := firstOf(t, elsewhere, caller, "")
	if before == later || name != "ready" {
		t.Fatalf("%q is the id before and after a change", later)
	}
	if _, name := firstOf(t, here, caller, later); name != "change" {
		t.Errorf("after %q the stream begins with %q", later, name)
	}
	if _, name := firstOf(t, here, caller, later+"1"); name != "reset" {
		t.Errorf("after a position that is not there the stream begins with %q", name)
	}
}
