package db_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// loginPool returns a pool of a login that is a member of bursar_operator and nothing else, as servers have it.
func (g *gateway) loginPool() *pgxpool.Pool {
	g.T.Helper()
	login := "login_" + strings.ToLower(rand.Text())
	g.exec(fmt.Sprintf(`create role %s login password 'secret' in role %s`, login, db.OperatorRole))
	address, err := url.Parse(g.Pool.Config().ConnString())
	must(g.T, 0, err)
	address.User = url.UserPassword(login, "secret")
	pool, err := db.NewPool(g.T.Context(), db.PoolConfig{URL: address.String(), MaxConnections: 2, Role: db.ServerRole})
	must(g.T, 0, err)
	g.T.Cleanup(func() {
		pool.Close()
		_, err := g.Pool.Exec(context.Background(), `drop role `+login)
		must(g.T, 0, err)
	})
	return pool
}

// Whoever has the password of a server's login can neither change a counter, nor choose the instant of a decision, nor write the audit
// log, nor read a token's hash: as a tenant's server, as the operator, as the authenticator and as the login itself.
func TestServersPasswordIsNotTheOwners(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	budget := g.tokenBudget(100, 50)
	g.book(reportTokens(60))
	used := `select array_agg(c::text order by c.id) from counters c`
	before, entries := query[[]string](g, used), len(g.audit())
	confined := g.loginPool()
	key, organization := g.Key.ID.String(), g.Organization.ID.String()
	for what, statement := range map[string]string{
		"zero a counter":            `update counters set used_units = 0`,
		"forget holds":              `update counters set reserved_units = 0`,
		"open a window anew":        `update counters set period_number = period_number + 1, period_start = now()`,
		"silence alerts":            `update counters set exhaustion_alerted = true, alerted_units = '{50}'`,
		"roll at an instant":        `select roll_counters('` + organization + `', array['` + key + `'::uuid], now() + interval '1 year')`,
		"reset at an instant":       `select reset_budget('` + organization + `', '` + budget.String() + `', now() + interval '1 year')`,
		"change at an instant":      `select update_budget_limit('` + organization + `', '` + budget.String() + `', null, null, 200, null, now())`,
		"release at an instant":     `select release_reservations('{}', '{}', now())`,
		"book at an instant":        `select record_usage('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', p_now => now())`,
		"write the log as root":     `insert into audit_log (organization_id, action, actor, target_type, target_id) values ('` + organization + `', 'x', 'root', 'org', '` + organization + `')`,
		"write an alert":            `insert into alerts default values`,
		"mail anybody":              `insert into alert_deliveries default values`,
		"read hashes":               `select token_hash from access_tokens`,
		"read whole tokens":         `select * from access_tokens`,
		"look for a hash":           `select count(*) from access_tokens where token_hash > '\x80'`,
		"read secrets' hashes":      `select secret_hash from api_key_secrets`,
		"become the tables' owner":  `set role ` + pgx.Identifier{query[string](g, `select tableowner::text from pg_tables where tablename = 'counters'`)}.Sanitize(),
		"switch triggers off":       `set session_replication_role = replica`,
		"read files of the machine": `select pg_read_file('/etc/passwd')`,
	} {
		for as, on := range map[string]func(statement string) error{
			"a tenant's server": func(statement string) error {
				_, err := db.NewTenantDB(confined).For(&g.Organization.ID).Exec(ctx, statement)
				return err
			},
			"the operator": func(statement string) error {
				_, err := db.NewTenantDB(confined).For(nil).Exec(ctx, statement)
				return err
			},
			"the authenticator": func(statement string) error {
				_, err := db.NewTenantDB(confined).ForAccessToken(g.Secret.Hash).Exec(ctx, statement)
				return err
			},
			"the login": func(statement string) error {
				return pgx.BeginFunc(ctx, confined, func(tx pgx.Tx) error {
					if _, err := tx.Exec(ctx, `set local role none`); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, statement)
					return err
				})
			},
		} {
			if err := on(statement); !isRefused(err) {
				t.Errorf("%s may %s: %v", as, what, err)
			}
		}
	}
	equal(t, "counters", strings.Join(query[[]string](g, used), "\n"), strings.Join(before, "\n"))
	equal(t, "entries", len(g.audit()), entries)
}

