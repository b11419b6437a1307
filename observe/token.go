package observe

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"bursar/auth"
)

// RequireToken asks for one of some bearer tokens before a handler answers; without tokens it answers everybody. Wrong ones are not slowed:
// tokens of 128 bits are not guessed, and who shares an address with an attacker must still get its metrics.
func RequireToken(tokens []string, next http.Handler) http.Handler {
	if len(tokens) == 0 {
		return next
	}
	hashes := make([][]byte, len(tokens))
	for i, token := range tokens {
		hashes[i] = auth.Hash(token)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		// hashes have one length, and each is compared, so that the time tells nothing of the tokens
		presented, right := auth.Hash(strings.TrimSpace(token)), 0
		for _, hash := range hashes {
			right |= subtle.ConstantTimeCompare(presented, hash)
		}
		if right != 1 || !strings.EqualFold(scheme, "Bearer") {
			w.Header().Set("WWW-Authenticate", `Bearer realm="Bursar metrics"`)
			http.Error(w, "The metrics ask for a token: Authorization: Bearer TOKEN, the one of BURSAR_METRICS_TOKEN.", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}
