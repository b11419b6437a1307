package db_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgconn"

	"bursar/db"
)

// A server's connections act as bursar_server, whoever logs in (here a superuser): from the first statement on, and after
// RESET ROLE.
func TestServerActsAsItsRole(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	equal(t, "the login is a superuser", query[bool](g, `select rolsuper from pg_roles where rolname = session_user`), true)
	connection, err := server.ServerPool(t, g.Pool).Acquire(ctx)
	must(t, 0, err)
	defer connection.Release()
	for _, before := range []string{`select 1`, `reset role`, `reset all`} {
		_, err := connection.Exec(ctx, before)
		must(t, 0, err)
		var user string
		must(t, 0, connection.QueryRow(ctx, `select current_user`).Scan(&user))
		equal(t, "role after "+before, user, db.ServerRole)
	}
}

// The servers' roles own nothing, can become no other role, and cannot bypass row-level security.
func TestServerRolesOwnNothing(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	memberships := query[[]string](g, `select array_agg(member::regrole || ' in ' || roleid::regrole order by roleid::regrole::text) from pg_auth_members
		where member in ($1::text::regrole, $2::text::regrole, $3::text::regrole)`, db.ServerRole, db.AuthenticatorRole, db.OperatorRole)
	equal(t, "memberships", strings.Join(memberships, ", "), "bursar_operator in bursar_authenticator, bursar_operator in bursar_server")
	for _, role := range []string{db.ServerRole, db.AuthenticatorRole, db.OperatorRole} {
		g.ownsNothing(role)
	}
}

func (g *gateway) ownsNothing(role string) {
	g.T.Helper()
	t := g.T
	equal(t, role+"'s attributes", query[bool](g, `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin or rolreplication
		from pg_roles where rolname = $1`, role), false)
	equal(t, "things that "+role+" owns", query[int](g, `select
		(select count(*) from pg_class where relowner = r.oid) + (select count(*) from pg_proc where proowner = r.oid)
		+ (select count(*) from pg_namespace where nspowner = r.oid) + (select count(*) from pg_database where datdba = r.oid)
		+ (select count(*) from pg_type where typowner = r.oid)
		from pg_roles r where r.rolname = $1`, role), 0)
}

// What the server must not do is refused by the database, whatever the server's code says.
func TestServerIsRefused(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g.book(reportTokens(1))
	confined := server.ServerPool(t, g.Pool)
	partition := query[string](g, `select tableoid::regclass::text from usage_events limit 1`)
	for _, statement := range []string{
		`update audit_log set actor = 'nobody'`, `delete from audit_log`, `truncate audit_log`,
		`update usage_events set cost_nanos = 0`, `delete from usage_events`, `truncate usage_events`,
		`insert into usage_events default values`, `select from ` + partition,
		`update reservations set tokens = 0`, `delete from reservations`, `update usage_days set requests = 0`,
		`select secret_hash from api_key_secrets`, `select * from api_key_secrets`, `update api_key_secrets set secret_hash = ''`,
		`update access_tokens set role = 'ADMIN'`, `update access_tokens set token_hash = ''`, `delete from access_tokens`,
		`update api_keys set organization_id = organization_id`, `delete from api_keys`, `delete from organizations`,
		`update counters set used_units = 0`, `update counters set reserved_units = 0`, `update counters set exhaustion_alerted = true`,
		`update budget_periods set alerted_units = '{}'`, `insert into budget_periods default values`, `insert into alerts default values`,
		`insert into alert_deliveries default values`, `insert into audit_log default values`, `delete from alerts`,
		`select token_hash from access_tokens`, `select * from access_tokens`, `select from access_tokens where token_hash = ''`,
		`select roll_counters(null, null, now())`, `select raise_alerts(null, null, null, null, now())`, `select audit_actor(null)`,
		`update counters set max_units = 1`, `delete from counters`, `insert into counters default values`, `truncate counters`,
		`update limits set generation = generation + 1`, `insert into limits default values`, `delete from limits`,
		`truncate members`, `delete from jobs`, `update schema_release set fingerprint = ''`, `select from schema_objects`, `select from outbox_mails`, `select from mails`,
		`alter table members disable row level security`, `drop table members`, `create table mine ()`,
		`create function public.mine() returns integer language sql security definer as 'select 1'`,
		`select roll_up_usage(null, 1)`, `select drop_usage_partition(1)`, `select sweep_reservations(null, 1)`, `select close_periods(null, 1)`,
		`select rebuild_rollups(null)`,
	} {
		for _, on := range []db.DBTX{db.NewTenantDB(confined).For(&g.Organization.ID), db.NewTenantDB(confined).For(nil)} {
			_, err := on.Exec(ctx, statement)
			if refusal, refused := errors.AsType[*pgconn.PgError](err); !refused || refusal.Code != pgerrcode.InsufficientPrivilege {
				t.Errorf("%s: %v, want it to be refused", statement, err)
			}
		}
	}
}

