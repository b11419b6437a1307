package httpserver

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// RejectRebinding protects pages without a password from DNS rebinding: another site's page that has its name resolve to
// this machine could read them with a browser on it. Requests from this machine that name another host than localhost or an
// IP address are answered 403 with the message; those from other machines pass.
func RejectRebinding(message string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remote, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && remote.Addr().Unmap().IsLoopback() && !isLocalName(r.Host) {
			http.Error(w, message, http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLocalName reports whether a Host header names an IP address or a name that resolves to the client's own machine always.
func isLocalName(host string) bool {
	name := host
	if withoutPort, _, err := net.SplitHostPort(host); err == nil {
		name = withoutPort
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	_, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil || name == "localhost" || strings.HasSuffix(name, ".localhost")
}
