package lookup

import (
	"context"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/model"
	"bursar/id"
)

// Node returns the object with an id, of whichever type. Answers FORBIDDEN when the caller may not see it.
func (f *Finder) Node(ctx context.Context, external string) (model.Node, error) {
	node, err := f.anyNode(ctx, external)
	if err != nil {
		return nil, err
	}
	return node, f.visible(ctx, node)
}

// anyNode returns the object with an id. Answers NOT_FOUND for another organization's.
func (f *Finder) anyNode(ctx context.Context, external string) (model.Node, error) {
	prefix, parsed, ok := id.Parse(external)
	if !ok {
		return nil, fault.BadInput("id", "is no id")
	}
	ids, own := []uuid.UUID{parsed}, caller.Organization(ctx)
	switch prefix {
	case id.Organization:
		if _, err := OrganizationID(ctx, "id", external); err != nil {
			return nil, err
		}
		rows, err := f.Queries.FindOrganizations(ctx, f.Within(ctx), &db.FindOrganizationsParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.Workspace:
		rows, err := f.Queries.FindWorkspaces(ctx, f.Within(ctx), &db.FindWorkspacesParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.Member:
		rows, err := f.Queries.FindPeople(ctx, f.Within(ctx), &db.FindPeopleParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.AccessToken:
		rows, err := f.Queries.FindAccessTokens(ctx, f.Within(ctx), &db.FindAccessTokensParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.APIKey:
		return f.APIKey(ctx, "id", external)
	case id.BudgetLimit:
		limit, err := f.Limit(ctx, "id", external, prefix)
		return &db.BudgetLimit{LimitStatus: limit}, err
	case id.RateLimit:
		limit, err := f.Limit(ctx, "id", external, prefix)
		return &db.RateLimit{LimitStatus: limit}, err
	case id.Reservation:
		rows, err := f.Queries.FindReservations(ctx, f.Within(ctx), &db.FindReservationsParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.UsageEvent:
		from := id.CreatedAt(parsed)
		rows, err := f.Queries.FindUsageEvents(ctx, f.Within(ctx), &db.FindUsageEventsParams{
			IDs: ids, OrganizationID: own, RecordedFrom: from, RecordedTo: from.Add(time.Millisecond),
		})
		return nodeOf(rows, err)
	case id.Alert:
		rows, err := f.Queries.FindAlerts(ctx, f.Within(ctx), &db.FindAlertsParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	case id.AuditEntry:
		rows, err := f.Queries.FindAuditEntries(ctx, f.Within(ctx), &db.FindAuditEntriesParams{IDs: ids, OrganizationID: own})
		return nodeOf(rows, err)
	}
	return nil, NotFound("id", "thing")
}

// nodeOf returns the only row of a look-up as a node.
func nodeOf[T any, N interface {
	*T
	model.Node
}](rows []*T, err error) (model.Node, error) {
	row, err := Found(rows, err, "id", "thing")
	if err != nil {
		return nil, err
	}
	return N(row), nil
}
