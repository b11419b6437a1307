package api_test

import (
	"context"
	"testing"

	"bursar/db"
	"bursar/graph/graphtest"
)

// A caller without a token, or with one that is wrong, expired or revoked, is UNAUTHENTICATED.
func TestUnauthenticated(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	expired := a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleADMIN)
	revoked := a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleADMIN)
	for statement, name := range map[string]string{
		"update access_tokens set expires_at = clock_timestamp() where prefix = $1": expired,
		"update access_tokens set revoked_at = clock_timestamp() where prefix = $1": revoked,
	} {
		if _, err := a.Pool.Exec(context.Background(), statement, name[:10]); err != nil {
			t.Fatal(err)
		}
	}
	for _, token := range []string{"", "x", graphtest.RootToken + "x", a.Admin[:len(a.Admin)-1] + "!", "bst_" + a.Admin[8:], expired, revoked} {
		a.Refused(token, "Viewer", nil, "UNAUTHENTICATED", "")
	}
}

// A token that is revoked through one server, or expires, is refused by every other with its next call, although both
// remember it from the calls before.
func TestRevokedTokenIsRefusedEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := *a
	other.URL = kit.Start(t, a.Pool)
	for end, statement := range map[string]string{
		"revoked": "update access_tokens set revoked_at = clock_timestamp() where token_hash = sha256($1)",
		"expired": "update access_tokens set expires_at = clock_timestamp() where token_hash = sha256($1)",
	} {
		token := a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleGATEWAY)
		reserve := object{"input": object{"key": a.KeyID(), "estimate": object{"tokens": 1}}}
		record := object{"input": object{"key": a.KeyID(), "inputTokens": 1}}
		var held string
		for _, server := range []*graphtest.API{a, &other} {
			server.Run(token, "CheckUsage", object{"input": object{"key": a.KeyID()}})
			held = server.Run(token, "ReserveUsage", reserve).Text("reserveUsage", "reservation", "id")
			server.Run(token, "RecordUsage", record)
		}
		if _, err := a.Pool.Exec(t.Context(), statement, []byte(token)); err != nil {
			t.Fatal(end, err)
		}
		for _, server := range []*graphtest.API{&other, a} {
			server.Refused(token, "CheckUsage", object{"input": object{"key": a.KeyID()}}, "UNAUTHENTICATED", "")
			server.Refused(token, "ReserveUsage", reserve, "UNAUTHENTICATED", "")
			server.Refused(token, "RecordUsage", record, "UNAUTHENTICATED", "")
			server.Refused(token, "ReleaseReservation", object{"input": object{"reservationId": held}}, "UNAUTHENTICATED", "")
		}
	}
	var reservations, events int
	if err := a.Pool.QueryRow(t.Context(), "select (select count(*) from reservations), (select count(*) from usage_events)").
		Scan(&reservations, &events); err != nil || reservations != 4 || events != 4 {
		t.Errorf("%d reservations and %d events, want those from before: 4 and 4 (%v)", reservations, events, err)
	}
}
