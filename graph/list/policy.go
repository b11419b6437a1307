package list

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/selection"
	"bursar/graph/validate"
)

// groupPosition is where a group of a policy stands in the list of the largest first.
type groupPosition struct {
	share decimal.Decimal
	id    uuid.UUID
}

// cursorOfGroup returns the cursor of a group.
func cursorOfGroup(g *db.ListedGroup) string {
	return page.Encode([]byte(g.Share.String() + " " + g.ID.String()))
}

// groupOfCursor returns the position that cursorOfGroup has made a cursor of; false for any other text.
func groupOfCursor(cursor string) (at groupPosition, ok bool) {
	position, ok := page.Decode(cursor)
	share, external, both := strings.Cut(string(position), " ")
	if !ok || !both || len(share) > 64 {
		return at, false
	}
	var shareErr, idErr error
	at.share, shareErr = decimal.NewFromString(share)
	at.id, idErr = uuid.Parse(external)
	if shareErr != nil || idErr != nil {
		return at, false
	}
	return at, cursorOfGroup(&db.ListedGroup{Share: at.share, ID: at.id}) == cursor
}

// PolicyGroups returns a page of the groups of a policy of which a value has a text (nil: of all), the largest first.
func (l *Lists) PolicyGroups(ctx context.Context, policy *db.Policy, search *string, part page.Arguments) (*model.PolicyGroupConnection, error) {
	p, err := page.Cut(part, groupOfCursor)
	if err := validate.Together(err, validate.GroupSearch(search)); err != nil {
		return nil, err
	}
	params := &db.ListPolicyGroupsParams{OrganizationID: policy.OrganizationID, PolicyID: policy.ID, Number: p.Number, Search: search}
	if p.After != nil {
		params.AfterShare, params.AfterID = &p.After.share, &p.After.id
	}
	rows, err := l.Queries.ListPolicyGroups(ctx, l.Within(ctx), params)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.PolicyGroupConnection{TotalCount: int(policy.GroupCount)}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), p, cursorOfGroup,
		func(cursor string, node *db.ListedGroup) *model.PolicyGroupEdge {
			return &model.PolicyGroupEdge{Cursor: cursor, Node: node}
		})
	if search != nil {
		connection.TotalCount, err = page.Total(ctx, func() (int64, error) {
			return l.Queries.CountPolicyGroups(ctx, l.Within(ctx),
				&db.CountPolicyGroupsParams{OrganizationID: policy.OrganizationID, PolicyID: policy.ID, Search: *search})
		})
	}
	return connection, err
}

// maxPolicyRaises is how many raises of a policy's budget are listed.
const maxPolicyRaises = 100

// RaisesOfPolicy returns the raises of a policy's budget that are in force. Those of the other budgets of its batch are read with them.
func (l *Lists) RaisesOfPolicy(ctx context.Context, budget *db.PolicyBudgetLimit) ([]*db.PolicyRaise, error) {
	raises, err := loader.Load(ctx, budget.LimitStatus, "raises of policies", func(budgets []*db.LimitStatus) (map[uuid.UUID][]*db.PolicyRaise, error) {
		organizationIDs, ids := budgetIDs(budgets)
		rows, err := l.Queries.ListPolicyRaises(ctx, l.Within(ctx),
			&db.ListPolicyRaisesParams{OrganizationIDs: organizationIDs, BudgetLimitIDs: ids, Number: maxPolicyRaises})
		of := map[uuid.UUID][]*db.PolicyRaise{}
		for _, row := range rows {
			of[row.BudgetLimitID] = append(of[row.BudgetLimitID], &db.PolicyRaise{BudgetRaise: row})
		}
		return of, err
	})
	if err != nil {
		return nil, err
	}
	return raises[budget.ID], loader.CountList(ctx, len(raises[budget.ID]), len(selection.Of(ctx)))
}
