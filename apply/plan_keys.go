package apply

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bursar/apply/document"
)

// Names of metadata that apply keeps.
const (
	metadataID     = document.MetadataPrefix + "id"     // the external id
	metadataOwner  = document.MetadataPrefix + "owner"  // the label of the document that made it
	metadataSecret = document.MetadataPrefix + "secret" // pending: the secret has reached nobody yet
	pending        = "pending"
)

// ownedKey is a key of a document, with the slug of its workspace; empty: the organization's own.
type ownedKey struct {
	slug string
	key  *document.APIKey
}

func ownedKeys(d *document.Document) []ownedKey {
	var keys []ownedKey
	for _, k := range d.APIKeys {
		keys = append(keys, ownedKey{"", k})
	}
	for _, w := range d.Workspaces {
		for _, k := range w.APIKeys {
			keys = append(keys, ownedKey{w.Slug, k})
		}
	}
	return keys
}

// name is what a workspace's thing is called in plans.
func name(slug, label string) string {
	if slug == "" {
		return label
	}
	return slug + "/" + label
}

// keyIndex finds keys that exist.
type keyIndex struct {
	byExternalID, byID map[string]*liveKey
	byName             map[liveOwnerName][]*liveKey
}

type liveOwnerName struct{ ownerID, name string }

func index(keys []*liveKey) *keyIndex {
	x := &keyIndex{map[string]*liveKey{}, map[string]*liveKey{}, map[liveOwnerName][]*liveKey{}}
	for _, k := range keys {
		x.byID[k.ID] = k
		if external := k.Metadata[metadataID]; external != "" {
			x.byExternalID[external] = k
		}
		at := liveOwnerName{k.Owner.ID, k.Name}
		x.byName[at] = append(x.byName[at], k)
	}
	return x
}

// find returns the key that exists for one of a document; nil: there is none. A reason says that nobody knows which it is.
func (x *keyIndex) find(k *document.APIKey, ownerID string) (found *liveKey, reason string) {
	if k.ID != "" {
		if x.byID[k.ID] == nil {
			return nil, "there is no such API key, or it was revoked"
		}
		return x.byID[k.ID], ""
	}
	if k.ExternalID != "" && x.byExternalID[k.ExternalID] != nil {
		return x.byExternalID[k.ExternalID], ""
	}
	same := x.byName[liveOwnerName{ownerID, k.Name}]
	if k.ExternalID != "" { // a key of this name is taken over, unless it has an external id of its own
		same = slices.DeleteFunc(slices.Clone(same), func(l *liveKey) bool { return l.Metadata[metadataID] != "" })
	}
	switch len(same) {
	case 0:
		return nil, ""
	case 1:
		return same[0], ""
	}
	return nil, fmt.Sprintf("there are %d API keys of this name; say which with id, such as %s", len(same), same[0].ID)
}

// keys plans API keys.
func (p *planner) keys() {
	x := index(p.live.keys)
	for _, each := range ownedKeys(p.document) {
		k := each.key
		have, reason := x.find(k, p.live.ownerID(each.slug))
		switch {
		case reason != "":
			p.mistakes.Add(k.At(), "API key %s: %s", k.Label(), reason)
		case have == nil:
			p.createKey(each)
		case p.matched[have.ID] != nil:
			p.mistakes.Add(k.At(), "API key %s is the same as API key %s: %s", k.Label(), p.matched[have.ID].Label(), have.ID)
		default:
			p.matched[have.ID] = k
			p.updateKey(each, have)
		}
	}
}

// createKey plans a new key.
func (p *planner) createKey(each ownedKey) {
	k, d := each.key, &difference{}
	d.set("name", "", quoted(k.Name, true), k.Name)
	d.optionals(k, &liveKey{EmailNotifications: true, Enabled: true})
	empty := document.Limits{BudgetLimits: k.BudgetLimits, RateLimits: k.RateLimits, Recipients: k.Recipients}
	d.limits(&empty, &liveLimits{})
	metadata := map[string]string{}
	if k.Metadata != nil {
		metadata = maps.Clone(*k.Metadata)
	}
	if k.ExternalID != "" {
		metadata[metadataID] = k.ExternalID
	}
	if k.Owner != "" {
		metadata[metadataOwner] = k.Owner
	}
	d.metadata(nil, metadata)
	c := &Change{Action: Create, Kind: KindAPIKey, Name: name(each.slug, k.Label()), at: *k.At(), stage: stageKeys, secret: true}
	c.run = (&keyChange{change: c, each: each, d: d, metadata: metadata}).create
	p.change(c, d)
}

// updateKey plans a change of a key.
func (p *planner) updateKey(each ownedKey, have *liveKey) {
	k, d := each.key, &difference{}
	d.set("name", quoted(have.Name, true), quoted(k.Name, true), k.Name)
	d.optionals(k, have)
	if slug := p.live.slugOf(have.Owner.ID); slug != each.slug {
		d.field("workspace", slug, each.slug)
		d.note("moves the key: the limits of where it is will hold")
	}
	d.limits(&k.Limits, &have.liveLimits)
	metadata := map[string]string{}
	for name, value := range have.Metadata {
		if k.Metadata == nil || strings.HasPrefix(name, document.MetadataPrefix) {
			metadata[name] = value
		}
	}
	if k.Metadata != nil {
		maps.Copy(metadata, *k.Metadata)
	}
	if k.ExternalID != "" {
		metadata[metadataID] = k.ExternalID
	}
	if k.Owner != "" {
		if other := have.Metadata[metadataOwner]; other != "" && other != k.Owner {
			d.note("takes the key over from the owner %s", other)
		}
		metadata[metadataOwner] = k.Owner
	}
	c := &Change{Action: Update, Kind: KindAPIKey, Name: name(each.slug, k.Label()), ID: have.ID, Version: have.Version, at: *k.At(), stage: stageKeys}
	if have.Metadata[metadataSecret] == pending {
		delete(metadata, metadataSecret)
		c.secret = true
		d.note("its secret has reached nobody: a run that made it was cut off, or is under way. It gets a new one")
	}
	before := len(d.fields)
	d.metadata(have.Metadata, metadata)
	if len(d.fields) > before {
		d.give("metadata", metadata)
	}
	if len(d.fields) == 0 {
		return
	}
	c.run = (&keyChange{change: c, each: each, d: d, metadata: metadata, have: have}).update
	p.change(c, d)
}

// optionals compares what may be given of a key.
func (d *difference) optionals(k *document.APIKey, have *liveKey) {
	if k.Description.Given {
		d.set("description", quotedOf(have.Description), quotedOf(k.Description.Value), k.Description.Value)
	}
	if k.ExpiresAt.Given {
		d.set("expiresAt", stringOf(have.ExpiresAt), stringOf(k.ExpiresAt.Value), k.ExpiresAt.Value)
	}
	if k.Enabled != nil {
		d.set("enabled", fmt.Sprint(have.Enabled), fmt.Sprint(*k.Enabled), *k.Enabled)
	}
	if k.EmailNotifications != nil {
		d.set("emailNotifications", fmt.Sprint(have.EmailNotifications), fmt.Sprint(*k.EmailNotifications), *k.EmailNotifications)
	}
}
