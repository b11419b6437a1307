package auth

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Proxies are the networks of the operator's own proxies, whose X-Forwarded-For is believed.
type Proxies []netip.Prefix

// AddressOf returns the address that a request comes from: that of the connection, or, when a proxy of ours has it, the last
// one in X-Forwarded-For that none of ours has. What stands before that is the client's to invent.
func (p Proxies) AddressOf(r *http.Request) netip.Addr {
	connection, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{} // no network: a test's
	}
	address := connection.Addr().Unmap()
	var forwarded []string
	for _, value := range r.Header.Values("X-Forwarded-For") {
		forwarded = append(forwarded, strings.Split(value, ",")...)
	}
	for _, text := range slices.Backward(forwarded) {
		if !p.contain(address) {
			break
		}
		next, err := netip.ParseAddr(strings.TrimSpace(text))
		if err != nil {
			break
		}
		address = next.Unmap()
	}
	return address
}

func (p Proxies) contain(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}
