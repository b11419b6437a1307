package worker

import (
	"context"
	"fmt"

	"bursar/db"
)

// forgetGroups deletes groups of policies that were at zero for a whole period, organization by organization.
func (c *cleaner) forgetGroups(ctx context.Context) error {
	queries := db.New()
	organizations, err := queries.ListOrganizationsWithGroups(ctx, c.pool)
	if err != nil {
		return fmt.Errorf("forget groups of policies: %w", err)
	}
	var total int64
	for _, organization := range organizations {
		params := &db.ForgetGroupsParams{OrganizationID: organization, Number: min(c.chunk, groupChunk)}
		for {
			looked, err := queries.ForgetGroups(ctx, c.pool, params)
			if db.MovedOrganizations(err) != nil {
				break // it is no more to be changed here
			}
			if err != nil {
				return fmt.Errorf("forget groups of policies, after %d: %w", total, err)
			}
			total += looked.Forgotten
			if looked.AfterID == nil {
				break
			}
			params.After = looked.AfterID
		}
	}
	if total > 0 {
		c.logger.InfoContext(ctx, "forgot groups of policies that were not used", "rows", total)
	}
	return nil
}
