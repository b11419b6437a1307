package auth

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// attemptsAt returns a table without failures, and what moves its clock.
func attemptsAt() (a *Attempts, pass func(time.Duration)) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return newAttempts(func() time.Time { return at }), func(d time.Duration) { at = at.Add(d) }
}

// listened makes a wrong guess from each address, and returns how many are looked at.
func listened(t *testing.T, a *Attempts, addresses ...netip.Addr) (number int) {
	t.Helper()
	for _, address := range addresses {
		spent, wait := a.Spent(address), a.Fail(address)
		if spent && wait != time.Second || !spent && wait != 0 {
			t.Fatalf("%s: spent %t, wait %s", address, spent, wait)
		}
		if !spent {
			number++
		}
	}
	return number
}

// networks returns an address in each of so many networks of a prefix, which have so many bits themselves.
func networks(prefix string, bits, number int) []netip.Addr {
	first := netip.MustParsePrefix(prefix).Addr()
	addresses := make([]netip.Addr, number)
	for i := range addresses {
		if first.Is4() {
			address := first.As4()
			binary.BigEndian.PutUint32(address[:], binary.BigEndian.Uint32(address[:])|uint32(i)<<(32-bits))
			addresses[i] = netip.AddrFrom4(address)
			continue
		}
		address := first.As16()
		binary.BigEndian.PutUint64(address[:8], binary.BigEndian.Uint64(address[:8])|uint64(i)<<(64-bits))
		binary.BigEndian.PutUint64(address[8:], uint64(i)*0x9e3779b97f4a7c15|1)
		addresses[i] = netip.AddrFrom16(address)
	}
	return addresses
}

// repeated returns addresses, so many times over.
func repeated(times int, addresses ...netip.Addr) []netip.Addr {
	all := make([]netip.Addr, 0, times*len(addresses))
	for range times {
		all = append(all, addresses...)
	}
	return all
}

// Guarantee: an address has twenty failures at once and then one a second; others are not concerned. An IPv6 network of 64 bits is one
// address.
func TestAttempts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ attacker, same, neighbour string }{
		{"192.0.2.1", "192.0.2.1", "192.0.2.2"},
		{"2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"},
		{"fe80::1%eth0", "fe80::2%eth1", "fe80:0:0:1::1%eth0"},
	} {
		a, pass := attemptsAt()
		attacker, same, neighbour := netip.MustParseAddr(test.attacker), netip.MustParseAddr(test.same), netip.MustParseAddr(test.neighbour)
		if got := listened(t, a, repeated(25, attacker)...); got != 20 {
			t.Errorf("%s: %d guesses are looked at", attacker, got)
		}
		if !a.Spent(same) || a.Spent(neighbour) {
			t.Errorf("%s is spent: %t, %s: %t", same, a.Spent(same), neighbour, a.Spent(neighbour))
		}
		for _, later := range []struct {
			after time.Duration
			want  int
		}{{time.Second - 1, 0}, {1, 1}, {time.Second, 1}, {5 * time.Second, 5}, {time.Hour, 20}} {
			pass(later.after)
			if got := listened(t, a, repeated(25, same)...); got != later.want {
				t.Errorf("%s, %s later: %d guesses are looked at, want %d", same, later.after, got, later.want)
			}
		}
	}
}

