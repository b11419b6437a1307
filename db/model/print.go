package db_test

import "fmt"

// What a failing sequence prints of what it drew.

func (o *modelOrganization) GoString() string { return "organization " + o.id.String() }

func (k *modelKey) GoString() string { return "key " + k.id.String() }

func (l *modelLimit) GoString() string {
	p := l.current()
	return words(l.on, l.kind, p.unit, p.length, l.id)
}

func (r *modelReservation) GoString() string { return "reservation " + r.id.String() }

func (e estimate) GoString() string {
	return fmt.Sprintf("estimate %q of %+v for %s in %s", e.id, e.usage(), e.key, e.organization)
}

func (r report) GoString() string {
	return fmt.Sprintf("report %q for %s or %s in %s", r.id, r.key, r.reservation, r.organization)
}
