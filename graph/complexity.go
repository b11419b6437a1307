package graph

import (
	"bursar/db"
	"bursar/graph/exec"
	"bursar/graph/model"
)

const (
	// nestedRows is what a list without a page counts as: subjects have a few limits and recipients.
	nestedRows = 4
	// reportRows is what a usage report counts as beside its fields: two fit into an operation.
	reportRows = 12_000
)

// complexity says how many values a field stands for.
func complexity() exec.ComplexityRoot {
	var c exec.ComplexityRoot
	paged := func(child int, first *int) int { return 1 + child*max(1, min(pageSize(first), maxPage)) }
	list := func(child int) int { return 1 + child*nestedRows }
	c.Query.APIKeys = func(child int, _ *model.APIKeyFilter, first *int, _ *string) int { return paged(child, first) }
	c.Query.Alerts = func(child int, _ *model.AlertFilter, first *int, _ *string) int { return paged(child, first) }
	c.Query.AuditLog = func(child int, _ *model.AuditFilter, first *int, _ *string) int { return paged(child, first) }
	c.Query.Organizations = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Query.Usage = func(child int, _ model.UsageFilter, _ db.UsageInterval, _ []db.UsageDimension) int {
		return child + reportRows
	}
	c.Organization.Workspaces = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Organization.Members = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Organization.AccessTokens = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.BudgetLimit.Periods = func(child int, first *int, _ *string) int { return paged(child, first) }
	c.Organization.BudgetLimits, c.Organization.RateLimits, c.Organization.Recipients = list, list, list
	c.Workspace.BudgetLimits, c.Workspace.RateLimits, c.Workspace.Recipients = list, list, list
	c.ApiKey.BudgetLimits, c.ApiKey.RateLimits, c.ApiKey.Recipients = list, list, list
	c.Alert.Deliveries, c.Alert.ResetDeliveries = list, list
	return c
}
