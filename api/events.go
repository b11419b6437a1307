package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"bursar/api/admission"
	"bursar/api/authn"
	"bursar/api/live"
	"bursar/auth"
	"bursar/fault"
	"bursar/id"
)

// events streams what changes in the caller's organization.
type events struct {
	hubs      hubs
	databases *databases
	present   presenter
	tarpit    *admission.Tarpit
}

// maxEventID is the length in bytes of the longest event id that is looked at.
const maxEventID = 200

// ServeHTTP implements [http.Handler]. Errors before the stream begins are answered as GraphQL's are.
func (e events) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET, OPTIONS")
		e.present.refuseWith(w, r, e.tarpit, fault.New(fault.BadUserInput, "events are served to GET"))
		return
	}
	listener, err := e.subscribe(r)
	if err != nil {
		e.present.refuseWith(w, r, e.tarpit, err)
		return
	}
	listener.Stream(r.Context(), w)
}

// subscribe returns the listener that the request asks for. Where it needs a look at the database it waits as an operation does that asks for few values.
func (e events) subscribe(r *http.Request) (*live.Listener, error) {
	ctx := r.Context()
	principal, err := auth.Confirmed(ctx)
	if err != nil {
		return nil, err
	}
	if !principal.May(listeningRoles()) {
		return nil, fault.New(fault.Forbidden, "your role may not listen to events")
	}
	organizationID, err := e.organizationOf(ctx, principal, r.Header.Get(authn.OrganizationHeader))
	if err != nil {
		return nil, err
	}
	caller := live.Caller{
		OrganizationID: organizationID, TokenID: principal.TokenID, MemberRole: string(principal.MemberRole), ExpiresAt: principal.ExpiresAt,
		OwnKeysOnly: principal.OwnKeysOnly() != nil,
	}
	if principal.MemberID != nil {
		caller.MemberID = *principal.MemberID
	}
	lastEventID := r.Header.Get("Last-Event-ID")
	if len(lastEventID) > maxEventID {
		lastEventID = "unknown"
	}
	return e.hubs.subscribe(ctx, caller, lastEventID)
}

// admit waits for a slot of the request for one look at the database.
func admit(ctx context.Context) (release func(), err error) {
	ticket := admission.FromContext(ctx)
	if err := ticket.AdmitSmall(ctx); err != nil {
		return nil, err
	}
	return ticket.Release, nil
}

// listeningRoles returns the roles that may listen: those that may read an organization.
func listeningRoles() []auth.Role {
	return []auth.Role{auth.RoleRoot, auth.RoleOwner, auth.RoleAdmin, auth.RoleMember, auth.RoleViewer}
}

// organizationOf returns the organization that a caller listens to: theirs, or the one that the operator names by its id or slug.
func (e events) organizationOf(ctx context.Context, principal *auth.Principal, named string) (uuid.UUID, error) {
	if principal.OrganizationID != nil {
		return *principal.OrganizationID, nil
	}
	if named = strings.TrimSpace(named); named == "" {
		return uuid.Nil, fault.BadInput(authn.OrganizationHeader, "say in this header which organization you mean, by its id or slug")
	}
	if prefix, organizationID, ok := id.Parse(named); ok && prefix == id.Organization {
		return organizationID, nil
	}
	release, err := admit(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	defer release()
	organizationID, err := e.databases.places.BySlug(ctx, e.databases.control, named)
	if fault.CodeOf(err) == fault.NotFound {
		return uuid.Nil, live.ErrNoOrganization
	}
	return organizationID, err
}
