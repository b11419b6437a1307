package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"bursar/apiclient"
	"bursar/apply/document"
)

// runner makes the changes of one organization.
type runner struct {
	*Applier
	api   *apiclient.Client
	plan  *OrganizationPlan
	nonce string // of the run: its requestIds begin with it

	mutex sync.Mutex
	ids   map[string]string // by kind and name
}

// know notes the id of a thing that others name.
func (r *runner) know(what, id string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.ids[what] = id
}

// id returns the id of a thing; empty: there is none.
func (r *runner) id(what string) string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.ids[what]
}

// owner returns the id of a workspace, or with an empty slug that of the organization.
func (r *runner) owner(slug string) string {
	if slug == "" {
		return r.id("organization")
	}
	return r.id("workspace " + slug)
}

// requestID names a call of this run: an attempt that was not answered is repeated under the same one.
func (r *runner) requestID(c *Change, call string) string {
	return fmt.Sprintf("apply-%s-%s-%s", r.nonce, call, fingerprint(c.title()))
}

// stage makes the changes of a stage, several at the same time, and returns how many were done.
func (r *runner) stage(ctx context.Context, s stage, progress func(int)) (done int, err error) {
	parallel := r.Parallel
	if parallel < 1 {
		parallel = 8
	}
	slots, failed := make(chan struct{}, parallel), make(chan struct{})
	var group sync.WaitGroup
	var mutex sync.Mutex
	for _, c := range r.plan.Changes {
		if c.stage != s {
			continue
		}
		select {
		case slots <- struct{}{}:
		case <-failed:
		case <-ctx.Done():
		}
		mutex.Lock()
		stop := err != nil || ctx.Err() != nil
		mutex.Unlock()
		if stop {
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			wrong := r.change(context.WithoutCancel(ctx), c)
			mutex.Lock()
			defer mutex.Unlock()
			switch {
			case wrong == nil:
				done++
				progress(done)
			case err == nil:
				err = wrong
				close(failed)
			default:
				err = errors.Join(err, wrong)
			}
		})
	}
	group.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return done, err
}

// change makes one change. A CONFLICT after an attempt that was not answered may be with what that attempt has done: where a new plan has nothing left to be changed, or
// a part of the same fields, that is it, and the rest is changed.
func (r *runner) change(ctx context.Context, c *Change) error {
	err := c.run(ctx, r)
	for attempt := 0; attempt < maxUnsure && apiclient.CodeOf(err) == apiclient.Conflict && apiclient.IsUnsure(err); attempt++ {
		again, planned := r.Plan(ctx, []*document.Document{r.plan.document})
		if planned != nil {
			break
		}
		changes := again.Organizations[0].Changes
		at := slices.IndexFunc(changes, func(other *Change) bool { return other.title() == c.title() })
		if at < 0 {
			return nil
		}
		if len(changes[at].Fields) >= len(c.Fields) || slices.ContainsFunc(changes[at].Fields, func(f Field) bool { return !slices.Contains(c.Fields, f) }) {
			break
		}
		c = changes[at]
		err = c.run(ctx, r)
	}
	if err != nil {
		return fmt.Errorf("%s:%d: %s: %w", c.at.File, c.at.Line, c.title(), err)
	}
	return nil
}

// maxUnsure is how often a change is planned anew after attempts that were not answered.
const maxUnsure = 3

// gone takes it for done that a thing is not there any more.
func gone(err error) error {
	if apiclient.CodeOf(err) == apiclient.NotFound && apiclient.IsUnsure(err) {
		return nil
	}
	return err
}

// adopt notes the id of an organization that an attempt without an answer has made.
func (r *runner) adopt(ctx context.Context, slug string) error {
	who, err := readViewer(ctx, r.api)
	if err != nil {
		return err
	}
	id, err := who.find(ctx, r.api, slug)
	r.know("organization", id)
	return err
}

// answered is what mutations are asked for.
type answered struct {
	ID, Prefix, Secret, SecretPrefix string
	Replayed                         bool
	Organization, Subject, Workspace struct {
		ID      string
		Version int
	}
	APIKey struct {
		ID, Prefix string
		Version    int
	}
	Policy struct{ ID string }
}

// mutate sends one mutation, whose input is of a type.
func mutate(ctx context.Context, api *apiclient.Client, field, inputType string, input map[string]any) (*answered, error) {
	return send(ctx, api.Do, field, inputType, input)
}

func send(ctx context.Context, by func(context.Context, string, any, any) error, field, inputType string, input map[string]any) (*answered, error) {
	var answer struct{ Answer *answered }
	document := fmt.Sprintf("mutation Apply($input: %s!) { answer: %s }", inputType, field)
	if err := by(ctx, document, map[string]any{"input": input}, &answer); err != nil {
		return nil, err
	}
	if answer.Answer == nil {
		return nil, &apiclient.Error{Code: apiclient.Malformed, Message: "the answer is empty", Unsure: true}
	}
	return answer.Answer, nil
}
