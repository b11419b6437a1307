package apply

import (
	"cmp"
	"context"
	"time"

	"bursar/apiclient"
)

// maxLastChanges is for how many things of an organization the audit log is asked.
const maxLastChanges = 20

const lastChangeQuery = `query LastChange($organizationId: ID!, $targetId: ID!) {
  auditLog(filter: {organizationId: $organizationId, targetId: $targetId}, first: 1) { nodes { action actor at actorNode { ... on AccessToken { name } ... on Member { email } } } } }`

// LastChanges notes who changed the things last that a plan would change, up to twenty for each organization: where the files were applied before, that is who
// made them differ. Who may not read the audit log gets none.
func (a *Applier) LastChanges(ctx context.Context, plan *Plan) error {
	for _, o := range plan.Organizations {
		asked := 0
		for _, c := range o.Changes {
			if c.Action != Update || c.ID == "" || asked == maxLastChanges {
				continue
			}
			asked++
			last, err := a.lastChange(ctx, o.ID, c.ID)
			if apiclient.CodeOf(err) == apiclient.Forbidden {
				return nil
			}
			if err != nil {
				return err
			}
			c.LastChange = last
		}
	}
	return nil
}

// lastChange returns who changed a thing last; nil: the log has nothing about it.
func (a *Applier) lastChange(ctx context.Context, organizationID, id string) (*LastChange, error) {
	var answer struct {
		AuditLog struct {
			Nodes []struct {
				Action, Actor string
				At            time.Time
				ActorNode     *struct{ Name, Email string }
			}
		}
	}
	if err := a.API.Do(ctx, lastChangeQuery, map[string]any{"organizationId": organizationID, "targetId": id}, &answer); err != nil {
		return nil, err
	}
	if len(answer.AuditLog.Nodes) == 0 {
		return nil, nil
	}
	entry := answer.AuditLog.Nodes[0]
	last := &LastChange{At: entry.At, Actor: entry.Actor, Action: entry.Action}
	if node := entry.ActorNode; node != nil {
		last.Actor = cmp.Or(node.Email, node.Name, entry.Actor)
	}
	return last, nil
}
