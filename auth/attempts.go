package auth

import (
	"hash/maphash"
	"net/netip"
	"time"

	"golang.org/x/time/rate"
)

const (
	attemptsPlaces = 8192 // for addresses; those that share one share its attempts
	attemptsBurst  = 20   // failures that an address has at once
	attemptsEvery  = time.Second
	networkBits    = 64 // of an IPv6 address: one subscriber has all the others
)

// Attempts counts failed logins by address, in a memory that never grows: an address is a place in a table by its hash, with
// a key of this process's own, so that nobody can choose whose place they share.
type Attempts struct {
	seed   maphash.Seed
	places []*rate.Limiter
}

// NewAttempts returns a table without failures.
func NewAttempts() *Attempts {
	a := &Attempts{seed: maphash.MakeSeed(), places: make([]*rate.Limiter, attemptsPlaces)}
	for i := range a.places {
		a.places[i] = rate.NewLimiter(rate.Every(attemptsEvery), attemptsBurst)
	}
	return a
}

// Fail counts a failed login and returns how long the address has to wait before the next is looked at; 0 when it need not.
func (a *Attempts) Fail(address netip.Addr) time.Duration {
	if a.place(address).Allow() {
		return 0
	}
	return attemptsEvery
}

// Spent tells whether an address has failed so often that it has to wait.
func (a *Attempts) Spent(address netip.Addr) bool { return a.place(address).Tokens() < 1 }

func (a *Attempts) place(address netip.Addr) *rate.Limiter {
	if address.Is6() {
		if network, err := address.WithZone("").Prefix(networkBits); err == nil {
			address = network.Addr()
		}
	}
	return a.places[maphash.Comparable(a.seed, address)%attemptsPlaces]
}
