package control

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// namedList is whom a budget of an input names for its alerts.
type namedList struct {
	field string // the path of the list in the input
	named []*model.AlertRecipientsInput
}

// namedByForm returns whom the budgets of a form name.
func namedByForm(budgets []*model.BudgetLimitChange) []namedList {
	lists := make([]namedList, len(budgets))
	for i, budget := range budgets { // null among them is refused
		lists[i] = namedList{fmt.Sprintf("budgetLimits.%d.alertRecipients", i), budget.AlertRecipients}
	}
	return lists
}

// nameRecipients allows budgets to name addresses for their alerts, as addRecipients does for a subject: each address that the present
// budgets do not name must be of a domain that the organization allows; one that is suppressed is written to again, and may not be named by a MEMBER.
func (c *Changes) nameRecipients(ctx context.Context, tx pgx.Tx, organizationID uuid.UUID, present []*db.LimitStatus, lists ...namedList) error {
	var emails, paths []string
	for _, list := range lists {
		for i, one := range list.named {
			for j, email := range one.Emails {
				if !isNamed(present, email) {
					emails, paths = append(emails, email), append(paths, fmt.Sprintf("%s.%d.emails.%d", list.field, i, j))
				}
			}
		}
	}
	if len(emails) == 0 {
		return nil
	}
	mayLift := caller.OwnKeysOnly(ctx) == nil
	if err := c.refuseBarred(ctx, tx, organizationID, emails, mayLift, func(index int32) string { return paths[index] }); err != nil || !mayLift {
		return err
	}
	return c.Queries.LiftSuppressions(ctx, tx, &db.LiftSuppressionsParams{OrganizationID: organizationID, Emails: emails})
}

func isNamed(present []*db.LimitStatus, email string) bool {
	return slices.ContainsFunc(present, func(limit *db.LimitStatus) bool {
		return slices.ContainsFunc(limit.AlertRecipients, func(r *db.AlertRecipients) bool { return r.Names(email) })
	})
}

// namesAny tells whether budgets of a form say who hears of their alerts.
func namesAny(budgets []*model.BudgetLimitChange) bool {
	return slices.ContainsFunc(budgets, func(budget *model.BudgetLimitChange) bool { return len(budget.AlertRecipients) > 0 })
}

// nameOfForm is nameRecipients for the budgets of a form, whose subject has limits already. Its organization is locked.
func (c *Changes) nameOfForm(ctx context.Context, tx pgx.Tx, subject db.SubjectID, budgets []*model.BudgetLimitChange) error {
	if !namesAny(budgets) {
		return nil
	}
	present, err := c.Queries.ListLimits(ctx, tx, &db.ListLimitsParams{
		OrganizationIDs: []uuid.UUID{subject.OrganizationID}, SubjectIDs: []uuid.UUID{subject.ID}})
	if err != nil {
		return err
	}
	return c.nameRecipients(ctx, tx, subject.OrganizationID, present, namedByForm(budgets)...)
}

// namedByNew returns whom the budgets of a new API key name.
func namedByNew(budgets []*model.BudgetLimitInput) []namedList {
	return namedByForm(changesOf(budgets, validate.NewBudget))
}
