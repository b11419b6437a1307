package graph

import (
	"context"
	"slices"

	"bursar/db"
)

// deliveries returns those of an alert's deliveries that tell of the alert itself, or of the reset after it.
func (r *Resolver) deliveries(ctx context.Context, alert *db.Alert, purpose db.DeliveryPurpose) ([]*db.AlertDelivery, error) {
	all, err := r.loaders.deliveriesOf.Load(ctx, alert.ID)()
	if err != nil {
		return nil, err
	}
	others := func(d *db.AlertDelivery) bool { return d.Purpose != purpose }
	return slices.DeleteFunc(slices.Clone(all), others), nil // a clone, for both fields share what was loaded
}
