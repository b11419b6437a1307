package auth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

// An address has twenty failures at once and then one a second; others are not concerned, and an IPv6 network is one address.
func TestAttempts(t *testing.T) {
	t.Parallel()
	a := NewAttempts()
	for _, test := range []struct{ attacker, neighbour string }{{"192.0.2.1", "192.0.2.2"}, {"2001:db8:0:1::1", "2001:db8:0:2::1"}} {
		attacker, neighbour := netip.MustParseAddr(test.attacker), netip.MustParseAddr(test.neighbour)
		if a.bucket(attacker) == a.bucket(neighbour) {
			t.Skip("this process's key gives both the same bucket") // 1 in 8192
		}
		for i := range attemptsBurst {
			if a.Spent(attacker) {
				t.Fatalf("%s is spent after %d failures", attacker, i)
			}
			if wait := a.Fail(attacker); wait != 0 {
				t.Fatalf("failure %d of %s waits %s", i, attacker, wait)
			}
		}
		if wait := a.Fail(attacker); wait != time.Second || !a.Spent(attacker) || a.Spent(neighbour) {
			t.Errorf("%s waits %s", attacker, wait)
		}
	}
	if !a.Spent(netip.MustParseAddr("2001:db8:0:1:ffff::2")) {
		t.Error("another address of the same IPv6 network is another attacker")
	}
}

// However many addresses fail, the table does not grow: they share its buckets.
func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	a, buckets := NewAttempts(), map[any]bool{}
	for i := range 200_000 {
		address := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		a.Fail(address)
		buckets[a.bucket(address)] = true
	}
	if len(buckets) > attemptBuckets || len(buckets) < attemptBuckets/2 || len(a.buckets) != attemptBuckets {
		t.Errorf("200,000 addresses have %d buckets of %d", len(buckets), len(a.buckets))
	}
}

// X-Forwarded-For is believed as far as it was written by the operator's own proxies, and not at all without one.
func TestAddressOf(t *testing.T) {
	t.Parallel()
	proxies := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for _, test := range []struct {
		proxies   Proxies
		remote    string
		forwarded []string
		want      string
	}{
		{nil, "10.0.0.1:1", []string{"192.0.2.1"}, "10.0.0.1"},
		{proxies, "192.0.2.9:1", []string{"192.0.2.1"}, "192.0.2.9"},
		{proxies, "10.0.0.1:1", nil, "10.0.0.1"},
		{proxies, "10.0.0.1:1", []string{"192.0.2.1"}, "192.0.2.1"},
		{proxies, "[::ffff:10.0.0.1]:1", []string{"::ffff:192.0.2.1"}, "192.0.2.1"},
		{proxies, "[2001:db8::1]:1", []string{"192.0.2.1"}, "192.0.2.1"},
		{proxies, "10.0.0.1:1", []string{"198.51.100.1, 192.0.2.1"}, "192.0.2.1"},
		{proxies, "10.0.0.1:1", []string{"198.51.100.1", "192.0.2.1, 10.0.0.2"}, "192.0.2.1"},
		{proxies, "10.0.0.1:1", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{proxies, "10.0.0.1:1", []string{"192.0.2.1, nonsense"}, "10.0.0.1"},
		{proxies, "@", nil, "invalid IP"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = test.remote
		for _, value := range test.forwarded {
			r.Header.Add("X-Forwarded-For", value)
		}
		if got := fmt.Sprint(test.proxies.AddressOf(r)); got != test.want {
			t.Errorf("%s for %q: %s, want %s", test.remote, test.forwarded, got, test.want)
		}
	}
}
