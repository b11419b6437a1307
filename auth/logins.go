package auth

import (
	"context"
	"net/http"
	"time"
)

// slowLookups is how many tokens are looked up at the same time for addresses that keep sending wrong ones.
const slowLookups = 2

// Logins counts failed logins by address and by the networks that it is in (Attempts). Everything that takes a secret shares one, so that
// nobody gets a fresh allowance at each of them.
type Logins struct {
	proxies Proxies
	guesses *Attempts // at what a person has chosen: the root token
	wrong   *Attempts // tokens that have a real one's form, which nobody guesses
	slow    chan struct{}
}

// NewLogins returns logins of which none has failed yet.
func NewLogins(proxies Proxies) *Logins {
	return &Logins{proxies: proxies, guesses: NewAttempts(), wrong: NewAttempts(), slow: make(chan struct{}, slowLookups)}
}

// MayGuess tells whether what may be a guess at the root token is looked at. An address that has spent its guesses is not
// listened to, whatever it says, or it would be told when it is right.
func (l *Logins) MayGuess(r *http.Request) bool { return !l.guesses.Spent(l.proxies.AddressOf(r)) }

// FailGuess counts a wrong guess and returns how long to wait before the next; 0 when one need not.
func (l *Logins) FailGuess(r *http.Request) time.Duration {
	return l.guesses.Fail(l.proxies.AddressOf(r))
}

// FailToken counts a token that has a real one's form and is none, and returns how long to wait; 0 when one need not.
func (l *Logins) FailToken(r *http.Request) time.Duration {
	return l.wrong.Fail(l.proxies.AddressOf(r))
}

// AcquireLookup waits, for an address that keeps sending wrong tokens, for one of two look-up slots, or until ctx ends; other
// addresses do not wait. The next token may be a gateway's behind the same address, so it is looked up all the same, but the
// wrong ones do not load the database. release gives the slot back.
func (l *Logins) AcquireLookup(ctx context.Context, r *http.Request) (release func(), err error) {
	if !l.wrong.Spent(l.proxies.AddressOf(r)) {
		return func() {}, nil
	}
	select {
	case l.slow <- struct{}{}:
		return func() { <-l.slow }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
