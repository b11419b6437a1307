package db_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/db/session"
)

// hostileSettings are values that a database or a login may have of every setting that Bursar pins, each other than Bursar's.
func hostileSettings() map[string]string {
	return map[string]string{
		"client_encoding": "LATIN1", "transform_null_equals": "on", "array_nulls": "off", "row_security": "off",
		"datestyle": "SQL, DMY", "intervalstyle": "sql_standard", "timezone": "America/New_York", "timezone_abbreviations": "Australia",
		"bytea_output": "escape", "extra_float_digits": "-15", "standard_conforming_strings": "off", "quote_all_identifiers": "on",
		"check_function_bodies": "off", "plpgsql.extra_errors": "all", "default_transaction_isolation": "serializable",
		"default_transaction_deferrable": "on", "exit_on_error": "on", "client_min_messages": "error", "jit": "on",
		"search_path": "elsewhere", "statement_timeout": "1ms", "lock_timeout": "1ms", "idle_in_transaction_session_timeout": "1ms",
		"idle_session_timeout": "1ms",
		"bursar.organization":  "11111111-1111-7111-8111-111111111111", "bursar.access_token_hash": "ff", "bursar.email": "a@b.test",
		"bursar.actor": "nobody", "bursar.action": "nothing", "bursar.request_id": "none", "bursar.reason": "none",
		"bursar.invitations": "on", "bursar.member_id": "11111111-1111-7111-8111-111111111111", "bursar.token_id": "11111111-1111-7111-8111-111111111111",
		"bursar.throttled_at": "2100-01-01 00:00:00+00",
	}
}

// hostile returns the URL of a database in which ALTER DATABASE has set a value of each of the settings.
func hostile(t *testing.T, settings map[string]string) string {
	t.Helper()
	url := server.NewURL(t)
	connection, err := pgx.Connect(t.Context(), url)
	must(t, 0, err)
	defer func() { _ = connection.Close(context.WithoutCancel(t.Context())) }()
	for name, value := range settings {
		_, err := connection.Exec(t.Context(), fmt.Sprintf(`do $$ begin execute format('alter database %%I set %s = %%L', current_database(), '%s'); end $$`, name, value))
		must(t, 0, err)
	}
	return url
}

// Every setting that the functions or statements rely on is Bursar's own on each connection, the owner's and the server's, whatever
// the database has been given.
func TestSettingsArePinned(t *testing.T) {
	t.Parallel()
	url := hostile(t, hostileSettings())
	plain, err := pgx.Connect(t.Context(), url)
	must(t, 0, err)
	defer func() { _ = plain.Close(context.WithoutCancel(t.Context())) }()
	for role, pool := range map[string]*pgxpool.Pool{"the owner": server.Pool(t, url), "the server": server.ServerPool(t, server.Pool(t, url))} {
		ours := server.New(t)
		for name, value := range hostileSettings() {
			show := func(on interface {
				QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
			}) (shown string) {
				must(t, 0, on.QueryRow(t.Context(), `select coalesce(current_setting($1, true), '')`, name).Scan(&shown))
				return shown
			}
			if got, want := show(pool), show(ours); got != want || got == value {
				t.Errorf("%s of %s is %q, and %q in another database", name, role, got, want)
			}
		}
	}
	if encoding := plain.PgConn().ParameterStatus("client_encoding"); encoding != "LATIN1" {
		t.Errorf("another program has client_encoding %s: the test has set nothing", encoding)
	}
}

// Answers, stored text and the audit log are the same in a database in which every setting is another one.
func TestSettingsOfTheDatabaseChangeNoAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	url := hostile(t, hostileSettings())
	want, got := answersIn(t, server.Pool(t, server.NewURL(t))), answersIn(t, server.Pool(t, url))
	for what, answer := range want {
		if got[what] != answer {
			t.Errorf("%s:\n%s\nand in another database\n%s", what, got[what], answer)
		}
	}
	if len(want) < 20 || !strings.Contains(want["the ledger"], `g\\\\pt \\\"ü`) {
		t.Errorf("%d answers were compared, and the ledger has %s", len(want), want["the ledger"])
	}
}

