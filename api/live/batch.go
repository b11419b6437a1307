package live

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/id"
)

// denialCount is the prefix of counts of denied requests, which have no ids.
const denialCount id.Prefix = "den"

// typesOf returns the GraphQL types of what an event may tell of, by the prefix of their ids.
func typesOf() map[id.Prefix]string {
	return map[id.Prefix]string{
		id.Organization: "Organization", id.Workspace: "Workspace", id.Member: "Member", id.AccessToken: "AccessToken", id.APIKey: "ApiKey",
		id.BudgetLimit: "BudgetLimit", id.RateLimit: "RateLimit", id.UsageEvent: "UsageEvent", id.Alert: "Alert", id.AuditEntry: "AuditEntry",
		denialCount: "DenialCount",
	}
}

// isHidden tells whether members with the role MEMBER see nothing of a type.
func isHidden(prefix id.Prefix) bool { return prefix == id.AccessToken || prefix == id.AuditEntry }

// thing is what has changed. Its id is zero where its type alone is told.
type thing struct {
	prefix id.Prefix
	id     uuid.UUID
}

// batch is what has changed in an organization since its listeners were told last.
type batch struct {
	things map[thing]map[uuid.UUID]struct{} // each with who may know, among members with the role MEMBER: see organization_changes
	more   bool                             // whether things are left out because there are too many
}

// isEmpty tells whether nothing has changed.
func (b *batch) isEmpty() bool { return len(b.things) == 0 && !b.more }

// add adds what a look has found.
func (b *batch) add(row *db.OrganizationChange) {
	b.more = b.more || row.More
	for i, prefix := range row.Prefixes {
		b.put(thing{id.Prefix(prefix), row.IDs[i]}, row.MemberIDs[i])
	}
}

// put adds a thing of which a member may know; zero: all may.
func (b *batch) put(t thing, memberID uuid.UUID) {
	if b.things == nil {
		b.things = map[thing]map[uuid.UUID]struct{}{}
	}
	if b.things[t] == nil {
		if len(b.things) == mostRows {
			b.more = true
			return
		}
		b.things[t] = map[uuid.UUID]struct{}{}
	}
	b.things[t][memberID] = struct{}{}
}

// touch adds an organization itself.
func (b *batch) touch(organizationID uuid.UUID) {
	b.put(thing{id.Organization, organizationID}, uuid.Nil)
}

// change is the data of an event.
type change struct {
	IDs   []string `json:"ids"`            // what has changed, in the order of the ids; none when there is more than an event may name
	Types []string `json:"types"`          // the types of these, and of what is not named one by one
	More  bool     `json:"more,omitempty"` // whether there is more than ids can name: anything of the types may have changed
}

// seenBy returns the batch as a caller is told of it; nil when they are told of nothing.
func (b *batch) seenBy(caller *Caller) *change {
	types, seen := typesOf(), map[string]struct{}{}
	c := &change{IDs: []string{}, More: b.more}
	for t, members := range b.things {
		if !caller.maySee(members) {
			continue
		}
		seen[types[t.prefix]] = struct{}{}
		if t.id != uuid.Nil {
			c.IDs = append(c.IDs, t.prefix.Format(t.id))
		}
	}
	if b.more {
		for prefix, name := range types {
			if !caller.OwnKeysOnly || !isHidden(prefix) {
				seen[name] = struct{}{}
			}
		}
	}
	if len(seen) == 0 {
		return nil
	}
	if c.More = c.More || len(c.IDs) > mostIDs; c.More {
		c.IDs = []string{} // naming some of them would help nobody, and a thousand listeners read it
	}
	slices.Sort(c.IDs)
	c.Types = slices.Sorted(maps.Keys(seen))
	return c
}

// maySee tells whether a caller may know of a thing of which some members may know.
func (c *Caller) maySee(members map[uuid.UUID]struct{}) bool {
	if !c.OwnKeysOnly {
		return true
	}
	_, all := members[uuid.Nil]
	_, own := members[c.MemberID]
	return all || own
}

// text returns the change as JSON.
func (c *change) text() string {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // it is strings and a boolean
	}
	return string(text)
}
