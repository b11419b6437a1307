// Package session says what Bursar's connections to PostgreSQL have in common: their settings, whether one is fit, and to which of several
// hosts they go.
package session

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// UnfitError is a database or a login that Bursar cannot work with until somebody changes it: waiting does not help. Its text says
// what to do.
type UnfitError struct{ Reason string }

// Error implements [error].
func (e *UnfitError) Error() string { return e.Reason }

// pinnedSettings are the settings of PostgreSQL on which the meaning of statements and functions depends, with the values that they
// have on every connection. They are sent at startup, where they take precedence over ALTER DATABASE and ALTER ROLE, and so RESET sets
// them, too. Left alone are settings of speed and resources, of logging, and those that an operator makes on purpose: role,
// synchronous_commit, default_transaction_read_only, tablespaces.
func pinnedSettings() map[string]string {
	return map[string]string{
		// what is stored and how it is compared
		"client_encoding":       "UTF8", // pgx sends UTF-8, whatever the server expects
		"transform_null_equals": "off",  // "x = null" would be true for null
		"array_nulls":           "on",
		"row_security":          "on", // off: an error for whoever has policies
		// the spelling of values that become text, in JSON of the audit log and of answers
		"datestyle":              "ISO, MDY",
		"intervalstyle":          "postgres",
		"timezone":               "UTC",
		"timezone_abbreviations": "Default",
		"bytea_output":           "hex",
		"extra_float_digits":     "1",
		// how the text of statements and functions is read
		"standard_conforming_strings": "on",  // off: a backslash in a pattern is an escape
		"quote_all_identifiers":       "off", // an upgrade compares names as PostgreSQL spells them
		"check_function_bodies":       "on",
		"plpgsql.extra_errors":        "none",
		// transactions and errors
		"default_transaction_isolation":  "read committed", // functions read rows again after their locks: each statement needs a snapshot of its own
		"default_transaction_deferrable": "off",
		"exit_on_error":                  "off",    // on: an error that a function handles ends the session
		"client_min_messages":            "notice", // warnings are read
		// With statistics of many reservations, the planner's cost of a statement on four rows exceeds jit_above_cost. PostgreSQL
		// would compile it with every call: 20 to 300 ms for a statement of 1 ms.
		"jit": "off",
		// what the functions are told for a transaction, and nothing without being told
		"bursar.organization":      "",
		"bursar.access_token_hash": "",
		"bursar.email":             "",
		"bursar.invitations":       "",
		"bursar.actor":             "",
		"bursar.member_id":         "",
		"bursar.token_id":          "",
		"bursar.action":            "",
		"bursar.request_id":        "",
		"bursar.reason":            "",
		"bursar.throttled_at":      "",
	}
}

// defaultSettings are like pinnedSettings, but DATABASE_URL may name other values (?search_path=bursar). Timeouts are off because each
// call has a deadline of its own, and migrations and jobs may take long.
func defaultSettings() map[string]string {
	return map[string]string{
		"search_path":                         "public",
		"statement_timeout":                   "0",
		"lock_timeout":                        "0",
		"idle_in_transaction_session_timeout": "0",
		"idle_session_timeout":                "0",
	}
}

// Set sets Bursar's settings in the parameters that a connection is started with.
func Set(parameters map[string]string) {
	wanted := pinnedSettings()
	for name, value := range defaultSettings() {
		if _, named := parameters[name]; !named && !strings.Contains(parameters["options"], name) { // -c name=value
			wanted[name] = value
		}
	}
	maps.DeleteFunc(parameters, func(name, _ string) bool { // PostgreSQL's names have no case
		_, own := wanted[strings.ToLower(name)]
		return own
	})
	maps.Copy(parameters, wanted)
}

// Wanted is who a connection is to act as.
type Wanted struct {
	Role           string // at first; "": the login
	Operator       string // the role that the login must be a member of, if there is a Role
	AllowSuperuser bool   // whether the login may be a superuser or bypass row-level security
	Cell           Cell   // that the database must be; nil: home, or none
}

