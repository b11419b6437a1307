package resend

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	maxEvents        = 16              // events that are read, verified and noted at the same time
	maxNetworkEvents = 8               // of them from one network
	maxWaitingEvents = 512             // requests of one network that wait for a slot, with those that have one; their bodies are not read
	slotTimeout      = 5 * time.Second // after which a request that waits is refused
)

// eventSlots bounds how many events are received at the same time. No network has more than half of the slots, so that one from which bodies
// arrive slowly leaves room for Resend's.
type eventSlots struct {
	slots *semaphore.Weighted

	mutex    sync.Mutex
	networks map[netip.Prefix]*networkSlots // of those with requests that wait or have a slot
}

// networkSlots are the slots that one network may have.
type networkSlots struct {
	slots    *semaphore.Weighted
	requests int // that wait or have a slot
}

func newEventSlots() *eventSlots {
	return &eventSlots{slots: semaphore.NewWeighted(maxEvents), networks: map[netip.Prefix]*networkSlots{}}
}

// acquire waits for a slot. It returns false when none is free in time, when too many requests of the network wait already, or when ctx ends.
func (s *eventSlots) acquire(ctx context.Context, from netip.Addr) (release func(), ok bool) {
	ctx, cancel := context.WithTimeout(ctx, slotTimeout)
	defer cancel()
	network := networkOf(from)
	own := s.enter(network)
	if own == nil {
		return nil, false
	}
	// The network's own slot comes first, so that at most eight of its requests wait for one of all slots.
	if own.slots.Acquire(ctx, 1) != nil {
		s.leave(network, own)
		return nil, false
	}
	if s.slots.Acquire(ctx, 1) != nil {
		own.slots.Release(1)
		s.leave(network, own)
		return nil, false
	}
	return func() {
		s.slots.Release(1)
		own.slots.Release(1)
		s.leave(network, own)
	}, true
}

// enter counts a request of a network; nil when there are too many.
func (s *eventSlots) enter(network netip.Prefix) *networkSlots {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	own := s.networks[network]
	if own == nil {
		own = &networkSlots{slots: semaphore.NewWeighted(maxNetworkEvents)}
		s.networks[network] = own
	}
	if own.requests == maxWaitingEvents {
		return nil
	}
	own.requests++
	return own
}

func (s *eventSlots) leave(network netip.Prefix, own *networkSlots) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if own.requests--; own.requests == 0 {
		delete(s.networks, network)
	}
}

// networkOf returns what counts as one network: an address of IPv4, 48 bits of IPv6, which is what a company is given. The zero value is of
// what is no address.
func networkOf(address netip.Addr) netip.Prefix {
	bits := 48
	if address.Is4() {
		bits = 32
	}
	network, _ := address.WithZone("").Prefix(bits) // fails for what is no address
	return network
}
