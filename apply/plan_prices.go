package apply

import (
	"cmp"
	"context"
	"strings"
	"time"

	"bursar/apply/document"
)

// madeBy begins the source of prices that are made under a label.
const madeBy = "bursar apply: "

// sourceOf is the source that a price gets: the label, and what the document says.
func sourceOf(p *document.Price) string {
	var parts []string
	if p.Owner != "" {
		parts = append(parts, madeBy+p.Owner)
	}
	if p.Source != nil {
		parts = append(parts, *p.Source)
	}
	return strings.Join(parts, "; ")
}

// owned says whether a price was made under a label.
func (l *livePrice) owned(owner string) bool {
	if l.Source == nil {
		return false
	}
	label, _, _ := strings.Cut(*l.Source, "; ")
	return label == madeBy+owner
}

// is says whether a price is the one that a document means.
func (l *livePrice) is(p *document.Price, now time.Time) bool {
	if l.Provider != strings.ToLower(p.Provider) || l.Model != strings.ToLower(p.Model) {
		return false
	}
	if p.EffectiveFrom != nil {
		return l.EffectiveFrom.Equal(p.EffectiveFrom.Time)
	}
	return !l.EffectiveFrom.After(now)
}

func (l *livePrice) key() string { return l.Provider + "/" + l.Model }

// prices plans prices.
func (p *planner) prices() {
	now := time.Now()
	for _, want := range p.document.Prices {
		c := &Change{Action: Create, Kind: KindPrice, Name: want.Key(), at: *want.At(), stage: stagePrices}
		have := &livePrice{}
		for _, l := range p.live.prices {
			if l.is(want, now) {
				have = l
				c.Action, c.ID = Update, l.ID
				l.managed = true
			}
		}
		d := &difference{}
		d.priceRates(want, have)
		if want.MaxOutputTokens != nil {
			d.set("maxOutputTokens", optional(have.MaxOutputTokens), optional(want.MaxOutputTokens), *want.MaxOutputTokens)
		}
		if len(d.fields) == 0 {
			continue
		}
		if c.Action == Update {
			d.note("ends the price that is in effect, and makes another one; what was charged stays")
		}
		c.run = func(ctx context.Context, r *runner) error {
			input := map[string]any{"organizationId": r.id("organization"), "provider": want.Provider, "model": want.Model, "rates": want.Rates}
			if source := sourceOf(want); source != "" {
				input["source"] = source
			}
			if want.EffectiveFrom != nil {
				input["effectiveFrom"] = want.EffectiveFrom
			}
			if want.MaxOutputTokens != nil {
				input["maxOutputTokens"] = *want.MaxOutputTokens
			}
			_, err := mutate(ctx, r.api, `setPrice(input: $input) { price { id } }`, "SetPriceInput", input)
			return err
		}
		p.change(c, d)
	}
}

// priceRates compares the rates of a price.
func (d *difference) priceRates(want *document.Price, have *livePrice) {
	left := map[string]document.Decimal{}
	for _, l := range have.Rates {
		above := l.AboveInputTokens
		rate := &document.PriceRate{Unit: l.Unit, ServiceTier: l.ServiceTier, AboveInputTokens: &above}
		left[rate.Key()] = l.PerMillion
	}
	for _, rate := range want.Rates {
		before := left[rate.Key()]
		delete(left, rate.Key())
		d.field("rates["+rate.Key()+"]", string(before), string(rate.PerMillion))
	}
	for _, l := range have.Rates { // in their order
		above := l.AboveInputTokens
		key := (&document.PriceRate{Unit: l.Unit, ServiceTier: l.ServiceTier, AboveInputTokens: &above}).Key()
		if perMillion, gone := left[key]; gone {
			d.field("rates["+key+"]", string(perMillion), "")
		}
	}
}

