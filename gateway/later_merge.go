package gateway

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"bursar/gateway/leasing"
	"bursar/usage"
)

// mergeable is what reports have in common that become one event.
type mergeable struct {
	lease, secret, provider, model string
	tier                           usage.ServiceTier
	priced                         bool // the cost is given
	metadata                       string
}

// mergeKept merges reports. What they are merged into is kept before they are forgotten, so that the end of the program neither loses one nor books it twice.
func (l *later) mergeKept(batch []*kept) []*kept {
	merged := l.client.Load().merge(batch)
	for i, sum := range merged {
		if len(sum.reservations) > 0 && !l.keepMerged(sum, batch) {
			members := ofMembers(sum, batch)
			merged[i] = members[0]
			merged = append(merged, members[1:]...)
		}
	}
	return merged
}

// ofMembers returns the reports of a batch that one was made of.
func ofMembers(sum *kept, batch []*kept) (members []*kept) {
	for _, one := range batch {
		if slices.Contains(sum.Members, one.Report.RequestID) {
			members = append(members, one)
		}
	}
	return members
}

// keepMerged keeps what reports were merged into in their place; false: they have to be booked one by one.
func (l *later) keepMerged(sum *kept, batch []*kept) bool {
	if l.config.Keep == nil {
		return true
	}
	payload, err := l.client.Load().encodeKept(sum)
	if err != nil || l.config.Keep.Begin(sum.Report.RequestID, payload) != nil {
		return false
	}
	if disk, ok := l.config.Keep.(interface{ Sync() error }); ok && disk.Sync() != nil { // else the end of the machine could bring back what it was made of
		l.done(sum.Report.RequestID)
		return false
	}
	for _, one := range ofMembers(sum, batch) {
		l.done(one.Report.RequestID)
	}
	return true
}

// merge returns reports that may be one event as one each, and the others as they are.
func (c *Client) merge(batch []*kept) (merged []*kept) {
	if c.leases == nil || !c.merges {
		return batch
	}
	sums := map[mergeable]*kept{} // that have room
	for _, one := range batch {
		of, most := c.mergeable(one)
		if most < one.Report.Parts.InputTokens || most == 0 {
			merged = append(merged, one)
			continue
		}
		sum := sums[of]
		if sum == nil || len(sum.reservations) >= maxMerged || sum.Report.Parts.InputTokens+one.Report.Parts.InputTokens > most || !sum.add(one) {
			sum = &kept{Report: one.Report, reservations: []Report{one.Report}}
			sums[of] = sum
			merged = append(merged, sum)
		}
	}
	for _, sum := range merged {
		sum.name()
	}
	return merged
}

// maxMerged is how many reports become one at most: their costs are rounded up once, by less than a micro-dollar in all.
const maxMerged = 256

// mergeable tells what a report has to have in common with others, and how many input tokens they may have together; 0: it is booked alone.
func (c *Client) mergeable(k *kept) (of mergeable, most int64) {
	r := &k.Report
	leaseID := leasing.Of(r.ReservationID)
	p := &r.Parts
	if leaseID == "" || len(k.Members) > 0 || r.Estimated || len(p.Others) > 0 || p.Requests < 1 || p.AudioInputTokens > 0 || p.AudioOutputTokens > 0 {
		return of, 0
	}
	if most = c.leases.MergeInput(leaseID, soldOf(r)); most == 0 {
		return of, 0
	}
	var metadata strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.Metadata)) {
		pair, _ := json.Marshal([2]string{name, r.Metadata[name]}) // strings always have JSON
		metadata.Write(pair)
	}
	return mergeable{leaseID, r.Secret, r.Provider, p.Model, p.ServiceTier, r.Cost != "", metadata.String()}, most
}

// add adds a report to what several say; false: that would be more than Bursar takes. It happened when the first of them did.
func (k *kept) add(one *kept) bool {
	parts, p := k.Report.Parts, &one.Report.Parts
	for _, each := range []struct {
		sum *int64
		n   int64
	}{
		{&parts.Requests, p.Requests}, {&parts.InputTokens, p.InputTokens}, {&parts.OutputTokens, p.OutputTokens}, {&parts.CachedInputTokens, p.CachedInputTokens},
		{&parts.CacheWriteTokens, p.CacheWriteTokens}, {&parts.CacheWrite1hTokens, p.CacheWrite1hTokens}, {&parts.ReasoningTokens, p.ReasoningTokens},
		{&parts.Images, p.Images}, {&parts.WebSearches, p.WebSearches},
	} {
		if *each.sum += each.n; *each.sum > maxSum {
			return false
		}
	}
	if k.Report.Cost != "" {
		k.Report.Cost = dollarsOf(nanosOf(k.Report.Cost) + nanosOf(one.Report.Cost))
	}
	k.Report.Parts = parts
	k.reservations = append(k.reservations, one.Report)
	return true
}

// maxSum is the most of a part that Bursar takes of one event; of requests it takes 1,000,000,000.
const maxSum = 1_000_000_000

// name gives what several reports say an id of its own; one report keeps its.
func (k *kept) name() {
	if len(k.reservations) < 2 {
		k.reservations = nil
		return
	}
	k.Report.RequestID = "merged-" + NewRequestID()
	k.Report.ReservationID = leasing.Of(k.Report.ReservationID)
	k.Members = make([]string, len(k.reservations))
	for i := range k.reservations {
		k.Members[i] = k.reservations[i].RequestID
	}
}
