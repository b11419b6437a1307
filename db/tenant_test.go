package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/db"
)

// tenantTable is a table with rows of organizations, and what a server may do with it.
type tenantTable struct {
	Name, Key                      string
	Selects, Inserts, Update, Dels bool
	Updatable                      *string // a column that may be updated
	Secured                        bool
}

// tenantTables returns every table whose rows belong to organizations, from the catalog: a new one is among them. Those of
// which functions only borrow the shape never have a row.
func (g *gateway) tenantTables() []*tenantTable {
	g.T.Helper()
	return rowsOf[tenantTable](g, `
		select c.relname, a.attname, has_any_column_privilege($1::text, c.oid, 'select'), has_any_column_privilege($1::text, c.oid, 'insert'),
			has_any_column_privilege($1::text, c.oid, 'update'), has_table_privilege($1::text, c.oid, 'delete'),
			(select u.attname from pg_attribute u where u.attrelid = c.oid and u.attnum > 0 and u.attgenerated = ''
				and has_column_privilege($1::text, c.oid, u.attnum, 'update') order by u.attnum desc limit 1), c.relrowsecurity
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
			and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and not exists (select from pg_constraint s where s.conrelid = c.oid and s.conname like '%_shape_check')
		order by c.relname`, db.ServerRole)
}

// fill makes rows of the tenant in every table that a server may read.
func (g *gateway) fill() {
	g.T.Helper()
	budget := g.budget(onKey, db.LimitTypeTOKENS, db.LimitPeriodWEEKLY, 100, 10)
	g.rate(onKey, db.LimitTypeREQUESTS, db.LimitPeriodDAY, 100)
	g.admit(estimateTokens(1).named("reservation"))
	g.book(reportTokens(50).named("event"))
	g.rollUp()
	g.book(reportTokens(1))
	g.after(14 * 24 * time.Hour).book(reportTokens(50))
	g.reset(budget)
	g.exec(`insert into recipients (organization_id, api_key_id, email) values ($1, $2, 'added@acme.test')`, g.Organization.ID, g.Key.ID)
	g.exec(`insert into suppressed_addresses (organization_id, address, reason) values ($1, 'x@acme.test', 'BOUNCED')`, g.Organization.ID)
	g.setQuota(db.QuotaNameMEMBERS, 100)
	g.exec(`insert into organization_mails (organization_id, hour_start, mails, last_turn_at) values ($1, now(), 1, now())`, g.Organization.ID)
	g.exec(`insert into control_requests (organization_id, request_id, fingerprint, object_id) values ($1, 'r', 'f', $1)`, g.Organization.ID)
	g.exec(`delete from members where id = $1`, g.Member(g.Organization.ID, "gone@acme.test", db.MemberRoleMEMBER).ID)
	g.exec(`insert into hold_ends (organization_id, api_key_id, ended_at) values ($1, $2, '2100-01-01')`, g.Organization.ID, g.Key.ID)
	g.exec(`insert into denial_counts (organization_id, id, hour, api_key_id, reason, denials, requests)
		values ($1, uuid_v7(), now(), $2, 'KEY_DISABLED', 1, 1)`, g.Organization.ID, g.Key.ID)
	g.exec(`insert into denial_days (organization_id, day, api_key_id, requests) values ($1, now(), $2, 1)`, g.Organization.ID, g.Key.ID)
	g.exec(`insert into estimate_rules (organization_id, policy) values ($1, 'UPPER_BOUND')`, g.Organization.ID)
	g.exec(`insert into price_multipliers (organization_id, multiplier, effective_from) values ($1, 0.85, now())`, g.Organization.ID)
	g.ownPrice("acme", "small", rates(1, 2)...)
	g.exec(`insert into repricings (organization_id, from_time, to_time) values ($1, now() - interval '1 day', now())`, g.Organization.ID)
	g.exec(`with made as (
		insert into simulations (organization_id, limits, from_time, to_time) values ($1, '[]', now() - interval '1 day', now()) returning organization_id, id)
		insert into simulation_results (organization_id, simulation_id, limit_number, events, tokens, cost_nanos, refused_keys, buckets, keys, alerts)
		select organization_id, id, 0, 0, 0, 0, 0, '[]', '[]', '[]' from made`, g.Organization.ID)
	g.exec(`insert into repriced_events (organization_id, usage_event_id, recorded_at, cost_nanos, price_id)
		values ($1, gen_random_uuid(), now(), 1, gen_random_uuid())`, g.Organization.ID)
	g.exec(`insert into budget_raises (organization_id, budget_limit_id, type, units, of_period, period_number, granted_by, granted_at)
		values ($1, $2, 'TOKENS', 1, false, 1, 'root', now())`, g.Organization.ID, budget)
	g.exec(`insert into raise_requests (organization_id, budget_limit_id, member_id, units, type, requested_at) values ($1, $2, $3, 1, 'TOKENS', now())`,
		g.Organization.ID, budget, g.Owner.ID)
	g.exec(`insert into gateway_outages (organization_id, began_at, ended_at, calls, cost_nanos, keys) values ($1, now() - interval '1 minute', now(), 1, 1, '[]')`,
		g.Organization.ID)
	g.webhook(db.WebhookFormatSTANDARD, nil)
	g.newPolicy(policy{groupBy: []string{"metadata.user"}, conditions: []condition{refusing("model", "x")}, limits: []policyLimit{policyBudget("TOKENS", "NONE", 9)}})
	g.admit(estimateTokens(1).of(user("ann")))
	g.exec(`insert into webhook_deliveries (organization_id, webhook_id, event) select organization_id, id, 'TEST' from webhooks where organization_id = $1`, g.Organization.ID)
	g.exec(`select set_group_amount($1, p.id, l.id, array['ann'], 7) from policies p join limits l on l.policy_id = p.id where p.organization_id = $1`, g.Organization.ID)
	g.exec(`insert into exhausted_subjects (organization_id, subject_id) values ($1, $1) on conflict do nothing`, g.Organization.ID)
	g.exec(`insert into correction_spans (organization_id, first_position, last_position) values ($1, 1, 1)`, g.Organization.ID)
	g.AccessToken(g.Organization.ID, db.TokenRoleADMIN)
}

