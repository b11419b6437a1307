package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"bursar/db/dbtest"
	"bursar/db/fitness"
)

// onEncoding returns the URL of an empty database in an encoding.
func onEncoding(t *testing.T, encoding string) string {
	t.Helper()
	databaseURL := database.NewURL(t)
	pool, name := database.Pool(t, databaseURL), "bursar_encoded_"+strings.ReplaceAll(uuid.NewString(), "-", "")
	execute(t, pool, fmt.Sprintf("create database %s template template0 encoding '%s' locale 'C'", name, encoding))
	t.Cleanup(func() {
		if _, err := pool.Exec(context.WithoutCancel(t.Context()), "drop database "+name+" with (force)"); err != nil {
			t.Error(err)
		}
	})
	parsed, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	parsed.Path = "/" + name
	return parsed.String()
}

// Guarantee: a database that is not in UTF-8 is refused in one line by every command, with what to do, and nothing is made in it.
func TestEncodingsAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	for _, encoding := range []string{"SQL_ASCII", "LATIN1"} {
		databaseURL := onEncoding(t, encoding)
		environment := variables{"DATABASE_URL": databaseURL, "BURSAR_ADDR": "127.0.0.1:0", "RESEND_API_KEY": "re_test", "BURSAR_LOG_LEVEL": "error"}
		for command, code := range map[string]int{
			"migrate up": exitFailed, "migrate status": exitFailed, "serve": exitFailed, "work": exitFailed, "verify": exitUnknown,
			"dev --data-dir " + t.TempDir(): exitFailed,
		} {
			wantOneLine(t, start(t, environment, strings.Fields(command)...), code, encoding, "create database … encoding 'UTF8' template template0")
		}
	}
}

// Guarantee: a database that was restored into a cluster without the servers' roles, and so without policies and grants, is told as
// such by migrate status, refused by serve, and made whole by migrate up.
func TestRestoredDatabasesAreMadeWhole(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	cluster := dbtest.Alone(t)
	databaseURL := cluster.NewURL(t)
	pool := cluster.Pool(t, databaseURL)
	environment := variables{"DATABASE_URL": databaseURL, "BURSAR_ADDR": "127.0.0.1:0", "BURSAR_ALLOW_SUPERUSER": "true"}
	complete := start(t, environment, "migrate", "status")
	complete.finish()
	wantContains(t, "the status of a complete database", complete.stdout.String(), "roles       complete")

	// the dump has neither, since a dump of one database has no roles and its policies and grants name them
	execute(t, pool, `drop owned by bursar_operator, bursar_server, bursar_authenticator`)
	status := start(t, environment, "migrate", "status")
	if code := status.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	wantContains(t, "the status without grants", status.stdout.String(), "functions   current", "roles       incomplete", "of its policies", "grants", "run bursar migrate up")
	wantOneLine(t, start(t, environment, "serve"), exitFailed, "run bursar migrate up")

	execute(t, pool, `grant select on all tables in schema public to bursar_server`)
	wantOneLine(t, start(t, environment, "serve"), exitFailed, "of its policies", "run bursar migrate up")
	cluster.DropRoles(t)
	status = start(t, environment, "migrate", "status")
	status.finish()
	wantContains(t, "the status without roles", status.stdout.String(), "the roles bursar_", "run bursar migrate up")
	wantOneLine(t, start(t, environment, "serve"), exitFailed, "bursar_server", "run bursar migrate up")

	if code := start(t, environment, "migrate", "up").finish(); code != exitDone {
		t.Fatalf("migrate up exits with %d", code)
	}
	_, served := startServe(t, databaseURL, variables{"BURSAR_ROOT_TOKEN": rootTokenOfTests})
	wantStatus(t, "/readyz", get(t, served+"/readyz"), http.StatusOK)
	wantContains(t, "the operator's answer", graphQL(t, served, rootTokenOfTests, "{ organizations(first: 1) { totalCount } }"), `"totalCount":0`)
}

// Guarantee: what a pooler such as PgBouncer refuses for good ends every command with one line that says what to do, and is not waited
// for as if the database could not be reached; what passes, as while the pooler cannot reach PostgreSQL, is.
func TestPoolersRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	for _, message := range []string{"unsupported startup parameter: bytea_output", "no such database: bursar", "no such user: bursar"} {
		environment := variables{"DATABASE_URL": refusing(t, message), "BURSAR_ADDR": "127.0.0.1:0", "RESEND_API_KEY": "re_test", "BURSAR_LOG_LEVEL": "error"}
		for command, code := range map[string]int{"migrate up": exitFailed, "serve": exitFailed, "work": exitFailed, "verify": exitUnknown} {
			wantOneLine(t, start(t, environment, strings.Fields(command)...), code, message, "name PostgreSQL itself in DATABASE_URL")
		}
	}
	for _, code := range []string{"42P05", "26000"} { // what other clients of a pooler in transaction mode have prepared
		if err := fitness.Refusal(&pgconn.PgError{Code: code}); err == nil || !strings.Contains(err.Error(), "pool_mode = session") {
			t.Errorf("%s: %v", code, err)
		}
	}
	_, served := startServe(t, refusing(t, "server login has been failing, try again later"), nil)
	wantStatus(t, "/readyz", get(t, served+"/readyz"), http.StatusServiceUnavailable)
}

// refusing returns the URL of a pooler that refuses every connection, as PgBouncer does: with SQLSTATE 08P01, whatever the reason.
func refusing(t *testing.T, message string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			backend := pgproto3.NewBackend(client, client)
			if _, err := backend.ReceiveStartupMessage(); err == nil {
				backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", SeverityUnlocalized: "FATAL", Code: "08P01", Message: message})
				_ = backend.Flush() // the client may have gone
			}
			_ = client.Close()
		}
	}()
	return "postgres://bursar:secret@" + listener.Addr().String() + "/bursar?sslmode=disable"
}
