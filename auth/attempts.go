package auth

import (
	"hash/maphash"
	"net/netip"
	"time"

	"golang.org/x/time/rate"
)

const (
	attemptBuckets = 8192 // addresses that share a bucket share its attempts
	attemptsBurst  = 20   // failures that an address may make at once
	attemptsEvery  = time.Second
	networkBits    = 64 // of an IPv6 address: one subscriber owns the remaining bits
)

// Attempts counts failed logins by address, in a table of fixed size. The bucket of an address is its hash under a seed of
// this process, so that nobody can choose whose bucket they share.
type Attempts struct {
	seed    maphash.Seed
	buckets []*rate.Limiter
}

// NewAttempts returns a table without failures.
func NewAttempts() *Attempts {
	a := &Attempts{seed: maphash.MakeSeed(), buckets: make([]*rate.Limiter, attemptBuckets)}
	for i := range a.buckets {
		a.buckets[i] = rate.NewLimiter(rate.Every(attemptsEvery), attemptsBurst)
	}
	return a
}

// Fail counts a failed login and returns how long the address has to wait before the next is looked at; 0 when it need not.
func (a *Attempts) Fail(address netip.Addr) time.Duration {
	if a.bucket(address).Allow() {
		return 0
	}
	return attemptsEvery
}

// Spent tells whether an address has failed so often that it has to wait.
func (a *Attempts) Spent(address netip.Addr) bool { return a.bucket(address).Tokens() < 1 }

func (a *Attempts) bucket(address netip.Addr) *rate.Limiter {
	if address.Is6() {
		if network, err := address.WithZone("").Prefix(networkBits); err == nil {
			address = network.Addr()
		}
	}
	return a.buckets[maphash.Comparable(a.seed, address)%attemptBuckets]
}