// confinedTx is a transaction of a server, as one of its roles and for whoever the setting names, always rolled back.
func confinedTx(t testing.TB, pool *pgxpool.Pool, role string, setting *string, try func(tx pgx.Tx)) {
	t.Helper()
	ctx := context.Background()
	tx, err := pool.Begin(ctx)
	must(t, 0, err)
	defer func() { must(t, 0, tx.Rollback(ctx)) }()
	_, err = tx.Exec(ctx, `set local role `+role)
	must(t, 0, err)
	if setting != nil {
		_, err := tx.Exec(ctx, `select set_config('bursar.organization', $1, true)`, *setting)
		must(t, 0, err)
	}
	try(tx)
}

// A query that forgot its WHERE sees no foreign row, of whichever table; one whose transaction has named no organization sees
// none at all, the operator's sees every one.
func TestQueryWithoutWhereSeesNoForeignRow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	other := g.neighbour()
	g.fill()
	other.fill()
	pool := server.ServerPool(t, g.Pool)
	own, empty, nobody := g.Organization.ID.String(), "", uuid.Nil.String()
	tables := g.tenantTables()
	if len(tables) < 20 {
		t.Fatalf("%d tables: the walk has missed some", len(tables))
	}
	for _, table := range tables {
		equal(t, table.Name+" has row-level security", table.Secured, true)
		statement := fmt.Sprintf(`select count(*) filter (where %s = $1), count(*) from %s`, table.Key, table.Name)
		if !table.Selects {
			_, err := pool.Exec(ctx, statement, g.Organization.ID)
			equal(t, table.Name+" is refused", isRefused(err), true)
			continue
		}
		var mine, all, seen int
		must(t, 0, g.Pool.QueryRow(ctx, statement, g.Organization.ID).Scan(&mine, &all))
		if mine == 0 || mine == all {
			t.Errorf("%s: %d own rows of %d: the walk proves nothing", table.Name, mine, all)
		}
		for _, c := range []struct {
			role    string
			setting *string
			want    int
		}{
			{db.ServerRole, nil, 0}, {db.ServerRole, &empty, 0}, {db.ServerRole, &nobody, 0}, {db.ServerRole, &own, mine},
			{db.OperatorRole, nil, all}, {db.OperatorRole, &own, all},
		} {
			confinedTx(t, pool, c.role, c.setting, func(tx pgx.Tx) {
				must(t, 0, tx.QueryRow(ctx, `select count(*) from `+table.Name).Scan(&seen))
				equal(t, table.Name+" rows for "+c.role+" "+text(c.setting), seen, c.want)
			})
		}
	}
}

