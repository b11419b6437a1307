package auth

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

const (
	attemptRows  = 2           // cells that each network has at each level
	attemptCells = 8192        // of each row
	attemptsWait = time.Second // that an address is told to wait when it has failed too often
)

// level is a size of networks whose failed logins are counted together.
type level struct {
	bits4, bits6 int           // of the prefix of such a network of IPv4 and of IPv6; 0: there is none
	burst        int           // failures that a network may make at once
	every        time.Duration // time after which it may make one more
}

// levels returns the sizes of networks, the smallest first. Each contains those before it, so that who owns a network has the failures of
// that network, however many addresses it has.
func levels() [4]level {
	return [...]level{
		{32, 64, 20, time.Second},       // a host, which chooses its address within 64 bits
		{0, 56, 40, time.Second / 2},    // what a household is given
		{24, 48, 80, time.Second / 4},   // what a company is given
		{16, 32, 640, time.Second / 32}, // what a provider is given
	}
}

// Attempts counts failed logins by network, at each level, in a table of fixed size. A failure is counted only while every network of its
// address may make one. So a network of any size spends no more of the table than its own failures, and other networks are not concerned.
//
// A network has one cell in each row of its level, by its hash under a seed of this process. It shares cells with others, but it has to
// wait only if all of its cells are spent.
type Attempts struct {
	now    func() time.Time
	began  time.Time
	levels [4]level
	seeds  [attemptRows]maphash.Seed

	mutex sync.Mutex
	// cells are by level and row, each the time since began at which its failures are forgotten. This is a token bucket in one number.
	cells [4][attemptRows][attemptCells]time.Duration
}

// NewAttempts returns a table without failures.
func NewAttempts() *Attempts { return newAttempts(time.Now) }

// newAttempts returns a table that goes by a clock.
func newAttempts(now func() time.Time) *Attempts {
	a := &Attempts{now: now, began: now(), levels: levels()}
	for row := range a.seeds {
		a.seeds[row] = maphash.MakeSeed()
	}
	return a
}

// Fail counts a failed login and returns how long the address has to wait before the next is looked at; 0 when it need not.
func (a *Attempts) Fail(address netip.Addr) time.Duration {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	now := a.now().Sub(a.began)
	if a.spent(address, now) {
		return attemptsWait
	}
	for i := range a.levels {
		if cells, ok := a.cellsOf(i, address); ok {
			// a cell that is shared with a busier network stays as it is
			forgotten := max(now, least(cells)) + a.levels[i].every
			for _, cell := range cells {
				*cell = max(*cell, forgotten)
			}
		}
	}
	return 0
}

// Spent tells whether an address, or a network that it is in, has failed so often that it has to wait.
func (a *Attempts) Spent(address netip.Addr) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.spent(address, a.now().Sub(a.began))
}

func (a *Attempts) spent(address netip.Addr, now time.Duration) bool {
	for i, level := range a.levels {
		cells, ok := a.cellsOf(i, address)
		if ok && least(cells)-now > time.Duration(level.burst-1)*level.every {
			return true
		}
	}
	return false
}

// cellsOf returns the cells of the network of a level that an address is in; false when there is no such network. What is no address, as
// that of a test, has one of the first level.
func (a *Attempts) cellsOf(at int, address netip.Addr) (cells [attemptRows]*time.Duration, ok bool) {
	bits := a.levels[at].bits6
	if address.Is4() {
		bits = a.levels[at].bits4
	}
	if bits == 0 || !address.IsValid() && at > 0 {
		return cells, false
	}
	network, _ := address.WithZone("").Prefix(bits) // fails for what is no address, with the zero value
	for row := range cells {
		cells[row] = &a.cells[at][row][maphash.Comparable(a.seeds[row], network)%attemptCells]
	}
	return cells, true
}

// least returns the time at which the first of a network's cells forgets its failures.
func least(cells [attemptRows]*time.Duration) time.Duration {
	first := *cells[0]
	for _, cell := range cells[1:] {
		first = min(first, *cell)
	}
	return first
}
