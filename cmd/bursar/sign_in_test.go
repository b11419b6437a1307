package main

import (
	"strings"
	"testing"

	"bursar/auth/sso/ssotest"
	"bursar/db"
	"bursar/db/dbtest"
)

// Guarantee: serve starts while its issuer is down, tells people so, and signs members in once it is there; no token of
// theirs is in the log, at any level.
func TestServeSignsMembersIn(t *testing.T) {
	t.Parallel()
	provider, databaseURL := ssotest.New(t), database.NewURL(t)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	owner := provider.SignIn(ssotest.Portal, tenant.Owner.Email, true)
	strange := provider.SignIn(ssotest.Other, tenant.Owner.Email, true)
	provider.Down(true)
	r, url := startServe(t, databaseURL, variables{
		"BURSAR_OIDC_ISSUER": provider.URL, "BURSAR_OIDC_AUDIENCE": ssotest.Portal, "BURSAR_LOG_LEVEL": "debug",
	})
	const query = "{ viewer { role } }"
	wantContains(t, "an owner's answer without the issuer", graphQL(t, url, owner, query), "UNAVAILABLE")
	wantContains(t, "a gateway's answer", graphQL(t, url, tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY), query), `"role":"GATEWAY"`)
	provider.Down(false)
	for answered := ""; !strings.Contains(answered, `"role":"OWNER"`); { // when the server asks the issuer again
		if answered = graphQL(t, url, owner, query); strings.Contains(answered, "UNAUTHENTICATED") {
			t.Fatal(answered)
		}
	}
	wantContains(t, "the answer to a token of another issuer", graphQL(t, url, strange, query), "UNAUTHENTICATED")
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	log := r.stderr.String()
	wantContains(t, "the log", log, "a sign-in token was refused")
	for part := range strings.SplitSeq(owner+"."+strange, ".") {
		if len(part) > 60 && strings.Contains(log, part) {
			t.Error("a part of a token is in the log")
		}
	}
}
