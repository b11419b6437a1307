package db

import (
	"context"
	"errors"
	"net"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/fault"
)

const (
	sqlStateNoGovernance = "UB001" // raised by require_governance
	sqlStateNotAnOwner   = "UB002" // raised by guard_owners
	sqlStateReportTooBig = "UB003" // raised by bound_buckets
)

// constraints says what a violated constraint means to a client. Constraints that are missing here guard against our own
// mistakes, so that a violation is INTERNAL.
var constraints = map[string]*fault.Fault{
	"organizations_slug_key":         {Code: fault.Conflict, Field: "slug", Message: "slug: another organization has this slug"},
	"workspaces_slug_key":            {Code: fault.Conflict, Field: "slug", Message: "slug: another workspace of the organization has this name or slug"},
	"members_email_key":              {Code: fault.Conflict, Field: "email", Message: "email: this address is a member already"},
	"limits_subject_type_period_key": {Code: fault.Conflict, Field: "type", Message: "type: the subject has a limit of this type and period already; change that one instead"},
	"access_tokens_member_id_fkey":   {Code: fault.NotFound, Field: "memberId", Message: "memberId: the organization has no such member"},
	"api_keys_created_by_id_fkey":    {Code: fault.NotFound, Field: "createdById", Message: "createdById: the organization has no such member"},
	"api_keys_disabled_by_administrator_check": {
		Code: fault.Forbidden, Field: "enabled", Message: "enabled: an OWNER or ADMIN switched the API key off, and only they switch it on again"},
	"api_keys_expires_at_most_check": {
		Code: fault.Forbidden, Field: "expiresAt", Message: "expiresAt: an OWNER or ADMIN set when the API key expires, and only they extend it"},
	"members_last_owner_check":        {Code: fault.Conflict, Field: "id", Message: "id: this is the organization's last OWNER; make somebody else an OWNER first"},
	"access_tokens_owner_check":       {Code: fault.BadUserInput, Field: "memberId", Message: "memberId: must be given for an OWNER token, which is as much as its member is"},
	"access_tokens_expires_at_check":  {Code: fault.BadUserInput, Field: "expiresAt", Message: "expiresAt: must be in the future"},
	"organizations_slug_check":        {Code: fault.BadUserInput, Field: "slug", Message: "slug: 1 to 63 lower-case letters, digits and hyphens, no hyphen first or last"},
	"workspaces_slug_check":           {Code: fault.BadUserInput, Field: "slug", Message: "slug: 1 to 63 lower-case letters, digits and hyphens, no hyphen first or last"},
	"limits_max_units_check":          {Code: fault.BadUserInput, Field: "amount", Message: "amount: must be above 0"},
	"limits_cost_minimum_check":       {Code: fault.BadUserInput, Field: "amount", Message: "amount: a COST budget is at least 1 dollar"},
	"limits_alert_units_check":        {Code: fault.BadUserInput, Field: "alertThresholds", Message: "alertThresholds: each must be above 0 and below the amount"},
	"workspaces_organization_id_fkey": {Code: fault.NotFound, Field: "organizationId", Message: "organizationId: no such organization"},
	"members_organization_id_fkey":    {Code: fault.NotFound, Field: "organizationId", Message: "organizationId: no such organization"},
	"access_tokens_organization_id_fkey": {
		Code: fault.NotFound, Field: "organizationId", Message: "organizationId: no such organization"},
}

// Fault returns what a database error means to a client: a fault whose cause is the error. It matches SQLSTATE and
// constraint names, never messages. Nil for nil; a fault is returned as it is; what it does not know is INTERNAL.
func Fault(err error) error {
	var known *fault.Fault
	var server *pgconn.PgError
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return fault.New(fault.NotFound, "no such thing").Because(err)
	case errors.As(err, &server):
		return serverFault(server).Because(err)
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, context.Canceled), pgconn.Timeout(err), pgconn.SafeToRetry(err):
		return unavailable.Because(err)
	case errors.Is(err, net.ErrClosed), isConnectionLost(err):
		return unavailable.Because(err)
	}
	return fault.New(fault.Internal, "internal error").Because(err)
}

var unavailable = fault.New(fault.Unavailable,
	"the database cannot be reached or timed out; nothing was granted, try again with the same requestId")

func serverFault(err *pgconn.PgError) *fault.Fault {
	switch {
	case err.Code == sqlStateNoGovernance:
		return fault.New(fault.FeatureNotAvailable, "the organization's plan does not include governance")
	case err.Code == sqlStateNotAnOwner:
		return fault.New(fault.Forbidden, "only an OWNER makes, changes or removes an OWNER, or makes an OWNER token")
	case err.Code == sqlStateReportTooBig:
		return fault.New(fault.QueryTooComplex, "the report has too many buckets; choose a longer interval, a shorter time, "+
			"a narrower subject or fewer dimensions")
	case pgerrcode.IsConnectionException(err.Code), pgerrcode.IsInsufficientResources(err.Code),
		pgerrcode.IsOperatorIntervention(err.Code), pgerrcode.IsTransactionRollback(err.Code),
		pgerrcode.IsSystemError(err.Code),
		err.Code == pgerrcode.LockNotAvailable, isOutdatedPlan(err):
		return unavailable
	case err.ConstraintName != "":
		if meaning, known := constraints[err.ConstraintName]; known {
			return meaning
		}
	}
	return fault.New(fault.Internal, "internal error")
}

// isOutdatedPlan tells that a migration has changed the type of a column since the statement was prepared. Nothing has run, and
// pgx prepares it anew the next time. PostgreSQL has no code of its own for it, but names the function that raises it.
func isOutdatedPlan(err *pgconn.PgError) bool {
	return err.Code == pgerrcode.FeatureNotSupported && err.Routine == "RevalidateCachedQuery"
}

// TookNoEffect tells an error after which nothing of a statement can have happened, a deadlock, a serialization failure or a
// statement that was never sent, from one that leaves it open, such as a connection that broke.
func TookNoEffect(err error) bool {
	if server, ok := errors.AsType[*pgconn.PgError](err); ok {
		return !pgerrcode.IsConnectionException(server.Code) && !pgerrcode.IsOperatorIntervention(server.Code)
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return connecting || pgconn.SafeToRetry(err)
}
