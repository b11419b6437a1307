package gateway

import (
	"context"

	"bursar/gateway/leasing"
)

// Booking is what is booked as one event.
type Booking struct {
	// Report is what is booked.
	Report Report
	// Of are the reports that it was made of by Merge; nil: it is one of a call.
	Of []Report
}

// Merge makes one report of those that may be one event. They are of one lease, API key, provider, model, tier and metadata, and cost as much together as they cost alone, but
// for the rounding up to nano-dollars that each has: the organization allows such events (setLeasePolicy), what was sold so had a price when it was booked last,
// and their input together is below each size from which a price is another one. Calls that are estimated, that have used sound or further models, and of which
// nothing is known yet stay as they are. Nothing is merged without Config.Later.Merge. At most 256 become one.
func (c *Client) Merge(reports []Report) []Booking {
	all := make([]*kept, len(reports))
	for i := range reports {
		all[i] = &kept{Report: reports[i]}
	}
	merged := c.merge(all)
	bookings := make([]Booking, len(merged))
	for i, one := range merged {
		bookings[i] = Booking{one.Report, one.reservations}
	}
	return bookings
}

// RecordAll is Record for many: it books as many in one request as Bursar decides in one statement, each once, and returns what was booked and the
// errors, at the places of the bookings.
func (c *Client) RecordAll(ctx context.Context, bookings []Booking) ([]*Recorded, []error) {
	batch := make([]*kept, len(bookings))
	for i := range bookings {
		batch[i] = &kept{Report: bookings[i].Report, reservations: bookings[i].Of}
	}
	return c.recordAll(ctx, batch)
}

// soldOf returns what a report is of that has a price; nil: its cost is given.
func soldOf(r *Report) *leasing.Sold {
	if r.Cost != "" {
		return nil
	}
	return &leasing.Sold{Provider: r.Provider, Model: r.Parts.Model, Tier: r.Parts.ServiceTier}
}
