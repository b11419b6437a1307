package graph

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
	"bursar/id"
)

// node returns the object with an id, of whichever type. Answers FORBIDDEN when the caller may not see it.
func (r *Resolver) node(ctx context.Context, external string) (model.Node, error) {
	node, err := r.anyNode(ctx, external)
	if err != nil {
		return nil, err
	}
	return node, r.visible(ctx, node)
}

// anyNode returns the object with an id. Answers NOT_FOUND for another organization's.
func (r *Resolver) anyNode(ctx context.Context, external string) (model.Node, error) {
	prefix, parsed, ok := id.Parse(external)
	if !ok {
		return nil, fault.BadInput("id", "is no id")
	}
	ids, own := []uuid.UUID{parsed}, callerOrganization(ctx)
	switch prefix {
	case id.Organization:
		if _, err := organization(ctx, "id", external); err != nil {
			return nil, err
		}
		rows, err := r.queries.FindOrganizations(ctx, r.within(ctx), &db.FindOrganizationsParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.Workspace:
		rows, err := r.queries.FindWorkspaces(ctx, r.within(ctx), &db.FindWorkspacesParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.Member:
		rows, err := r.queries.FindPeople(ctx, r.within(ctx), &db.FindPeopleParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.AccessToken:
		rows, err := r.queries.FindAccessTokens(ctx, r.within(ctx), &db.FindAccessTokensParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.APIKey:
		return r.apiKey(ctx, "id", external)
	case id.BudgetLimit:
		limit, err := r.limit(ctx, "id", external, prefix)
		return &db.BudgetLimit{LimitStatus: limit}, err
	case id.RateLimit:
		limit, err := r.limit(ctx, "id", external, prefix)
		return &db.RateLimit{LimitStatus: limit}, err
	case id.Reservation:
		rows, err := r.queries.FindReservations(ctx, r.within(ctx), &db.FindReservationsParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.UsageEvent:
		from := id.CreatedAt(parsed)
		rows, err := r.queries.FindUsageEvents(ctx, r.within(ctx), &db.FindUsageEventsParams{
			IDs: ids, OrganizationID: own, RecordedFrom: from, RecordedTo: from.Add(time.Millisecond),
		})
		return nodeOf(rows, err)
	case id.Alert:
		rows, err := r.queries.FindAlerts(ctx, r.within(ctx), &db.FindAlertsParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.AuditEntry:
		rows, err := r.queries.FindAuditEntries(ctx, r.within(ctx), &db.FindAuditEntriesParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	}
	return nil, notFound("id", "thing")
}

// nodeOf returns the only row of a look-up as a node.
func nodeOf[T any, N interface {
	*T
	model.Node
}](rows []*T, err error) (model.Node, error) {
	row, err := found(rows, err, "id", "thing")
	if err != nil {
		return nil, err
	}
	return N(row), nil
}
