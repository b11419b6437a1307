package model

import "fmt"

// What a failing sequence prints of what it drew.

// GoString implements [fmt.GoStringer].
func (o *Organization) GoString() string { return "organization " + o.ID.String() }

// GoString implements [fmt.GoStringer].
func (k *Key) GoString() string { return "key " + k.ID.String() }

// GoString implements [fmt.GoStringer].
func (l *Limit) GoString() string {
	p := l.Current()
	return fmt.Sprint(l.On, " ", l.Kind, " ", p.Unit, " ", p.Length, " ", l.ID)
}

// GoString implements [fmt.GoStringer].
func (r *Reservation) GoString() string { return "reservation " + r.ID.String() }
