package lookup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/id"
)

// maxNodes is how many ids nodes accepts.
const maxNodes = 100

// Node returns the object with an id, of whichever type. Answers NOT_FOUND for another organization's, and FORBIDDEN when the caller may
// not see it.
func (f *Finder) Node(ctx context.Context, external string) (model.Node, error) {
	nodes, errs, err := f.visibleNodes(ctx, []string{external}, func(int) string { return "id" })
	if err != nil {
		return nil, err
	}
	return nodes[0], errs[0]
}

// Nodes returns the objects with ids, each in the place of its id. Where Node would answer an error, it is nil, and the error is added to those of
// the operation, with its place in the path.
func (f *Finder) Nodes(ctx context.Context, externals []string) ([]model.Node, error) {
	if len(externals) > maxNodes {
		return nil, fault.BadInput("ids", "at most %d, has %d", maxNodes, len(externals))
	}
	nodes, errs, err := f.visibleNodes(ctx, externals, func(i int) string { return fmt.Sprintf("ids.%d", i) })
	for i, err := range errs {
		if err != nil {
			graphql.AddError(graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &i}), err)
		}
	}
	return nodes, err
}

// visibleNodes returns for each id the object that has it, or why the caller does not see it. field names an id in errors.
func (f *Finder) visibleNodes(ctx context.Context, externals []string, field func(i int) string) ([]model.Node, []error, error) {
	found, err := f.existing(ctx, externals)
	if err != nil {
		return nil, nil, err
	}
	hidden, err := f.hidden(ctx, found)
	if err != nil {
		return nil, nil, err
	}
	nodes, errs := make([]model.Node, len(externals)), make([]error, len(externals))
	for i, external := range externals {
		prefix, _, ok := id.Parse(external)
		switch {
		case !ok:
			errs[i] = fault.BadInput(field(i), "is no id")
		case found[external] == nil:
			errs[i] = NotFound(field(i), nameOf(prefix))
		case hidden[external]:
			errs[i] = caller.NotOwn(field(i))
		default:
			nodes[i] = found[external]
		}
	}
	return nodes, errs, nil
}

// nameOf returns what errors call an object of a type.
func nameOf(prefix id.Prefix) string {
	switch prefix {
	case id.Organization:
		return "organization"
	case id.APIKey:
		return "API key"
	case id.BudgetLimit, id.RateLimit:
		return "limit"
	}
	return "thing"
}

// existing returns the objects of the caller's organization that have one of these ids, by id, with one statement for each type. A text that is
// no id names nothing.
func (f *Finder) existing(ctx context.Context, externals []string) (map[string]model.Node, error) {
	byType := map[id.Prefix][]uuid.UUID{}
	for _, external := range externals {
		prefix, parsed, ok := id.Parse(external)
		if prefix == id.RateLimit {
			prefix = id.BudgetLimit // both are limits
		}
		if ok && !slices.Contains(byType[prefix], parsed) {
			byType[prefix] = append(byType[prefix], parsed)
		}
	}
	found := map[string]model.Node{}
	for prefix, ids := range byType {
		if err := f.add(ctx, found, prefix, ids); err != nil {
			return nil, db.Fault(err)
		}
	}
	return found, nil
}

// add adds the objects of a type that have one of these ids.
func (f *Finder) add(ctx context.Context, found map[string]model.Node, prefix id.Prefix, ids []uuid.UUID) error {
	on, own := f.Within(ctx), caller.Organization(ctx)
	switch prefix {
	case id.Organization:
		rows, err := f.Queries.FindOrganizations(ctx, on, &db.FindOrganizationsParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Workspace:
		rows, err := f.Queries.FindWorkspaces(ctx, on, &db.FindWorkspacesParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Member:
		rows, err := f.Queries.FindPeople(ctx, on, &db.FindPeopleParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.AccessToken:
		rows, err := f.Queries.FindAccessTokens(ctx, on, &db.FindAccessTokensParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.APIKey:
		rows, err := f.Queries.FindAPIKeys(ctx, on, &db.FindAPIKeysParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.BudgetLimit, id.RateLimit:
		rows, err := f.Queries.FindLimits(ctx, on, &db.FindLimitsParams{IDs: ids, OrganizationID: own})
		addLimits(found, loader.Loaded(ctx, rows))
		if err != nil || len(rows) == len(ids) {
			return err
		}
		ofPolicies, err := f.Queries.FindPolicyLimits(ctx, on, &db.FindPolicyLimitsParams{IDs: ids, OrganizationID: own})
		addPolicyLimits(found, ofPolicies)
		return err
	case id.Reservation:
		rows, err := f.Queries.FindReservations(ctx, on, &db.FindReservationsParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Lease:
		rows, err := f.Queries.FindReservations(ctx, on, &db.FindReservationsParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, db.LeasesOf(rows, time.Now()), err)
	case id.UsageEvent:
		rows, err := f.usageEvents(ctx, ids)
		return addRows(ctx, found, rows, err)
	case id.Alert:
		rows, err := f.Queries.FindAlerts(ctx, on, &db.FindAlertsParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Price:
		rows, err := f.Queries.FindPrices(ctx, on, &db.FindPricesParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Repricing:
		rows, err := f.Queries.FindRepricings(ctx, on, &db.FindRepricingsParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Simulation:
		rows, err := f.Queries.FindSimulations(ctx, on, &db.FindSimulationsParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.RaiseRequest:
		rows, err := f.Queries.FindRaiseRequests(ctx, on, &db.FindRaiseRequestsParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Webhook:
		rows, err := f.Queries.FindWebhooks(ctx, on, &db.FindWebhooksParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.WebhookDelivery:
		rows, err := f.Queries.FindWebhookDeliveries(ctx, on, &db.FindWebhookDeliveriesParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.Policy:
		rows, err := f.Queries.FindPolicies(ctx, on, &db.FindPoliciesParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	case id.AuditEntry:
		rows, err := f.Queries.FindAuditEntries(ctx, on, &db.FindAuditEntriesParams{IDs: ids, OrganizationID: own})
		return addRows(ctx, found, rows, err)
	}
	return nil
}

// addRows adds what one statement has found.
func addRows[T any, N interface {
	*T
	model.Node
	ExternalID() string
}](ctx context.Context, found map[string]model.Node, rows []*T, err error) error {
	for _, row := range loader.Loaded(ctx, rows) {
		found[N(row).ExternalID()] = N(row)
	}
	return err
}

func addLimits(found map[string]model.Node, limits []*db.LimitStatus) {
	for _, limit := range limits {
		if limit.Kind == db.LimitKindBUDGET {
			found[limit.ExternalID()] = &db.BudgetLimit{LimitStatus: limit}
		} else {
			found[limit.ExternalID()] = &db.RateLimit{LimitStatus: limit}
		}
	}
}

func addPolicyLimits(found map[string]model.Node, limits []*db.LimitStatus) {
	for _, limit := range limits {
		if limit.Kind == db.LimitKindBUDGET {
			found[limit.ExternalID()] = &db.PolicyBudgetLimit{LimitStatus: limit}
		} else {
			found[limit.ExternalID()] = &db.PolicyRateLimit{RateLimit: db.RateLimit{LimitStatus: limit}}
		}
	}
}

// bounds returns when the first and the last of these ids were made, to the millisecond.
func bounds(ids []uuid.UUID) (first, last time.Time) {
	for i, one := range ids {
		at := id.CreatedAt(one)
		if i == 0 || at.Before(first) {
			first = at
		}
		if i == 0 || at.After(last) {
			last = at
		}
	}
	return first, last
}