// A change that forgot its WHERE changes no foreign row, and no row can be given to another organization.
func TestChangeWithoutWhereChangesNoForeignRow(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	other := g.neighbour()
	g.fill()
	other.fill()
	pool, own := server.ServerPool(t, g.Pool), g.Organization.ID.String()
	changed := 0
	for _, table := range g.tenantTables() {
		mine := int64(query[int](g, fmt.Sprintf(`select count(*) from %s where %s = $1`, table.Name, table.Key), g.Organization.ID))
		try := func(statement string) (tag pgconn.CommandTag, err error) {
			confinedTx(t, pool, db.ServerRole, &own, func(tx pgx.Tx) { tag, err = tx.Exec(ctx, statement) })
			changed++
			return tag, err
		}
		if table.Updatable != nil {
			tag, err := try(fmt.Sprintf(`update %s set %s = %[2]s`, table.Name, *table.Updatable))
			must(t, 0, err)
			equal(t, "updated "+table.Name, tag.RowsAffected(), mine)
		}
		if table.Dels {
			tag, err := try(`delete from ` + table.Name)
			must(t, 0, err)
			equal(t, "deleted "+table.Name, tag.RowsAffected(), mine)
		}
		if table.Inserts {
			_, err := try(fmt.Sprintf(`insert into %s (%s) values ('%s')`, table.Name, table.Key, other.Organization.ID))
			equal(t, "refused to insert into "+table.Name, isRefused(err), true)
		}
	}
	if changed < 15 {
		t.Errorf("%d changes were tried: the walk has missed some", changed)
	}
}

// isRefused tells a privilege that is missing, or a row that its policy does not let through.
func isRefused(err error) bool {
	refusal, refused := errors.AsType[*pgconn.PgError](err)
	return refused && refusal.Code == pgerrcode.InsufficientPrivilege
}

// Whose rows a statement is about ends with the statement; one that fails, or whose rows are not read to the end, gives its
// connection back and leaves nothing behind.
func TestConfinedStatementsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g.neighbour()
	config := server.ServerPool(t, g.Pool).Config()
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(ctx, config)
	must(t, 0, err)
	t.Cleanup(pool.Close)
	on := db.NewTenantDB(pool).For(&g.Organization.ID)
	count := func(on db.DBTX) (n int) {
		must(t, 0, on.QueryRow(ctx, `select count(*) from api_keys`).Scan(&n))
		return n
	}
	rows, err := on.Query(ctx, `select generate_series(1, 10)`)
	must(t, 0, err)
	equal(t, "a first row", rows.Next(), true)
	rows.Close()
	must(t, 0, rows.Err())
	equal(t, "own keys", count(on), 1)
	equal(t, "keys without an organization", count(pool), 0)
	for _, broken := range []string{`select 1/0`, `no statement`, `select 1/(2-generate_series(1, 3))`} {
		rows, err := on.Query(ctx, broken)
		if err == nil {
			for rows.Next() {
				continue
			}
			err = rows.Err()
		}
		if err == nil || on.QueryRow(ctx, broken).Scan(new(int)) == nil && !strings.Contains(broken, "series") {
			t.Errorf("%s: no error", broken)
		}
		if _, err := on.Exec(ctx, broken); err == nil {
			t.Errorf("%s: no error of Exec", broken)
		}
	}
	equal(t, "no row", errors.Is(on.QueryRow(ctx, `select 1 where false`).Scan(new(int)), pgx.ErrNoRows), true)
	tag, err := on.Exec(ctx, `update api_keys set name = 'mine'`)
	must(t, 0, err)
	equal(t, "changed", tag.RowsAffected(), int64(1))
	equal(t, "kept", query[int](g, `select count(*) from api_keys where name = 'mine'`), 1)
	equal(t, "keys of the operator", count(db.NewTenantDB(pool).For(nil)), 2)
	equal(t, "keys without an organization", count(pool), 0)
}