// Nothing runs as the owner but the seven functions of enforcement, the one that counts what they deny, the one that says whether the database decides for an
// organization, the two that place organizations in cells, and the rest of the control plane, which may be called by the server alone, two that authenticate, which may be called by the authenticator alone, and nine triggers,
// which may be called by nobody. They look for tables where they belong, and belong to whom the tables belong to.
func TestNothingElseIsSecurityDefiner(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	definers := query[[]string](g, `select array_agg(p.proname order by p.proname) from pg_proc p
		where p.prosecdef and p.pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`)
	equal(t, "definers", strings.Join(definers, " "), "check_usage claim_organization count_api_keys count_change_of_subject count_denials create_limit create_policy decide_raise_request delete_limit delete_policy delete_workspace end_holds end_price end_webhook_deliveries extend_reservations "+
		"find_access_token import_prices keep_counters keep_former_member lease_usage list_api_keys list_deliveries mark_ended_holds note_organization_cell presented_member raise_budget record_usage release_api_key_holds "+
		"release_reservations rename_exhausted request_raise require_here resend_alert resend_webhook_delivery reserve_usage reset_budget return_leases rotate_webhook_secret set_estimate_policy set_group_amount set_limits set_price set_price_multiplier settle_claim simulate_limits test_webhook update_budget_limit update_policy update_rate_limit write_audit_log write_price_audit_log")
	type function struct {
		Name       string
		SearchPath *string
		SameOwner  bool
		Callers    []string
	}
	for _, f := range rowsOf[function](g, `
		select p.proname, (select substr(c, 13) from unnest(p.proconfig) c where c like 'search_path=%'),
			p.proowner = (select relowner from pg_class where oid = 'limits'::regclass),
			(select array_agg(case a.grantee when 0 then 'public' else a.grantee::regrole::text end order by a.grantee)
				from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee <> p.proowner)
		from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace`) {
		equal(t, f.Name+"'s search path", text(f.SearchPath), "public, pg_temp")
		equal(t, f.Name+" belongs to the tables' owner", f.SameOwner, true)
		callers := db.ServerRole
		switch f.Name {
		case "count_change_of_subject", "keep_counters", "keep_former_member", "end_webhook_deliveries", "mark_ended_holds", "note_organization_cell", "rename_exhausted", "write_audit_log", "write_price_audit_log": // of triggers
			callers = ""
		case "find_access_token", "presented_member":
			callers = db.AuthenticatorRole
		}
		equal(t, f.Name+"'s callers", strings.Join(f.Callers, " "), callers)
	}
}

// The planner's settings stand on what Go calls, and hold for the steps that it calls: a step with settings of its own would pay
// for them with each call. Of lists and reports some steps have them: each of their calls reads a page or a report.
func TestSettingsStandOnEntryPoints(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	set := query[[]string](g, `select array_agg(p.proname order by p.proname) from pg_proc p
		where p.pronamespace = current_schema()::regnamespace and exists (
			select from unnest(p.proconfig) c where c like any (array['plan_cache_mode=%', 'enable_seqscan=%', 'enable_bitmapscan=%']))`)
	equal(t, "functions", strings.Join(set, " "), "burn_downs check_usage count_usage_events end_holds expired_units extend_reservations import_api_keys import_limits import_openings import_prices lease_usage "+
		"list_changes projected_exhaustions record_usage release_api_key_holds release_reservations reservations_of reserve_usage return_leases summed_days "+
		"sweep_reservations units_of_keys usage_events_between usage_report usage_series usage_sums write_audit_log write_price_audit_log")
}

// A temporary table of a session does not stand in for a table of ours in a function that runs as the owner.
func TestDefinersAreNotDeceived(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	session, err := server.ServerPool(t, g.Pool).Acquire(ctx)
	must(t, 0, err)
	defer session.Release()
	_, err = session.Exec(ctx, `create temporary table api_keys as select * from api_keys; create temporary table limits as select * from limits;
		create temporary table counters as select * from counters;
		set search_path = pg_temp, public`)
	must(t, 0, err)
	answers, err := g.checkOn(session, nil, estimateTokens(1))
	equal(t, "allowed", must(t, answers, err)[0].Allowed, true)
}

// What a request of an organization's can reach is held to its rows, or is where the schema stands, or which cell this is: nothing else is granted to
// the role, no view looks past the policies, and the jobs, whose arguments and errors may be anybody's, are the operator's.
func TestServerReachesOnlyWhatIsConfined(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	reachable := func(role string) string {
		names := query[[]string](g, `select coalesce(array_agg(c.relname::text order by c.relname), '{}') from pg_class c
			where c.relnamespace = 'public'::regnamespace and not (c.relkind in ('r', 'p') and c.relrowsecurity)
			and not (c.relkind = 'v' and 'security_invoker=true' = any (coalesce(c.reloptions, '{}'))) and case c.relkind
				when 'S' then has_sequence_privilege($1::text, c.oid, 'usage, select, update')
				when 'r' then has_table_privilege($1::text, c.oid, 'select, insert, update, delete, truncate, references, trigger')
					or has_any_column_privilege($1::text, c.oid, 'select, insert, update, references')
				when 'i' then false when 'I' then false when 'c' then false
				else has_table_privilege($1::text, c.oid, 'select, insert, update, delete, truncate, references, trigger') end`, role)
		return strings.Join(names, " ")
	}
	equal(t, "a server reaches unconfined", reachable(db.ServerRole), "cell_identity goose_db_version river_migration schema_release")
	equal(t, "an authenticator reaches unconfined", reachable(db.AuthenticatorRole), "")
	confined := db.NewTenantDB(server.ServerPool(t, g.Pool))
	for _, statement := range []string{
		`select from river_job`, `delete from river_job`, `select from river_queue`, `select from river_leader`, `select from jobs`,
		`insert into river_notification (topic, payload) values ('x', 'x')`, `select nextval('river_job_id_seq')`,
	} {
		_, err := confined.For(&g.Organization.ID).Exec(ctx, statement)
		equal(t, statement+" is refused", isRefused(err), true)
		_, err = confined.For(nil).Exec(ctx, statement)
		must(t, 0, err)
	}
}
