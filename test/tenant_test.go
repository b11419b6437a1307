package test

import (
	"maps"
	"testing"
	"time"
)

// tenant is an organization with a workspace, made through the API, whose own limits are too wide to deny anything.
type tenant struct {
	*fleet
	slug                    string
	organization, workspace string
	gateway                 string // a gateway's token
	wide                    string // the secret of a key without limits of its own
	books                   *books
}

func newTenant(f *fleet, slug string) *tenant {
	f.t.Helper()
	n := &tenant{fleet: f, slug: slug, books: newBooks()}
	n.organization = f.once(0, rootToken, "CreateOrganization", object{"name": slug, "slug": slug, "plan": "ENTERPRISE"}).
		Data.CreateOrganization.Organization.ID
	n.workspace = f.once(0, rootToken, "CreateWorkspace", object{"organizationId": n.organization, "name": "work"}).
		Data.CreateWorkspace.Workspace.ID
	n.gateway = f.once(0, rootToken, "CreateAccessToken", object{"organizationId": n.organization, "name": "gateway", "role": "GATEWAY"}).
		Data.CreateAccessToken.Secret
	f.once(0, rootToken, "AddMember", object{"organizationId": n.organization, "email": "owner@" + slug + ".test", "role": "OWNER"})
	n.wide, _ = n.key(nil)
	return n
}

// widen puts limits on the organization and the workspace that count everything and deny nothing, with thresholds on the way.
func (n *tenant) widen() {
	n.t.Helper()
	n.once(0, rootToken, "CreateBudgetLimit", object{
		"subjectId": n.organization, "type": "COST", "amount": "1000", "periodicReset": "MONTHLY",
		"alertThresholds": []string{"0.5", "1", "2", "3", "5", "8", "13", "21"}})
	n.once(0, rootToken, "CreateBudgetLimit", object{
		"subjectId": n.workspace, "type": "TOKENS", "amount": 10_000_000, "periodicReset": "WEEKLY",
		"alertThresholds": []int{100, 1000, 2000, 4000, 8000}})
	n.once(0, rootToken, "CreateRateLimit", object{"subjectId": n.organization, "type": "REQUESTS", "limit": 1_000_000, "interval": "DAY"})
	n.once(0, rootToken, "CreateRateLimit", object{"subjectId": n.workspace, "type": "TOKENS", "limit": 10_000_000, "interval": "DAY"})
}

// key makes an API key of the workspace and returns its secret and its id.
func (n *tenant) key(more object) (secret, id string) {
	n.t.Helper()
	input := object{"ownerId": n.workspace, "name": "key"}
	maps.Copy(input, more)
	made := n.ask(0, rootToken, "CreateApiKey", input).Data.CreateAPIKey
	return made.Secret, made.APIKey.ID
}

// awayFromMidnight waits for the next day (UTC) when it is about to begin: windows and periods that a test fills exactly must not
// end during it.
func awayFromMidnight(t *testing.T) {
	t.Helper()
	left := time.Until(time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour))
	if left > time.Minute {
		return
	}
	select {
	case <-t.Context().Done():
	case <-time.After(left + time.Second):
	}
}
