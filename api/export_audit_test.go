package api_test

import (
	"net/http"
	"net/url"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/graph/graphtest"
	"bursar/id"
)

// The operator's file of the audit log has the entries of every organization, or of the one that is named; whoever belongs to one may name
// that alone. An actor, and an organization that is not theirs, find nothing together.
func TestAuditLogOfOneOrganization(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	other := dbtest.NewTenant(t, a.Pool)
	otherID, otherOwner := id.Organization.Format(other.Organization.ID), id.Member.Format(other.Owner.ID)
	organizations := func(token string, query url.Values) map[string]bool {
		found := map[string]bool{}
		for _, row := range exported(a, token, "audit.csv", query).rows(t) {
			found[row["organizationId"]] = true
		}
		return found
	}
	of := func(organization string) url.Values { return url.Values{"organizationId": {organization}} }
	if found := organizations(graphtest.RootToken, nil); !found[otherID] || !found[a.OrganizationID()] {
		t.Errorf("every organization's: %v", found)
	}
	for _, organization := range []string{otherID, a.OrganizationID()} {
		if found := organizations(graphtest.RootToken, of(organization)); len(found) != 1 || !found[organization] {
			t.Errorf("of %s: %v", organization, found)
		}
	}
	if found := organizations(a.Viewer, of(a.OrganizationID())); len(found) != 1 || !found[a.OrganizationID()] {
		t.Errorf("one's own: %v", found)
	}
	exported(a, a.Viewer, "audit.csv", of(otherID)).refused(t, http.StatusNotFound, "NOT_FOUND", "organizationId")
	exported(a, other.AccessToken(other.Organization.ID, db.TokenRoleADMIN), "audit.csv", of(a.OrganizationID())).
		refused(t, http.StatusNotFound, "NOT_FOUND", "organizationId")
	query := of(a.OrganizationID())
	query.Set("actorId", otherOwner)
	exported(a, graphtest.RootToken, "audit.csv", query).refused(t, http.StatusNotFound, "NOT_FOUND", "actorId")
	exported(a, graphtest.RootToken, "audit.csv", of("acme")).refused(t, http.StatusBadRequest, "BAD_USER_INPUT", "organizationId")
}
