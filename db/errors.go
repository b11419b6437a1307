package db

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db/confirmed"
	"bursar/db/session"
	"bursar/fault"
)

const (
	sqlStateNoGovernance = "UB001" // raised by require_governance
	sqlStateNotAnOwner   = "UB002" // raised by guard_owners
	sqlStateReportTooBig = "UB003" // raised by bound_buckets
	sqlStateOverQuota    = "UB004" // raised by require_quota
	sqlStateMoved        = "UB005" // raised by refuse_moved
)

// Fault returns what a database error means to a client: a fault whose cause is the error. It matches SQLSTATE and
// constraint names, never messages. Nil for nil; a fault is returned unchanged; any other error is INTERNAL.
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
		return fault.ErrNotFound.Because(err)
	case errors.As(err, &server):
		return serverFault(server).Because(err)
	case isUnfit(err):
		return fault.ErrUnavailable.Because(err)
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, context.Canceled), pgconn.Timeout(err), pgconn.SafeToRetry(err):
		return fault.ErrUnavailable.Because(err)
	case errors.Is(err, net.ErrClosed), isConnectionLost(err), errors.Is(err, confirmed.ErrUnconfirmed):
		return fault.ErrUnavailable.Because(err)
	}
	return fault.ErrInternal.Because(err)
}

// serverFault returns the fault that an error of the server means.
func serverFault(err *pgconn.PgError) *fault.Fault {
	switch {
	case err.Code == sqlStateNoGovernance:
		return fault.ErrNoGovernance
	case err.Code == sqlStateNotAnOwner:
		return fault.ErrNotAnOwner
	case err.Code == sqlStateReportTooBig:
		return fault.ErrReportTooLarge
	case err.Code == sqlStateOverQuota:
		return quotaFault(err)
	case err.Code == sqlStateMoved:
		return fault.ErrMoved
	case pgerrcode.IsConnectionException(err.Code), pgerrcode.IsInsufficientResources(err.Code),
		pgerrcode.IsOperatorIntervention(err.Code), pgerrcode.IsTransactionRollback(err.Code),
		pgerrcode.IsSystemError(err.Code), err.Code == pgerrcode.ReadOnlySQLTransaction,
		err.Code == pgerrcode.LockNotAvailable, isOutdatedPlan(err), isReplaced(err):
		return fault.ErrUnavailable
	case err.ConstraintName != "":
		return fault.OfConstraint(err.ConstraintName)
	}
	return fault.ErrInternal
}

// quotaFault returns the fault for an error of require_quota, whose detail names the quota.
func quotaFault(err *pgconn.PgError) *fault.Fault {
	var exceeded struct {
		Quota   string
		Maximum int64
	}
	if json.Unmarshal([]byte(err.Detail), &exceeded) != nil {
		return fault.ErrInternal
	}
	return fault.Quota(exceeded.Quota, exceeded.Maximum)
}

// isOutdatedPlan tells whether a migration has changed the type of a column since the statement was prepared. Nothing has run, and
// pgx prepares the statement again the next time. PostgreSQL has no SQLSTATE for it; the error names the C function that raises it.
func isOutdatedPlan(err *pgconn.PgError) bool {
	return err.Code == pgerrcode.FeatureNotSupported && err.Routine == "RevalidateCachedQuery"
}

// isReplaced tells whether a function that the statement calls, or what it passes or returns, is being replaced or dropped by an
// upgrade: the statement sees some of the old and some of the new. Nothing has run, and the next attempt sees the new alone. The two
// messages are of PostgreSQL's code XX000, for what it does not expect, and are never translated.
func isReplaced(err *pgconn.PgError) bool {
	switch err.Code {
	case pgerrcode.UndefinedFunction, pgerrcode.AmbiguousFunction, pgerrcode.InvalidFunctionDefinition, pgerrcode.DatatypeMismatch:
		return true
	case pgerrcode.InternalError:
		return strings.HasPrefix(err.Message, "cache lookup failed for ") || strings.HasPrefix(err.Message, "tuple concurrently ")
	}
	return false
}

// TookNoEffect tells whether an error means that the statement has changed nothing: a deadlock, a serialization failure, or a
// statement that was not sent. It is false when that is not known, as after a lost connection.
func TookNoEffect(err error) bool {
	if server, ok := errors.AsType[*pgconn.PgError](err); ok {
		return !pgerrcode.IsConnectionException(server.Code) && !pgerrcode.IsOperatorIntervention(server.Code)
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return connecting || isUnfit(err) || pgconn.SafeToRetry(err)
}

// MovedOrganizations returns the organizations because of which a statement was refused, as a whole and without any effect: this database
// does not decide for them (see refuse_moved). Nil for any other error.
func MovedOrganizations(err error) []uuid.UUID {
	server, ok := errors.AsType[*pgconn.PgError](err)
	if !ok || server.Code != sqlStateMoved {
		return nil
	}
	moved := []uuid.UUID{}
	_ = json.Unmarshal([]byte(server.Detail), &moved) // without their ids it is still that error
	return moved
}

// isUnfit tells whether an error is a [session.UnfitError].
func isUnfit(err error) bool {
	_, unfit := errors.AsType[*session.UnfitError](err)
	return unfit
}
