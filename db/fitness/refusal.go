package fitness

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
	"bursar/db/session"
	"bursar/sql"
)

// Refusal returns an error with advice if the database, or a pooler before it, will refuse the program until somebody changes
// something, so that trying again is in vain; else nil.
func Refusal(err error) error {
	if unfit, ok := errors.AsType[*session.UnfitError](err); ok {
		return unfit
	}
	server, answered := errors.AsType[*pgconn.PgError](err)
	if !answered {
		return nil
	}
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	ours := strings.Contains(server.Message, db.ServerRole) || strings.Contains(server.Message, db.OperatorRole)
	switch {
	case connecting && server.Code == pgerrcode.ProtocolViolation && isPoolersRefusal(server.Message):
		return fmt.Errorf("a pooler such as PgBouncer refuses the connection (%s): name PostgreSQL itself in DATABASE_URL; Bursar sends "+
			"settings and its role when it connects, and needs sessions of its own", server.Message)
	case server.Code == pgerrcode.DuplicatePreparedStatement, server.Code == pgerrcode.InvalidSQLStatementName:
		return fmt.Errorf("%w (%s)", sql.ErrPooled, server.Message) // what one client prepared another one finds, or does not
	case ours && (server.Code == pgerrcode.InvalidParameterValue || server.Code == pgerrcode.UndefinedObject):
		return fmt.Errorf("the server acts as the role %s, which bursar migrate up makes; run bursar migrate up: %s", db.ServerRole, server.Message)
	case ours && connecting && server.Code == pgerrcode.InsufficientPrivilege:
		return fmt.Errorf("the server acts as the role %s: have an administrator grant %s, its member, to the login in DATABASE_URL: %s",
			db.ServerRole, db.OperatorRole, server.Message)
	}
	return nil
}

// isPoolersRefusal tells the refusals of PgBouncer that last from those that pass, as when it cannot reach PostgreSQL: they have one
// SQLSTATE.
func isPoolersRefusal(message string) bool {
	for _, lasting := range []string{"unsupported startup parameter", "no such database", "no such user", "auth failed", "authentication failed"} {
		if strings.Contains(message, lasting) {
			return true
		}
	}
	return false
}