// removals plans what the document says there must not be.
func (p *planner) removals() {
	removed := p.document.Removed
	if removed == nil {
		return
	}
	at, keys := *removed.At(), index(p.live.keys)
	for _, id := range removed.APIKeys {
		if k := cmp.Or(keys.byExternalID[id], keys.byID[id]); k != nil {
			p.revoke(k, at)
		}
	}
	for _, path := range removed.Policies {
		slug, label, ofWorkspace := strings.Cut(path, "/")
		if !ofWorkspace || p.live.ownerID(slug) == "" {
			slug, label = "", path
		}
		for _, l := range p.live.named(p.live.ownerID(slug), label) {
			p.remove(KindPolicy, path, l.ID, stageRevoke, at, `deletePolicy(input: $input) { deletedId }`, "DeletePolicyInput", "with what its groups have used")
		}
	}
	for _, slug := range removed.Workspaces {
		if id := p.live.ownerID(slug); id != "" && slug != "" {
			p.remove(KindWorkspace, slug, id, stageDelete, at, `deleteWorkspace(input: $input) { deletedId }`, "DeleteWorkspaceInput", "with its limits")
		}
	}
	for _, email := range removed.Members {
		if m := p.member(email); m != nil {
			p.remove(KindMember, m.Email, m.ID, stageDelete, at, `removeMember(input: $input) { deletedId }`, "RemoveMemberInput",
				"revokes the access tokens that are bound to them; API keys that they created stay")
		}
	}
	for _, path := range removed.Prices {
		for _, l := range p.live.prices {
			if l.key() == strings.ToLower(path) {
				p.endPrice(l, at)
			}
		}
	}
}

// remove plans a deletion of a thing by its id.
func (p *planner) remove(kind Kind, label, id string, s stage, at document.Place, field, inputType, note string) {
	c := &Change{Action: Delete, Kind: kind, Name: label, ID: id, at: at, stage: s}
	c.run = func(ctx context.Context, r *runner) error {
		_, err := mutate(ctx, r.api, field, inputType, map[string]any{"id": id})
		return gone(err)
	}
	d := &difference{}
	d.note("%s", note)
	p.change(c, d)
}

// revoke plans the revocation of a key.
func (p *planner) revoke(k *liveKey, at document.Place) {
	label := k.Metadata[metadataID]
	c := &Change{
		Action: Delete, Kind: KindAPIKey, Name: name(p.live.slugOf(k.Owner.ID), cmp.Or(label, k.Name)), ID: k.ID, Version: k.Version, at: at, stage: stageRevoke,
		used: k.LastUsedAt != nil,
	}
	d := &difference{}
	d.note("is revoked for good; its history stays")
	if k.LastUsedAt != nil {
		d.note("was used last at %s", k.LastUsedAt)
	}
	c.run = func(ctx context.Context, r *runner) error {
		_, err := mutate(ctx, r.api, `revokeApiKey(input: $input) { apiKey { id } }`, "RevokeApiKeyInput", map[string]any{"id": k.ID})
		return err
	}
	p.change(c, d)
}

// endPrice plans the end of a price.
func (p *planner) endPrice(l *livePrice, at document.Place) {
	label := l.key()
	if l.EffectiveFrom.After(time.Now()) {
		label += " from " + l.EffectiveFrom.String()
	}
	p.remove(KindPrice, label, l.ID, stageRevoke, at, `endPrice(input: $input) { price { id } }`, "EndPriceInput", "ends now; what is less specific applies from then on")
}

// prune plans the deletion of what an earlier run made under one of the documents' labels, and what is in none any more.
func (p *planner) prune() {
	if len(p.document.Owners) == 0 {
		p.mistakes.Add(p.document.At(), "--prune: the document has no owner: it deletes what was made under the owner's label alone")
		return
	}
	planned := map[string]bool{}
	for _, c := range p.changes {
		planned[c.ID] = true
	}
	for _, owner := range p.document.Owners {
		for _, k := range p.live.keys {
			if k.Metadata[metadataOwner] == owner && p.matched[k.ID] == nil && !planned[k.ID] {
				planned[k.ID] = true
				p.revoke(k, *p.document.At())
			}
		}
		for _, l := range p.live.prices {
			if l.owned(owner) && !l.managed && !planned[l.ID] {
				planned[l.ID] = true
				p.endPrice(l, *p.document.At())
			}
		}
	}
}