// Before an organization is known, whoever presents an access token finds that token and the member that it is bound to, and
// whoever signs in with an address finds the members with it; and no other row of any table.
func TestAuthenticatorSeesWhoPresents(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	other := g.neighbour()
	shared := g.Member(g.Organization.ID, "Both@acme.test", db.MemberRoleADMIN)
	other.Member(other.Organization.ID, "both@acme.test", db.MemberRoleMEMBER)
	token, unbound := g.AccessToken(g.Organization.ID, db.TokenRoleADMIN), g.AccessToken(g.Organization.ID, db.TokenRoleADMIN)
	g.exec(`update access_tokens set member_id = $1 where token_hash = $2`, shared.ID, auth.Hash(token))
	confined := db.NewTenantDB(server.ServerPool(t, g.Pool))
	visible := func(on db.DBTX, members, organizations int) {
		t.Helper()
		var seen [2]int
		must(t, 0, on.QueryRow(ctx, `select (select count(id) from members), (select count(id) from organizations)`).
			Scan(&seen[0], &seen[1]))
		equal(t, "members, organizations", seen, [2]int{members, organizations})
		for _, table := range []string{"api_keys", "access_tokens", "visible_access_tokens"} {
			_, err := on.Exec(ctx, `select from `+table)
			equal(t, table+" is refused", isRefused(err), true)
		}
	}

	on := confined.ForAccessToken(auth.Hash(token))
	row, err := db.New().AuthenticateAccessToken(ctx, on, auth.Hash(token))
	equal(t, "organization", must(t, row, err).OrganizationID, g.Organization.ID)
	equal(t, "member", *row.MemberID, shared.ID)
	_, err = db.New().AuthenticateAccessToken(ctx, on, auth.Hash(unbound))
	equal(t, "another token", errors.Is(err, pgx.ErrNoRows), true)
	visible(on, 1, 0)
	visible(confined.ForAccessToken(auth.Hash(unbound)), 0, 0)
	visible(confined.ForAccessToken(auth.Hash("unknown")), 0, 0)

	on = confined.ForEmail("BOTH@acme.test")
	rows, err := db.New().AuthenticateMember(ctx, on, &db.AuthenticateMemberParams{Email: "both@ACME.test", Number: 10})
	equal(t, "memberships", len(must(t, rows, err)), 2)
	rows, err = db.New().AuthenticateMember(ctx, on, &db.AuthenticateMemberParams{Email: g.Owner.Email, Number: 10})
	equal(t, "another person's", len(must(t, rows, err)), 0)
	visible(on, 2, 2)
	visible(confined.ForEmail(""), 0, 0)

	// an invitation is hidden from every statement, those of the last release too, unless invitations are asked for
	inviting := other.Organization.ID
	g.exec(`update members set status = 'INVITED' where organization_id = $1 and fold_case(email) = 'both@acme.test'`, inviting)
	rows, err = db.New().AuthenticateMember(ctx, on, &db.AuthenticateMemberParams{Email: "both@ACME.test", Number: 10})
	equal(t, "memberships beside an invitation", len(must(t, rows, err)), 1)
	visible(on, 1, 1)
	asked := confined.ForInvitations("BOTH@acme.test")
	visible(asked, 2, 2)
	invitations, err := db.New().ListInvitations(ctx, asked, &db.ListInvitationsParams{Email: "both@acme.test", Number: 10})
	equal(t, "invitations", len(must(t, invitations, err)), 1)
	equal(t, "where", invitations[0].ID, inviting)
	invitations, err = db.New().ListInvitations(ctx, on, &db.ListInvitationsParams{Email: "both@acme.test", Number: 10})
	equal(t, "invitations that are not asked for", len(must(t, invitations, err)), 0)
}
