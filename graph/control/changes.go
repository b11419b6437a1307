// Package control makes the changes that the mutations of people and administrators ask for: it checks the input against the rows that it
// names, and runs the statements in one transaction. Enforcement is package enforce's.
package control

import (
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/placement"
	"bursar/webhook"
)

// Changes makes the changes that mutations ask for.
type Changes struct {
	*caller.DB
	find      *lookup.Finder
	places    *placement.Places
	hasIssuer bool
	networks  webhook.Networks
}

// New returns what makes changes. hasIssuer says that people sign in at an issuer: whom an administrator adds is invited, and accepts.
// false: they are members at once. networks are those that are not public and that webhooks may be in.
func New(find *lookup.Finder, places *placement.Places, hasIssuer bool, networks webhook.Networks) *Changes {
	return &Changes{DB: find.DB, find: find, places: places, hasIssuer: hasIssuer, networks: networks}
}