// Guarantee: who owns a network has the guesses of that network, whether they come from one of its addresses or from all: a site (an IPv6
// network of 48 bits) 80 at once and 4 a second, from its 65,536 networks of 64 bits together. It keeps nobody else from being listened
// to: not its neighbours in other networks of 48 bits, and not those of IPv4.
func TestANetworkHasTheGuessesOfOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		attackers         []netip.Addr
		burst, inTen      int // guesses that are looked at, at once and in ten seconds
		slowed, neighbour []netip.Addr
	}{
		"a site, by its networks of 64 bits": {networks("2001:db8:1::/48", 64, 1<<16), 80, 40,
			networks("2001:db8:1:8000::/49", 64, 100), networks("2001:db8:8000::/33", 48, 1000)},
		"a site, by its networks of 56 bits": {networks("2001:db8:1::/48", 56, 256), 80, 40,
			networks("2001:db8:1::/48", 64, 100), networks("2001:db8:8000::/33", 48, 1000)},
		"a household": {networks("2001:db8:1:100::/56", 64, 256), 40, 20,
			networks("2001:db8:1:100::/56", 64, 256), networks("2001:db8:1:8000::/49", 56, 100)},
		"a provider, by its sites": {networks("2001:db8::/32", 48, 1<<16), 640, 320,
			networks("2001:db8::/32", 48, 100), networks("2a00::/16", 32, 1000)},
		"a network of IPv4": {networks("192.0.2.0/24", 32, 256), 80, 40,
			networks("192.0.2.0/24", 32, 256), networks("192.0.128.0/17", 24, 128)},
		"a provider of IPv4": {networks("198.51.0.0/16", 32, 1<<16), 640, 320,
			networks("198.51.0.0/16", 24, 256), networks("10.0.0.0/8", 16, 256)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, pass := attemptsAt()
			times := max(1, 2048/len(test.attackers)) // each network is tried more often than it may guess
			if got := listened(t, a, repeated(times, test.attackers...)...); got != test.burst {
				t.Errorf("%d guesses are looked at, want %d", got, test.burst)
			}
			for _, address := range test.slowed {
				if !a.Spent(address) {
					t.Errorf("%s, of the same network, is not spent", address)
				}
			}
			others := append(networks("203.0.113.0/24", 32, 50), test.neighbour...)
			for _, address := range others {
				if a.Spent(address) {
					t.Errorf("%s, of another network, is spent", address)
				}
			}
			got := 0
			for range 10 {
				pass(time.Second)
				got += listened(t, a, repeated(times, test.attackers[:min(len(test.attackers), 4096)]...)...)
			}
			if got != test.inTen {
				t.Errorf("%d guesses are looked at in ten seconds, want %d", got, test.inTen)
			}
			if got := listened(t, a, others[0]); got != 1 {
				t.Errorf("%s is not listened to", others[0])
			}
		})
	}
}

// Guarantee: what a network spends of the table is bounded by its guesses, so that it cannot use the table up: a site that tries from all of
// its addresses leaves almost 99 % of the cells of hosts untouched.
func TestANetworkCannotUseUpTheTable(t *testing.T) {
	t.Parallel()
	a, pass := attemptsAt()
	for range 3 {
		listened(t, a, networks("2001:db8:1::/48", 64, 1<<16)...)
		pass(time.Second)
	}
	used := 0
	for row := range a.cells[0] {
		for _, cell := range a.cells[0][row] {
			if cell > 0 {
				used++
			}
		}
	}
	if most := attemptRows * (80 + 2*4); used == 0 || used > most {
		t.Errorf("%d cells of %d are used, want at most %d", used, attemptRows*attemptCells, most)
	}
}

// Guarantee: an address shares its cells with others, and has to wait only when all of them are spent: with a fourteenth of the cells spent by
// others, one address in two hundred.
func TestSharedCellsDoNotSlowOthers(t *testing.T) {
	t.Parallel()
	a, _ := attemptsAt()
	listened(t, a, repeated(20, networks("16.0.0.0/4", 16, 600)...)...) // as many attackers, of as many providers
	slowed := 0
	addresses := networks("32.0.0.0/3", 16, 8192)
	for _, address := range addresses {
		if a.Spent(address) {
			slowed++
		}
	}
	if slowed > len(addresses)/50 { // 0.5 % are expected
		t.Errorf("%d of %d addresses are slowed by others", slowed, len(addresses))
	}
}

// Guarantee: guesses that arrive at the same time are counted one by one.
func TestAttemptsAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	a, _ := attemptsAt()
	var looked atomic.Int32
	var guesses sync.WaitGroup
	for _, address := range networks("2001:db8:1::/48", 64, 500) {
		guesses.Go(func() {
			if a.Fail(address) == 0 {
				looked.Add(1)
			}
		})
	}
	guesses.Wait()
	if looked.Load() != 80 {
		t.Errorf("%d guesses are looked at, want 80", looked.Load())
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