// Fit is an [UnfitError] unless the connection is to a database in UTF-8, has the settings and acts as the role. Some poolers
// drop what a connection is started with. A superuser, or a login that bypasses row-level security, acts as a role only where that is
// allowed: who can send SQL could leave the role. A superuser's settings for everybody, session_replication_role and
// plpgsql.variable_conflict, others cannot take back: they are refused. So is a database that is another cell than the one that is wanted. All that
// is asked in one statement; Fit returns what the database's identity is.
func Fit(ctx context.Context, connection *pgx.Conn, as Wanted) (found Identity, err error) {
	if encoding := connection.PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
		return found, &UnfitError{fmt.Sprintf("the database is encoded in %s, and Bursar needs UTF8: make one with "+
			`"create database … encoding 'UTF8' template template0"`, encoding)}
	}
	wanted := pinnedSettings()
	wanted["session_replication_role"], wanted["plpgsql.variable_conflict"] = "origin", "error"
	if path, named := connection.Config().RuntimeParams["search_path"]; named {
		wanted["search_path"] = path
	}
	operator := as.Operator
	if as.Role == "" {
		operator = "" // it may not exist yet
	}
	state, err := look(ctx, connection, wanted, operator)
	if err != nil {
		return found, fmt.Errorf("look at the connection's settings: %w", err)
	}
	if found, err = identityOf(state.identity); err != nil {
		return found, fmt.Errorf("read the database's identity: %w", err)
	}
	if err := state.fit(as); err != nil {
		return found, err
	}
	if as.Cell != nil {
		return found, as.Cell.Check(found)
	}
	return found, checkAlone(found)
}

// state is what a connection is like.
type state struct {
	actual, login      string
	unconfined, member bool
	different          []string // settings
	identity           []string
}

// look asks for the state, in one statement where the schema is current.
func look(ctx context.Context, connection *pgx.Conn, wanted map[string]string, operator string) (s state, err error) {
	const statement = `
		select current_user::text, session_user::text,
			(select r.rolsuper or r.rolbypassrls from pg_roles r where r.rolname = session_user), $3 = '' or pg_has_role(session_user, nullif($3, ''), 'MEMBER'),
			array(
				select s.name from unnest($1::text[], $2::text[]) s (name, value)
				where coalesce(current_setting(s.name, true), s.value) <> s.value
					and not (s.name = 'search_path' and s.value = array_to_string(current_schemas(false), ','))),
			-- it is new in PostgreSQL 17
			(select set_config(s.name, '0', false) from pg_settings s where s.name = 'transaction_timeout' and s.setting <> '0'),
			`
	names := slices.Sorted(maps.Keys(wanted))
	values := make([]string, len(names))
	for i, name := range names {
		values[i] = wanted[name]
	}
	for _, identity := range []string{"(select array[i.name, i.installation::text, i.incarnation::text, i.moves::text] from cell_identity i)", "null::text[]"} {
		err = connection.QueryRow(ctx, statement+identity, pgx.QueryExecModeExec, // poolers do not like named statements
			names, values, operator).Scan(&s.actual, &s.login, &s.unconfined, &s.member, &s.different, new(*string), &s.identity)
		if !isUnreadable(err) {
			break
		}
	}
	return s, err
}

// fit says what is wrong with a state.
func (s state) fit(as Wanted) error {
	switch {
	case !s.member:
		return &UnfitError{fmt.Sprintf("the login is no member of %s: have an administrator grant it", as.Operator)}
	case as.Role != "" && s.unconfined && !as.AllowSuperuser:
		return &UnfitError{fmt.Sprintf("the login %s is a superuser or bypasses row-level security: give servers a login that is a member of %s "+
			"and nothing else, or allow it with BURSAR_ALLOW_SUPERUSER=true", s.login, as.Operator)}
	case as.Role != "" && s.actual != as.Role:
		return &UnfitError{fmt.Sprintf("the connection acts as %s and not as %s: connect without the pooler that dropped the startup parameter role",
			s.actual, as.Role)}
	case len(s.different) > 0:
		slices.Sort(s.different)
		return &UnfitError{fmt.Sprintf("the connection does not have Bursar's values of %s: reset what was set for the database or the login, "+
			"and connect without a pooler that drops startup parameters", strings.Join(s.different, ", "))}
	}
	return nil
}