// The entries of the audit log of a server that acts for an organization name a token or a member of that organization, also one that was
// removed, and nobody else: neither root, nor a job, nor another organization's people. The operator's entries name whom they like.
func TestActorsAreOfTheOrganization(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	other, confined := g.neighbour(), db.NewTenantDB(g.loginPool())
	rename := func(organizationID *uuid.UUID, actor string) error {
		return confined.InTx(ctx, organizationID, db.Actor{Name: actor, Action: "updateOrganization"}, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update organizations set name = name || 'x' where id = $1`, g.Organization.ID)
			return err
		})
	}
	removed := g.Member(g.Organization.ID, "gone@acme.test", db.MemberRoleMEMBER)
	g.exec(`delete from members where id = $1`, removed.ID)
	stranger := other.Member(other.Organization.ID, "other@acme.test", db.MemberRoleADMIN)
	for actor, allowed := range map[string]bool{
		g.Owner.ExternalID(): true, removed.ExternalID(): true, "": true,
		"root": false, "resend": false, "sql:postgres": false, "tok_1": false, stranger.ExternalID(): false,
		"tok_" + strings.TrimPrefix(g.Owner.ExternalID(), "mem_"): false,
	} {
		before := len(g.audit())
		err := rename(&g.Organization.ID, actor)
		if allowed != (err == nil) {
			t.Errorf("a tenant's server acts as %q: %v", actor, err)
		}
		if entries := g.audit()[before:]; allowed && (len(entries) != 1 || actor != "" && entries[0].Actor != actor) {
			t.Errorf("%q left %+v", actor, entries)
		}
	}
	must(t, 0, rename(nil, "root"))
	entries := g.audit()
	equal(t, "the operator's actor", entries[len(entries)-1].Actor, "root")
}

// A function that runs as the owner changes what is of the organization that a server's transaction has named, and nothing of another,
// as row-level security decides it elsewhere.
func TestDefinersKeepToTheOrganization(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	other := g.neighbour()
	budget := other.tokenBudget(100)
	confined := db.NewTenantDB(g.loginPool())
	for name, organizationID := range map[string]*uuid.UUID{"a neighbour": &g.Organization.ID, "its own": &other.Organization.ID, "the operator": nil} {
		_, err := db.New().UpdateBudgetLimit(ctx, confined.For(organizationID), &db.UpdateBudgetLimitParams{
			OrganizationID: other.Organization.ID, ID: budget, MaxUnits: new(int64(200))})
		equal(t, name+"'s change finds nothing", errors.Is(err, pgx.ErrNoRows), name == "a neighbour")
		_, err = db.New().ResetBudgetLimit(ctx, confined.For(organizationID), &db.ResetBudgetLimitParams{OrganizationID: other.Organization.ID, ID: budget})
		equal(t, name+"'s reset finds nothing", errors.Is(err, pgx.ErrNoRows), name == "a neighbour")
	}
}

// Every function that a server may call is one that reads with the server's rights, or has no instant among its arguments, or refuses an
// instant from whoever is not the owner.
func TestServersChooseNoInstant(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	harmless := map[string]string{
		"simulate_limits": "keeps the time that a simulation is about, which changes no usage",
		"uuid_v7":         "makes an id of an instant, and writes nothing",
		"list_api_keys":   "reads from a position on, of which an instant may be a part, and writes nothing",
		"list_deliveries": "reads what was queued from an instant or a position on, and writes nothing",
	}
	confined := g.loginPool()
	refusing := 0
	type function struct {
		Name      string
		Instant   bool
		Arguments string
	}
	for _, f := range rowsOf[function](g, `
		select p.proname::text as name, bool_or(a.type = 'timestamptz'::regtype) as instant,
			string_agg(case a.type when 'timestamptz'::regtype then 'now()' else 'null::' || a.type::regtype::text end, ', ' order by a.number) as arguments
		from pg_proc p, unnest(p.proargtypes) with ordinality a (type, number)
		where p.pronamespace = 'public'::regnamespace and has_function_privilege($1, p.oid, 'EXECUTE')
			and (p.provolatile = 'v' or p.prosecdef)
		group by p.oid, p.proname`, db.OperatorRole) {
		if !f.Instant || harmless[f.Name] != "" {
			continue
		}
		refusing++
		for as, on := range map[string]db.DBTX{"a tenant's server": db.NewTenantDB(confined).For(&g.Organization.ID), "the operator": db.NewTenantDB(confined).For(nil)} {
			if _, err := on.Exec(ctx, `select `+f.Name+`(`+f.Arguments+`)`); !isRefused(err) || !strings.Contains(err.Error(), "p_now") {
				t.Errorf("%s chooses an instant in %s(%s): %v", as, f.Name, f.Arguments, err)
			}
		}
	}
	if refusing < 10 {
		t.Errorf("%d functions refuse an instant: the look-up finds too few", refusing)
	}
}

// Every right of a server on a table is listed here with its reason, and there is no other.
func TestServersRightsAreListed(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	granted := query[[]string](g, `
		select array_agg(r.name || ': ' || r.rights order by r.name) from (
			select case g.grantee when 0 then 'public' else g.grantee::regrole::text end || ' ' || g.relation as name,
				string_agg(g.privilege || coalesce(' (' || g.columns || ')', ''), ', ' order by g.privilege, g.columns nulls first) as rights
			from (
				select a.grantee, c.relname::text as relation, lower(a.privilege_type) as privilege, null as columns
				from pg_class c, aclexplode(c.relacl) a where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
				union all
				select a.grantee, c.relname, lower(a.privilege_type), string_agg(f.attname, ' ' order by f.attnum)
				from pg_class c join pg_attribute f on f.attrelid = c.oid, aclexplode(f.attacl) a
				where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
				group by a.grantee, c.relname, a.privilege_type) g
			group by g.grantee, g.relation) r`)
	listed := serversRights()
	for _, right := range granted {
		if reason, ok := listed[right]; !ok || reason == "" {
			t.Errorf("no reason is listed for %s", right)
		}
		delete(listed, right)
	}
	for right := range listed {
		t.Errorf("not granted: %s", right)
	}
}
