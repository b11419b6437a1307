package lookup

import (
	"context"
	"slices"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/validate"
)

// Zone is the name of a time zone in an input; nil is not given.
type Zone struct {
	Field string
	Name  *string
}

// KnownZones refuses names of time zones that the database does not know. What can be told of a name without the database is told elsewhere.
// Ask before a transaction: the database takes some tens of milliseconds.
func (f *Finder) KnownZones(ctx context.Context, zones ...Zone) error {
	zones = slices.DeleteFunc(slices.Clone(zones), func(z Zone) bool {
		return z.Name == nil || *z.Name == "UTC" || validate.TimeZone(z.Field, *z.Name) != nil
	})
	if len(zones) == 0 {
		return nil
	}
	names := make([]string, len(zones))
	for i, zone := range zones {
		names[i] = *zone.Name
	}
	unknown, err := f.Queries.ListUnknownTimeZones(ctx, f.Within(ctx), names)
	if err != nil {
		return db.Fault(err)
	}
	var errs []error
	for _, zone := range zones {
		if slices.Contains(unknown, *zone.Name) {
			errs = append(errs, fault.BadInput(zone.Field, "the database knows no region's time zone %q; write its name as IANA does, such as Europe/Berlin", *zone.Name))
		}
	}
	return validate.Together(errs...)
}
