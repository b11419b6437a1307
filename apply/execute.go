package apply

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"bursar/apply/document"
)

// ConflictError is what somebody else changed between the plan and its execution. Nothing of the plan was done.
type ConflictError struct{ What []string }

// Error names what was changed.
func (e *ConflictError) Error() string {
	return "CONFLICT: nothing was changed, because somebody else has changed meanwhile: " + strings.Join(e.What, ", ") + "; look at a new plan"
}

// Execute does what a plan of this Applier says. It first reads everything again: where the plan would be another one by now, it is a ConflictError and nothing is
// done. Each thing is changed by mutations that name the version that the plan is based on. The first change that fails keeps the ones after it from being begun;
// what was done stays, and another plan has the rest. When ctx ends, the changes under way are finished, and no other is begun.
func (a *Applier) Execute(ctx context.Context, plan *Plan) (done int, err error) {
	if plan.makesSecrets() {
		if a.Secrets == nil {
			return 0, errors.New("nothing was changed: new API keys have secrets, and nobody has said where they go")
		}
		if err := a.Secrets.Open(); err != nil {
			return 0, fmt.Errorf("nothing was changed: %w", err)
		}
	}
	if err := a.verify(ctx, plan); err != nil {
		return 0, err
	}
	total, nonce := plan.Changes(), make([]byte, 8)
	_, _ = rand.Read(nonce) // it never fails
	for _, o := range plan.Organizations {
		r := &runner{Applier: a, api: a.API, plan: o, nonce: hex.EncodeToString(nonce), ids: map[string]string{}}
		r.know("organization", o.ID)
		for _, w := range o.live.workspaces {
			r.know("workspace "+w.Slug, w.ID)
		}
		for id, external := range externalIDs(o.live.keys) {
			r.know("API key "+external, id)
		}
		for s := range stages {
			before := done
			finished, err := r.stage(ctx, s, func(number int) {
				if a.Progress != nil {
					a.Progress(before+number, total)
				}
			})
			done += finished
			if err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

func externalIDs(keys []*liveKey) map[string]string {
	external := map[string]string{}
	for _, k := range keys {
		if id := k.Metadata[metadataID]; id != "" {
			external[k.ID] = id
		}
	}
	return external
}

// verify plans again and compares.
func (a *Applier) verify(ctx context.Context, plan *Plan) error {
	documents := make([]*document.Document, len(plan.Organizations))
	for i, o := range plan.Organizations {
		documents[i] = o.document
	}
	again, err := a.Plan(ctx, documents)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	conflict := &ConflictError{}
	for i, o := range plan.Organizations {
		conflict.What = append(conflict.What, differing(o, again.Organizations[i])...)
	}
	if len(conflict.What) > 0 {
		return conflict
	}
	return nil
}

// differing names what two plans of an organization differ in.
func differing(a, b *OrganizationPlan) []string {
	var what []string
	text := func(c *Change) string { return fmt.Sprint(c.Action, c.ID, c.Version, c.Fields) }
	others := map[string]string{}
	for _, c := range b.Changes {
		others[c.title()] = text(c)
	}
	for _, c := range a.Changes {
		if others[c.title()] != text(c) {
			what = append(what, c.title())
		}
		delete(others, c.title())
	}
	for title := range others {
		what = append(what, title)
	}
	slices.Sort(what)
	return what
}

// title is what a change is of.
func (c *Change) title() string { return string(c.Kind) + " " + c.Name }