// what differs from run to run
var varies = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|20\d\d-\d\d-\d\dT[0-9:.]+(?:\+00:00|Z)?|acme-[0-9a-f]+|production-[0-9a-f]+|bsr_\w+|"version_transaction_id": ?\d+`)

// answersIn returns what a tenant of a database is answered, without ids and the present time.
func answersIn(t *testing.T, pool *pgxpool.Pool) map[string]string {
	t.Helper()
	ctx, answers := context.Background(), map[string]string{}
	note := func(what string, answer any) {
		text, err := json.Marshal(answer)
		answers[what] = varies.ReplaceAllString(string(must(t, text, err)), "…")
	}
	confined := db.NewTenantDB(server.ServerPool(t, pool))
	var organization *db.Organization
	err := confined.InTx(ctx, nil, db.Actor{Name: "root", Action: "createOrganization", Reason: `a \ in 'quotes'`}, func(tx pgx.Tx) (err error) {
		organization, err = db.New().CreateOrganization(ctx, tx, &db.CreateOrganizationParams{Name: "Ünïted \\ \"Acme\"", Slug: "united", Plan: db.PlanENTERPRISE})
		return err
	})
	must(t, 0, err)
	note("an organization", organization)
	for who, id := range map[string]*uuid.UUID{"nobody": new(uuid.New()), "its own": &organization.ID, "the operator": nil} {
		found, err := db.New().FindOrganizations(ctx, confined.For(id), &db.FindOrganizationsParams{IDs: []uuid.UUID{organization.ID}})
		note("organizations that "+who+" sees", len(must(t, found, err)))
	}
	var unnamed int
	must(t, 0, server.ServerPool(t, pool).QueryRow(ctx, `select count(*) from organizations`).Scan(&unnamed))
	note("organizations without one", unnamed)

	g := newGatewayIn(t, pool)
	g.now = time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	budget := g.budget(onKey, db.LimitTypeCOST, db.LimitPeriodMONTHLY, 10*dollar)
	g.rate(onWorkspace, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 4)
	held := g.reserve(estimateCost(4 * dollar).named(strings.Repeat("ü", 200)))
	note("a reservation", held)
	note("a replay", g.reserve(estimateCost(4*dollar).named(strings.Repeat("ü", 200))))
	note("a report", g.record(reportCost(5*dollar).settling(held.Reservation.ID).named("report \\").from("openai", `g\pt "ü"`)))
	note("a report again", g.record(reportCost(5*dollar).settling(held.Reservation.ID).named("report \\").from("openai", `g\pt "ü"`)))
	note("a denial", g.reserve(estimateCost(6*dollar)))
	note("a check", g.check(estimateTokens(1)))
	g.raise(budget, 20*dollar)
	next := g.after(time.Hour)
	note("the next month's", next.record(reportTokens(7).counting(2)))
	note("a rate's end", next.reserve(estimateRequests(9)))
	note("closed", next.closePeriods())
	note("rolled up", g.rollUp())
	buckets, err := db.New().ListUsage(ctx, pool, &db.ListUsageParams{OrganizationID: g.Organization.ID, FromTime: g.now.Add(-48 * time.Hour),
		ToTime: g.now.Add(48 * time.Hour), BucketInterval: db.UsageIntervalHOUR, Dimensions: []string{"MODEL", "PROVIDER"}, Share: new(float32(0.5))})
	note("usage", must(t, buckets, err))
	note("the ledger", rowsOf[struct{ Row string }](g, `select to_jsonb(e)::text from usage_events e order by e.position`))
	note("the audit log", rowsOf[struct{ Row string }](g, `select jsonb_build_array(a.action, a.actor, a.before, a.after, a.reason, a.request_id)::text
		from audit_log a order by a.id`))
	differences, err := db.New().FindLedgerDifferences(ctx, pool, g.Organization.ID)
	note("differences", must(t, differences, err))
	g.exec(`update usage_days set requests = 99 where organization_id = $1 and bucket_start < '2027-01-01Z'`, g.Organization.ID)
	differences, err = db.New().FindLedgerDifferences(ctx, pool, g.Organization.ID)
	note("differences of a day", must(t, differences, err))
	g.now = time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	note("dropped", g.drop(1))
	return answers
}

// What nobody but a superuser sets, and what cannot be taken back by others, is refused: with triggers off, nothing is audited and the
// ledger can be changed.
func TestSettingsThatCannotBePinnedAreRefused(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"session_replication_role": "replica", "plpgsql.variable_conflict": "use_column"} {
		err := server.Pool(t, hostile(t, map[string]string{name: value})).Ping(t.Context())
		if unfit, is := errors.AsType[*session.UnfitError](err); !is || !strings.Contains(unfit.Error(), name) {
			t.Errorf("%s = %s: %v, want it to be refused", name, value, err)
		}
	}
}

// DATABASE_URL may name another schema and other timeouts, and no other value of what is pinned.
func TestTheURLNamesSchemaAndTimeouts(t *testing.T) {
	t.Parallel()
	const more = "search_path=pg_catalog,public&lock_timeout=3000&Row_Security=off&options=-c%20statement_timeout%3D4000%20-c%20bytea_output%3Descape"
	url := server.NewURL(t)
	pool := server.Pool(t, url+map[bool]string{true: "&", false: "?"}[strings.Contains(url, "?")]+more)
	for name, want := range map[string]string{
		"search_path": "pg_catalog,public", "lock_timeout": "3s", "row_security": "on", "statement_timeout": "4s", "bytea_output": "hex", "idle_session_timeout": "0",
	} {
		var got string
		must(t, 0, pool.QueryRow(t.Context(), `select current_setting($1)`, name).Scan(&got))
		equal(t, name, got, want)
	}
}

// A database that is not in UTF-8 is refused with what to do; a server's errors about it are UNAVAILABLE until then.
func TestEncodingsOtherThanUTF8AreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "calls functions of PostgreSQL")
	pool := server.New(t)
	for _, encoding := range []string{"SQL_ASCII", "LATIN1"} {
		name := "bursar_encoded_" + strings.ToLower(encoding) + strings.ReplaceAll(uuid.NewString(), "-", "")
		_, err := pool.Exec(t.Context(), fmt.Sprintf("create database %s template template0 encoding '%s' locale 'C'", name, encoding))
		must(t, 0, err)
		t.Cleanup(func() {
			_, err := pool.Exec(context.WithoutCancel(t.Context()), "drop database "+name+" with (force)")
			must(t, 0, err)
		})
		config := pool.Config()
		config.ConnConfig.Database = name
		other, err := pgxpool.NewWithConfig(t.Context(), config)
		must(t, 0, err)
		err = other.Ping(t.Context())
		other.Close()
		if unfit, is := errors.AsType[*session.UnfitError](err); !is || !strings.Contains(unfit.Error(), encoding) || !strings.Contains(unfit.Error(), "encoding 'UTF8'") {
			t.Errorf("%s: %v, want it to be refused", encoding, err)
		}
		equal(t, "it took no effect", db.TookNoEffect(err), true)
	}
}

// leftAlone are settings of the kinds that may change what a statement means, and why Bursar leaves each as it finds it.
func leftAlone() map[string]string {
	const resources, operators, unused = "speed and resources alone", "an operator sets it on purpose", "nothing here uses it"
	return map[string]string{
		"role": operators, "default_transaction_read_only": operators + ": such a server decides nothing", "default_tablespace": operators,
		"temp_tablespaces": operators, "default_table_access_method": operators, "default_toast_compression": resources,
		"vacuum_freeze_min_age": resources, "vacuum_freeze_table_age": resources, "vacuum_multixact_freeze_min_age": resources,
		"vacuum_multixact_freeze_table_age": resources, "vacuum_failsafe_age": resources, "vacuum_multixact_failsafe_age": resources,
		"gin_fuzzy_search_limit": unused, "gin_pending_list_limit": resources, "tcp_keepalives_count": resources, "tcp_keepalives_idle": resources,
		"tcp_keepalives_interval": resources, "tcp_user_timeout": resources,
		"transaction_isolation": "of one transaction", "transaction_read_only": "of one transaction", "transaction_deferrable": "of one transaction",
		"session_replication_role": "a superuser's: refused", "createrole_self_grant": "an upgrade grants its roles itself",
		"lc_messages": "SQLSTATEs and names are matched, not messages", "lc_monetary": unused, "lc_numeric": unused, "lc_time": unused,
		"default_text_search_config": unused, "xmlbinary": unused, "xmloption": unused, "local_preload_libraries": operators,
		"session_preload_libraries": operators, "dynamic_library_path": operators, "icu_validation_level": unused,
		"backslash_quote": "for quotes that nothing here writes", "escape_string_warning": "a warning", "lo_compat_privileges": unused,
		"synchronize_seqscans": "the order of rows that nothing relies on", "jit_provider": resources,
		"restrict_nonsystem_relation_kind": unused,
		// of later versions
		"transaction_timeout": "17: set to 0 when a connection is looked at", "event_triggers": "17: a superuser's, for repairs",
		"extension_control_path": "18: " + operators,
	}
}

// Each setting of PostgreSQL of a kind that may change what a statement means is pinned, or left alone for a reason.
func TestSettingsAreKnown(t *testing.T) {
	t.Parallel()
	rows, err := server.New(t).Query(t.Context(), `
		select lower(name) from pg_settings
		where context in ('user', 'superuser') and (category ~ '^(Client Connection Defaults|Version and Platform Compatibility|Error Handling)')`)
	must(t, 0, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, 0, err)
	if len(names) < 40 {
		t.Fatalf("there are only %v", names)
	}
	pinned := hostileSettings()
	for _, name := range names {
		if _, is := pinned[name]; !is && leftAlone()[name] == "" {
			t.Errorf("%s is neither pinned nor left alone for a reason", name)
		}
	}
}
