// Package operatorui serves River UI, which shows the jobs, to the operator alone.
package operatorui

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"riverqueue.com/riverui"

	"bursar/auth"
	"bursar/httpserver"
)

// jobsPolicy is the Content-Security-Policy of River UI: its own files alone, and the styles that its charts set inline.
const jobsPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// New returns River UI below a path, for who has the root token; "": for nobody. It refreshes its counts until ctx ends.
func New(
	ctx context.Context, path string, client *river.Client[pgx.Tx], token string, logins *auth.Logins, logger *slog.Logger,
) (http.Handler, error) {
	ui, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints(client, nil), Logger: logger, Prefix: path,
	})
	if err != nil {
		return nil, fmt.Errorf("make River UI: %w", err)
	}
	if err := ui.Start(ctx); err != nil {
		return nil, fmt.Errorf("start River UI: %w", err)
	}
	// browsers send the password with every request, also with those that another site's page makes
	return operatorOnly(token, logins, http.NewCrossOriginProtection().Handler(ui)), nil
}

// operatorOnly requires the root token as the password of HTTP Basic authentication, under any user name. A server without a
// root token refuses everybody.
func operatorOnly(token string, logins *auth.Logins, next http.Handler) http.Handler {
	want := auth.Hash(token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", jobsPolicy)
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		if token == "" {
			refuse(w, r, "The jobs are the operator's, and this server has none: start it with BURSAR_ROOT_TOKEN.", http.StatusForbidden)
			return
		}
		_, password, given := r.BasicAuth()
		// hashes have one length, so that the time of the comparison does not depend on the token's length
		listens := auth.IsSecret(password, auth.AccessTokenPrefix) || logins.MayGuess(r)
		if listens && subtle.ConstantTimeCompare(auth.Hash(password), want) == 1 {
			next.ServeHTTP(w, r)
			return
		}
		if given {
			if wait := logins.FailGuess(r); wait > 0 {
				header.Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
				refuse(w, r, "Too many wrong passwords have come from this address.", http.StatusTooManyRequests)
				return
			}
		}
		header.Set("WWW-Authenticate", `Basic realm="Bursar jobs: any user name, the root token as password", charset="UTF-8"`)
		refuse(w, r, "The jobs are the operator's: log in with any user name and the root token as password.", http.StatusUnauthorized)
	})
}

// refuse answers a request whose body is not read.
func refuse(w http.ResponseWriter, r *http.Request, message string, status int) {
	httpserver.LeaveBody(w, r)
	http.Error(w, message, status)
}
