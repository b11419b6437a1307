package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/id"
)

const (
	// organizationsTimeout is how long a job may run that goes through organizations. What it has not come to by then the
	// next run does.
	organizationsTimeout = 5 * time.Minute
	// maxReportedFailures is how many failures a job's error names: in an outage every organization has the same.
	maxReportedFailures = 10
)

// eachOrganization does something for each organization, whatever becomes of the others, and returns all that failed, each
// with its organization; one that is moved meanwhile is none. It goes on to no further one once ctx has ended, which is an error as well.
func eachOrganization(ctx context.Context, organizationIDs []uuid.UUID, do func(ctx context.Context, organizationID uuid.UUID) error) error {
	var failures []error
	unreported := 0
	for _, organizationID := range organizationIDs {
		if err := ctx.Err(); err != nil {
			failures = append(failures, fmt.Errorf("not all organizations were reached: %w", err))
			break
		}
		switch err := do(ctx, organizationID); {
		case err == nil, db.MovedOrganizations(err) != nil: // its jobs wait until it is here again
		case len(failures) < maxReportedFailures:
			failures = append(failures, fmt.Errorf("organization %s: %w", id.Organization.Format(organizationID), err))
		default:
			unreported++
		}
	}
	if unreported > 0 {
		failures = append(failures, fmt.Errorf("%d more organizations failed", unreported))
	}
	return errors.Join(failures...)
}
