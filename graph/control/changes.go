// Package control makes the changes that the mutations of people and administrators ask for: it checks the input against the rows that it
// names, and runs the statements in one transaction. Enforcement is package enforce's.
package control

import (
	"bursar/graph/caller"
	"bursar/graph/lookup"
)

// Changes makes the changes that mutations ask for.
type Changes struct {
	*caller.DB
	find      *lookup.Finder
	hasIssuer bool
}

// New returns what makes changes. hasIssuer says that people sign in at an issuer: whom an administrator adds is invited, and accepts.
// false: they are members at once.
func New(find *lookup.Finder, hasIssuer bool) *Changes {
	return &Changes{DB: find.DB, find: find, hasIssuer: hasIssuer}
}
