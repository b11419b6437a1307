package api_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"bursar/api"
	"bursar/auth"
	"bursar/db"
	"bursar/graph/graphtest"
)

// An address that keeps guessing is not listened to for a while: it is told to come later, and not that it is right. Gateways
// behind the same address are served all the while, those too that this server has never seen.
func TestFailedLoginsAreSlowed(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.Run(graphtest.RootToken, "Viewer", nil)
	told := func(token string) (status int) {
		t.Helper()
		result := a.Do(token, "Viewer", nil)
		if len(result.Errors) != 1 || result.Errors[0].Extensions.Code != "UNAUTHENTICATED" {
			t.Fatalf("%q: %v %v", token, result.Errors, result.Data)
		}
		if late := result.Header.Get("Retry-After") != ""; late != (result.Status == http.StatusTooManyRequests) {
			t.Errorf("%d with Retry-After %q", result.Status, result.Header.Get("Retry-After"))
		}
		return result.Status
	}
	spend := func(token func() string) {
		t.Helper()
		for range 10_000 {
			if told(token()) == http.StatusTooManyRequests {
				return
			}
		}
		t.Fatal("ten thousand wrong tokens and no end")
	}
	spend(func() string { return auth.NewSecret(auth.AccessTokenPrefix).Text })
	for range 30 {
		told("") // no token is no failed login
		a.Run(a.Tenant.AccessToken(a.Tenant.Organization.ID, db.TokenRoleGATEWAY), "CheckUsage", object{"input": object{"key": a.KeyID()}})
		a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
	}
	a.Run(graphtest.RootToken, "Viewer", nil) // other tokens' failures are no guesses at the root token

	for tries := 0; ; tries++ { // a guess a second is listened to, and this machine may have slept for one
		spend(func() string { return "a guess" })
		if result := a.Do(graphtest.RootToken, "Viewer", nil); result.Status == http.StatusTooManyRequests {
			result.Must("UNAUTHENTICATED", "")
			break
		} else if tries == 10 {
			t.Fatalf("the right guess after too many wrong ones is told: %d", result.Status)
		}
	}
	a.Run(a.Gateway, "ReserveUsage", object{"input": object{"key": a.KeyID()}})
}

var loopback = auth.Proxies{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// Behind the operator's own proxy each client is an address of its own; without one configured, nobody can pretend to be another.
func TestFailedLoginsBehindProxies(t *testing.T) {
	t.Parallel()
	pool := kit.New(t)
	for _, trusts := range []bool{true, false} {
		var proxies auth.Proxies
		if trusts {
			proxies = loopback
		}
		a := kit.ServeWith(t, pool, api.Config{Logins: auth.NewLogins(proxies)})
		query := []byte(`{"query": "{viewer{role}}"}`)
		from := func(address, token string) int {
			return a.SendWith(http.MethodPost, "", token, query, http.Header{"X-Forwarded-For": {address}}).Status
		}
		refused := false
		for range 10 { // a guess a second is listened to, and this machine may have slept for one
			for from("192.0.2.1", "a guess") != http.StatusTooManyRequests {
			}
			refused = refused || from("192.0.2.2", graphtest.RootToken) == http.StatusTooManyRequests
		}
		if refused == trusts {
			t.Errorf("proxies trusted: %v; another client's right token is refused: %v", trusts, refused)
		}
	}
}

// Guarantee: guesses at the root token from all over an IPv6 network of 48 bits are as slow as a site's, and lock out nobody elsewhere: the
// operator is listened to from another site of the same provider, and from IPv4. Within the site the right token is not told from a wrong one.
func TestASiteCannotLockTheOperatorOut(t *testing.T) {
	t.Parallel()
	a := kit.ServeWith(t, kit.New(t), api.Config{Logins: auth.NewLogins(loopback)})
	query := []byte(`{"query": "{viewer{role}}"}`)
	from := func(address, token string) int {
		return a.SendWith(http.MethodPost, "", token, query, http.Header{"X-Forwarded-For": {address}}).Status
	}
	began := time.Now()
	var mutex sync.Mutex
	var guesses sync.WaitGroup
	statuses := map[int]int{}
	for i := range 400 {
		guesses.Go(func() {
			status := from(fmt.Sprintf("2001:db8:1:%x::1", i*163), "a guess")
			mutex.Lock()
			defer mutex.Unlock()
			statuses[status]++
		})
	}
	guesses.Wait()
	most := 80 + 4*int(time.Since(began)/time.Second+1)
	looked, refused := statuses[http.StatusOK], statuses[http.StatusTooManyRequests] // 200 with UNAUTHENTICATED
	if looked < 80 || looked > most || looked+refused != 400 {
		t.Errorf("answered %v, want 80 to %d times 200, else 429", statuses, most)
	}
	for _, address := range []string{"2001:db8:2::1", "2001:db8:ffff::1", "192.0.2.1"} {
		if status := from(address, graphtest.RootToken); status != http.StatusOK {
			t.Errorf("the operator at %s: %d", address, status)
		}
	}
	for tries := 0; ; tries++ { // four guesses a second are listened to, and this machine may have slept for one
		for i := 0; from(fmt.Sprintf("2001:db8:1:%x::1", i), "a guess") != http.StatusTooManyRequests; i++ {
		}
		if from("2001:db8:1:ffff::1", graphtest.RootToken) == http.StatusTooManyRequests {
			break
		} else if tries == 10 {
			t.Fatal("the right token from the guessing site is told")
		}
	}
}

// Guarantee: a root token that has the form of an access token, as bursar token root makes it, is accepted from an address that has failed too
// often: nobody guesses it, so nobody can lock its owner out.
func TestRootTokenOfTheFormIsNotLockedOut(t *testing.T) {
	t.Parallel()
	a, root := newAPI(t), auth.NewSecret(auth.AccessTokenPrefix).Text
	other := *a
	other.URL = kit.StartWith(t, api.Config{Pool: a.Pool, RootToken: root})
	for range 2 { // of either kind
		for _, wrong := range []func() string{
			func() string { return "a guess" },
			func() string { return auth.NewSecret(auth.AccessTokenPrefix).Text },
		} {
			for i := 0; other.Do(wrong(), "Viewer", nil).Status != http.StatusTooManyRequests; i++ {
				if i == 1000 {
					t.Fatal("a thousand wrong tokens and no end")
				}
			}
			other.Run(root, "Viewer", nil)
		}
	}
}
