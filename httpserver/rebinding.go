package main

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// withoutRebinding refuses browsers on this machine that believe us to be another site: a page of that site had its name point
// here, and could read what is shown without a password.
func withoutRebinding(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if remote, err := netip.ParseAddrPort(r.RemoteAddr); err == nil && remote.Addr().Unmap().IsLoopback() && !isOwnName(r.Host) {
			http.Error(w, "The outbox is shown under localhost or an IP address, not under other names.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isOwnName tells whether nobody but this machine can have a host's name.
func isOwnName(host string) bool {
	name := host
	if withoutPort, _, err := net.SplitHostPort(host); err == nil {
		name = withoutPort
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	_, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil || name == "localhost" || strings.HasSuffix(name, ".localhost")
}
