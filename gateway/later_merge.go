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
	estimated, priced              bool // priced: the cost is given
	metadata                       string
}

// merge returns reports of leases that have all of this in common as one each, and the others as they are. What they are merged into is kept before they
// are forgotten, so that the end of the program neither loses one nor books it twice.
func (l *later) merge(batch []*kept) (merged []*kept) {
	groups := map[mergeable][]*kept{}
	for _, one := range batch {
		of, ok := one.mergeable()
		if !ok {
			merged = append(merged, one)
			continue
		}
		groups[of] = append(groups[of], one)
	}
	for _, group := range groups {
		if len(group) == 1 {
			merged = append(merged, group[0])
			continue
		}
		sum := sumOf(group)
		if !l.keepMerged(sum, group) {
			merged = append(merged, group...)
			continue
		}
		merged = append(merged, sum)
	}
	return merged
}

// keepMerged keeps what reports were merged into in their place; false: they have to be booked one by one.
func (l *later) keepMerged(sum *kept, group []*kept) bool {
	if l.config.Keep == nil {
		return true
	}
	payload, err := l.client.Load().encodeKept(sum)
	if err != nil || l.config.Keep.Begin(sum.Report.RequestID, payload) != nil {
		return false
	}
	for _, one := range group {
		l.done(one.Report.RequestID)
	}
	return true
}

// mergeable tells what a report has to have in common with others; false: it is booked alone.
func (k *kept) mergeable() (mergeable, bool) {
	r := &k.Report
	leaseID := leasing.Of(r.ReservationID)
	if leaseID == "" || len(k.Members) > 0 || len(r.Parts.Others) > 0 || r.Parts.Requests < 1 {
		return mergeable{}, false
	}
	var metadata strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.Metadata)) {
		pair, _ := json.Marshal([2]string{name, r.Metadata[name]}) // strings always have JSON
		metadata.Write(pair)
	}
	return mergeable{leaseID, r.Secret, r.Provider, r.Parts.Model, r.Parts.ServiceTier, r.Estimated, r.Cost != "", metadata.String()}, true
}

// sumOf returns one report of what several say. It happened when the first of them did.
func sumOf(group []*kept) *kept {
	sum := &kept{Report: group[0].Report}
	sum.Report.RequestID = "merged-" + NewRequestID()
	sum.Report.ReservationID = leasing.Of(sum.Report.ReservationID)
	parts, nanos := &sum.Report.Parts, int64(0)
	for i, one := range group {
		sum.Members = append(sum.Members, one.Report.RequestID)
		sum.reservations = append(sum.reservations, one.Report)
		nanos += nanosOf(one.Report.Cost)
		if i == 0 {
			continue
		}
		p := &one.Report.Parts
		parts.Requests += p.Requests
		parts.InputTokens += p.InputTokens
		parts.OutputTokens += p.OutputTokens
		parts.CachedInputTokens += p.CachedInputTokens
		parts.CacheWriteTokens += p.CacheWriteTokens
		parts.CacheWrite1hTokens += p.CacheWrite1hTokens
		parts.ReasoningTokens += p.ReasoningTokens
		parts.AudioInputTokens += p.AudioInputTokens
		parts.AudioOutputTokens += p.AudioOutputTokens
		parts.Images += p.Images
		parts.WebSearches += p.WebSearches
	}
	if sum.Report.Cost != "" {
		sum.Report.Cost = dollarsOf(nanos)
	}
	return sum
}
