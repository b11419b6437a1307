package leasing

import "bursar/usage"

// Sold is what a price is of.
type Sold struct {
	Provider, Model string
	Tier            usage.ServiceTier
}

// MergeInput returns how many input tokens an event of several calls of a lease may have; 0: there may be none, or the lease is over, or nothing that was sold so is
// known to have a price. Sold is nil for calls whose cost is given.
func (l *Leases) MergeInput(leaseID string, sold *Sold) int64 {
	h := l.lease(leaseID)
	if h == nil {
		return 0
	}
	h.key.mu.Lock()
	defer h.key.mu.Unlock()
	if sold != nil && !h.key.priced[*sold] {
		return 0
	}
	return h.mergeInput
}

// Priced notes whether what was booked of a lease's key, and sold so, had a price.
func (l *Leases) Priced(leaseID string, sold Sold, priced bool) {
	h := l.lease(leaseID)
	if h == nil {
		return
	}
	h.key.mu.Lock()
	defer h.key.mu.Unlock()
	if !priced {
		delete(h.key.priced, sold)
	} else if len(h.key.priced) < maxShapes {
		h.key.priced[sold] = true
	}
}

func (l *Leases) lease(id string) *lease {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.byID[id]
}
