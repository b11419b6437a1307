package apply

import (
	"context"
	"fmt"
	"slices"
	"time"

	"bursar/apiclient"
)

const (
	budgetFields = `id type amount periodicReset alertThresholds resetDays resetAnchor timeZone weekStartsOn dayOfMonth enabled mode`
	rateFields   = `id type limit interval enabled mode`
	limitFields  = `budgetLimits { ` + budgetFields + ` alertThresholdPercents } rateLimits { ` + rateFields + ` } recipients { email source }`
	pageInfo     = `pageInfo { hasNextPage endCursor }`

	viewerQuery = `query Viewer { viewer { role organization { id slug } } }`
	// a page of a hundred keys with their limits counts about 16,000 of the 25,000 that an operation may
	organizationsQuery = `query Organizations($after: String) { page: organizations(first: 100, after: $after) { nodes { id slug } ` + pageInfo + ` } }`
	organizationQuery  = `query Organization($id: ID!) { node(id: $id) { ... on Organization {
  id slug name plan governanceEnabled recipientDomains unpricedPolicy version ` + limitFields + ` } } }`
	workspacesQuery = `query Workspaces($id: ID!, $after: String) { node(id: $id) { ... on Organization {
  page: workspaces(first: 100, after: $after) { nodes { id slug name version ` + limitFields + ` } ` + pageInfo + ` } } } }`
	membersQuery = `query Members($id: ID!, $after: String) { node(id: $id) { ... on Organization {
  page: members(first: 100, after: $after) { nodes { id email name role } ` + pageInfo + ` } } } }`
	keysQuery = `query ApiKeys($id: ID!, $after: String) {
  page: apiKeys(filter: {organizationId: $id, statuses: [ACTIVE, DISABLED, EXHAUSTED, EXPIRED]}, orderBy: {field: CREATED_AT}, first: 100, after: $after) { nodes {
    id name prefix description expiresAt lastUsedAt enabled emailNotifications metadata version owner { ... on Organization { id } ... on Workspace { id } } ` + limitFields + ` } ` + pageInfo + ` } }`
	policiesQuery = `query Policies($id: ID!) { node(id: $id) { ... on Organization { policies { ` + policyFields + ` } } } }`
	policyFields  = `id name mode groupBy maxGroups version owner { ... on Organization { id } ... on Workspace { id } } conditions { attribute in notIn }
  budgetLimits { ` + budgetFields + ` } rateLimits { ` + rateFields + ` }`
	pricesQuery = `query Prices($id: ID!, $after: String) { page: prices(filter: {organizationId: $id}, first: 100, after: $after) { nodes {
  id provider model effectiveFrom effectiveTo source maxOutputTokens rates { unit perMillion aboveInputTokens serviceTier } } ` + pageInfo + ` } }`
)

// page is a page of a list.
type page[N any] struct {
	Nodes    []N
	PageInfo struct {
		HasNextPage bool
		EndCursor   *string
	}
}

// listed is where pages stand in an answer: at the root, or below a node.
type listed[N any] struct {
	Page *page[N]
	Node *struct{ Page *page[N] }
}

// all reads all pages of a list.
func all[N any](ctx context.Context, api *apiclient.Client, query, id string) ([]N, error) {
	var nodes []N
	var after *string
	for {
		var answer listed[N]
		if err := api.Do(ctx, query, map[string]any{"id": id, "after": after}, &answer); err != nil {
			return nil, err
		}
		p := answer.Page
		if p == nil && answer.Node != nil {
			p = answer.Node.Page
		}
		if p == nil {
			return nil, &apiclient.Error{Code: apiclient.NotFound, Message: "there is no organization " + id}
		}
		nodes = append(nodes, p.Nodes...)
		if !p.PageInfo.HasNextPage || p.PageInfo.EndCursor == nil {
			return nodes, nil
		}
		after = p.PageInfo.EndCursor
	}
}

// viewer is who the token is.
type viewer struct {
	Role         string
	Organization *struct{ ID, Slug string }
}

func readViewer(ctx context.Context, api *apiclient.Client) (*viewer, error) {
	var answer struct{ Viewer *viewer }
	if err := api.Do(ctx, viewerQuery, nil, &answer); err != nil {
		return nil, err
	}
	if answer.Viewer == nil {
		return nil, &apiclient.Error{Code: apiclient.Malformed, Message: "nobody knows whose token it is"}
	}
	return answer.Viewer, nil
}

// find returns the id of the organization with a slug; empty: there is none.
func (v *viewer) find(ctx context.Context, api *apiclient.Client, slug string) (string, error) {
	if v.Organization != nil {
		if v.Organization.Slug != slug && v.Organization.ID != slug {
			return "", &apiclient.Error{Code: apiclient.NotFound, Message: fmt.Sprintf("the token is of the organization %s, and not of %s", v.Organization.Slug, slug)}
		}
		return v.Organization.ID, nil
	}
	organizations, err := all[struct{ ID, Slug string }](ctx, api, organizationsQuery, "")
	if err != nil {
		return "", err
	}
	for _, o := range organizations {
		if o.Slug == slug || o.ID == slug {
			return o.ID, nil
		}
	}
	return "", nil
}

// wanted says which lists are read.
type wanted struct{ members, policies, prices bool }

// readOrganization reads an organization with what is wanted of it.
func readOrganization(ctx context.Context, api *apiclient.Client, id string, want wanted) (*liveOrganization, error) {
	var answer struct{ Node *liveOrganization }
	err := api.Do(ctx, organizationQuery, map[string]any{"id": id}, &answer)
	if err != nil {
		return nil, err
	}
	o := answer.Node
	if o == nil {
		return nil, &apiclient.Error{Code: apiclient.NotFound, Message: "there is no organization " + id}
	}
	if o.workspaces, err = all[*liveWorkspace](ctx, api, workspacesQuery, id); err != nil {
		return nil, err
	}
	if o.keys, err = all[*liveKey](ctx, api, keysQuery, id); err != nil {
		return nil, err
	}
	if want.members {
		if o.members, err = all[*liveMember](ctx, api, membersQuery, id); err != nil {
			return nil, err
		}
	}
	if want.policies {
		var found struct {
			Node struct{ Policies []*livePolicy }
		}
		if err := api.Do(ctx, policiesQuery, map[string]any{"id": id}, &found); err != nil {
			return nil, err
		}
		o.policies = found.Node.Policies
	}
	if want.prices {
		if o.prices, err = all[*livePrice](ctx, api, pricesQuery, id); err != nil {
			return nil, err
		}
		now := time.Now()
		o.prices = slices.DeleteFunc(o.prices, func(p *livePrice) bool { return p.EffectiveTo != nil && !p.EffectiveTo.After(now) })
	}
	return o, nil
}
