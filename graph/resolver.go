// Package graph resolves the fields of the GraphQL schema. A resolver checks its input, makes one call, and returns the row; who may
// call it is said by @auth in the schema. Requests, documents and admission are package api's.
package graph

import (
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/db"
	"bursar/enforce"
	"bursar/graph/bulk"
	"bursar/graph/caller"
	"bursar/graph/control"
	"bursar/graph/keyscope"
	"bursar/graph/list"
	"bursar/graph/lookup"
	"bursar/graph/membership"
	"bursar/graph/placement"
	"bursar/webhook"
)

// Config says what resolvers work with.
type Config struct {
	Database  *db.TenantDB      // for all operations but enforcement calls
	Places    *placement.Places // the cells of the installation
	Enforcer  *enforce.Enforcer // for enforcement calls
	KeyIDUses *keyscope.IDUses  // logs which gateways name API keys by their ids
	Present   bulk.Present      // tells clients of errors that stand in answers
	// ReportShare returns the share of the time, from 0 to 1, that PostgreSQL may work on a usage report; nil is all of it.
	ReportShare func() *float32
	// HasIssuer says that people sign in at an issuer: whom an administrator adds is invited, and accepts. false: they are members at once.
	HasIssuer bool
	// WebhookNetworks are those that are not public and that webhooks may be in; nil: none.
	WebhookNetworks webhook.Networks
}

// Resolver answers the schema's fields.
type Resolver struct {
	*caller.DB
	find      *lookup.Finder
	lists     *list.Lists
	changes   *control.Changes
	people    *membership.People
	places    *placement.Places
	enforcer  *enforce.Enforcer
	keyIDUses *keyscope.IDUses
	present   bulk.Present
	schema    *ast.Schema
}

// New returns the resolvers.
func New(config Config) *Resolver {
	queries := db.New()
	database := caller.New(config.Database, queries)
	find := lookup.New(database)
	return &Resolver{
		DB: database, find: find, lists: list.New(find, config.Places, config.ReportShare), changes: control.New(find, config.Places, config.HasIssuer, config.WebhookNetworks),
		people: membership.New(config.Database, queries), places: config.Places, enforcer: config.Enforcer, keyIDUses: config.KeyIDUses,
		present: config.Present, schema: Schema(),
	}
}
