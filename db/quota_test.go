package db_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/fault"
)

// counted is what counts against a quota: the statement adds $2 of them to the organization $1, whose key is $3; remove takes one away
// without deleting it, where that frees a place.
var counted = map[db.QuotaName]struct{ add, remove string }{
	db.QuotaNameMEMBERS: {`insert into members (organization_id, email, role)
		select $1, gen_random_uuid() || '@acme.test', 'MEMBER' from generate_series(1, $2::integer) where $3::uuid is not null`,
		`delete from members m where m.organization_id = $1 and m.id = (select max(x.id::text)::uuid from members x where x.role = 'MEMBER')`},
	db.QuotaNameADMINISTRATORS: {`insert into members (organization_id, email, role)
		select $1, gen_random_uuid() || '@acme.test', case n % 2 when 0 then 'ADMIN' else 'OWNER' end::member_role
		from generate_series(1, $2::integer) n where $3::uuid is not null`,
		`update members m set role = 'MEMBER' where m.organization_id = $1 and m.id = (select max(x.id::text)::uuid from members x where x.role <> 'MEMBER')`},
	db.QuotaNameWORKSPACES: {`insert into workspaces (organization_id, name, slug)
		select $1, 'w', gen_random_uuid()::text from generate_series(1, $2::integer) where $3::uuid is not null`,
		`update workspaces w set deleted_at = now() where w.organization_id = $1 and w.id = (select max(x.id::text)::uuid from workspaces x where x.deleted_at is null)`},
	db.QuotaNameAPIKEYS: {`insert into api_keys (organization_id, name, prefix)
		select $1, 'k', 'p' from generate_series(1, $2::integer) where $3::uuid is not null`,
		`update api_keys k set revoked_at = now() where k.organization_id = $1 and k.id = (select max(x.id::text)::uuid from api_keys x where x.revoked_at is null)`},
	db.QuotaNameACCESSTOKENS: {`insert into access_tokens (organization_id, name, role, prefix, token_hash)
		select $1, 't', 'VIEWER', 'p', sha256(uuid_send(gen_random_uuid())) from generate_series(1, $2::integer) where $3::uuid is not null`,
		`update access_tokens t set revoked_at = now() where t.organization_id = $1
			and t.id = (select max(x.id::text)::uuid from access_tokens x where x.revoked_at is null)`},
	db.QuotaNameLIMITSPERSUBJECT: {`insert into limits (organization_id, api_key_id, kind, type, period, max_units)
		select $1, $3, l.kind::limit_kind, l.type::limit_type, l.period::limit_period, 2000000000 from (
			values ('BUDGET', 'COST', 'NONE'), ('BUDGET', 'COST', 'WEEKLY'), ('BUDGET', 'COST', 'MONTHLY'), ('BUDGET', 'TOKENS', 'NONE'),
				('BUDGET', 'TOKENS', 'WEEKLY'), ('BUDGET', 'TOKENS', 'MONTHLY'), ('RATE', 'TOKENS', 'MINUTE'), ('RATE', 'TOKENS', 'HOUR'),
				('RATE', 'TOKENS', 'DAY'), ('RATE', 'REQUESTS', 'MINUTE'), ('RATE', 'REQUESTS', 'HOUR'), ('RATE', 'REQUESTS', 'DAY')
		) l (kind, type, period)
		where not exists (select from limits x where x.api_key_id = $3 and x.kind::text = l.kind and x.type::text = l.type and x.period::text = l.period)
		order by random() limit $2::integer`,
		`delete from limits l where l.organization_id = $1 and l.id = (select max(x.id::text)::uuid from limits x)`},
	db.QuotaNameRECIPIENTSPERSUBJECT: {`insert into recipients (organization_id, api_key_id, email)
		select $1, $3, gen_random_uuid() || '@acme.test' from generate_series(1, $2::integer)`,
		`delete from recipients r where r.organization_id = $1 and r.address = (select max(x.address) from recipients x)`},
}

// add adds a number of what counts against a quota, in one statement.
func (g *gateway) add(pool *pgxpool.Pool, quota db.QuotaName, number int) error {
	_, err := pool.Exec(context.Background(), counted[quota].add, g.Organization.ID, number, g.Key.ID)
	return db.Fault(err)
}

// setQuota sets a quota of the tenant.
func (g *gateway) setQuota(name db.QuotaName, maximum int32) {
	g.T.Helper()
	must(g.T, 0, db.New().SetQuotas(context.Background(), g.Pool,
		&db.SetQuotasParams{OrganizationID: g.Organization.ID, Names: []string{string(name)}, Maxima: []int32{maximum}}))
}

// quota returns a quota of the tenant, and how much of it is used.
func (g *gateway) quota(name db.QuotaName) *db.QuotaStatus {
	g.T.Helper()
	rows, err := db.New().ListQuotas(context.Background(), g.Pool, []uuid.UUID{g.Organization.ID})
	for _, row := range must(g.T, rows, err) {
		if row.Name == name {
			return row
		}
	}
	g.T.Fatalf("%s is not listed", name)
	return nil
}

// isExceeded fails the test unless an error tells of a quota, with its maximum.
func isExceeded(t *testing.T, err error, quota db.QuotaName, maximum int32) {
	t.Helper()
	f, isFault := errors.AsType[*fault.Fault](err)
	if !isFault || f.Code != fault.QuotaExceeded || f.Extensions["quota"] != string(quota) || f.Extensions["maximum"] != int64(maximum) ||
		!strings.Contains(f.Message, string(quota)) {
		t.Errorf("%s: %v, want QUOTA_EXCEEDED of %d", quota, err, maximum)
	}
}

// Up to its quota an organization adds what it wants, in statements of any size; beyond it nothing is added, and the error names the
// quota and its maximum. What is removed, revoked or deleted makes room. Other organizations have quotas of their own.
func TestQuotas(t *testing.T) {
	t.Parallel()
	for quota, c := range counted {
		t.Run(string(quota), func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			maximum := int32(g.quota(quota).Used) + 5 //nolint:gosec // a few
			g.setQuota(quota, maximum)
			isExceeded(t, g.add(g.Pool, quota, 6), quota, maximum)
			must(t, 0, g.add(g.Pool, quota, 2))
			isExceeded(t, g.add(g.Pool, quota, 4), quota, maximum)
			must(t, 0, g.add(g.Pool, quota, 3))
			isExceeded(t, g.add(g.Pool, quota, 1), quota, maximum)
			equal(t, "used", g.quota(quota).Used, int64(maximum))
			equal(t, "maximum", g.quota(quota).Maximum, maximum)

			g.exec(c.remove, g.Organization.ID)
			must(t, 0, g.add(g.Pool, quota, 1))
			isExceeded(t, g.add(g.Pool, quota, 1), quota, maximum)
			must(t, 0, g.neighbour().add(g.Pool, quota, 6))

			g.exec(`delete from organization_quotas`)
			must(t, 0, g.add(g.Pool, quota, 1))
			equal(t, "default", g.quota(quota).Maximum, g.quota(quota).DefaultMaximum)
		})
	}
}

// Of additions that are made at the same moment, through two servers, exactly as many succeed as the quota leaves room for.
func TestQuotasAreExactUnderConcurrency(t *testing.T) {
	t.Parallel()
	pools := twoPools(t)
	for quota := range counted {
		t.Run(string(quota), func(t *testing.T) {
			g := newGatewayIn(t, pools[0])
			maximum := int32(g.quota(quota).Used) + 5 //nolint:gosec // a few
			g.setQuota(quota, maximum)
			var added atomic.Int64
			var callers sync.WaitGroup
			for i := range 20 {
				callers.Go(func() {
					err := g.add(pools[i%2], quota, 1)
					for fault.CodeOf(err) == fault.Conflict && err != nil { // two chose the same limit
						err = g.add(pools[i%2], quota, 1)
					}
					switch {
					case err == nil:
						added.Add(1)
					case fault.CodeOf(err) != fault.QuotaExceeded:
						t.Error(err)
					}
				})
			}
			callers.Wait()
			equal(t, "added", added.Load(), 5)
			equal(t, "used", g.quota(quota).Used, int64(maximum))
		})
	}
}

// The organization is locked before a row that counts is added: what is added at the same moment waits, and sees it.
func TestAdditionsWaitForEachOther(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.setQuota(db.QuotaNameAPIKEYS, 2)
	tx, err := g.Pool.Begin(t.Context())
	must(t, tx, err)
	_, err = tx.Exec(t.Context(), counted[db.QuotaNameAPIKEYS].add, g.Organization.ID, 1, g.Key.ID)
	must(t, 0, err)
	second := make(chan error, 1)
	go func() { second <- g.add(g.Pool, db.QuotaNameAPIKEYS, 1) }()
	dbtest.AwaitLocked(t, g.Pool, 1, "api_keys")
	must(t, 0, tx.Commit(t.Context()))
	isExceeded(t, <-second, db.QuotaNameAPIKEYS, 2)
}

// An organization that has more than its quotas allow keeps all of it, and can change and remove it; it adds nothing. A member is added to
// one that has too many administrators alone, and nobody becomes one there.
func TestWhatIsAboveAQuotaStays(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	for quota := range counted {
		must(t, 0, g.add(g.Pool, quota, 3))
	}
	member := g.Member(g.Organization.ID, "member@acme.test", db.MemberRoleMEMBER)
	before := map[db.QuotaName]int64{}
	for quota := range counted {
		before[quota] = g.quota(quota).Used
		g.setQuota(quota, 1)
	}
	for quota := range counted {
		equal(t, string(quota), g.quota(quota).Used, before[quota])
		if err := g.add(g.Pool, quota, 1); fault.CodeOf(err) != fault.QuotaExceeded {
			t.Errorf("%s: %v", quota, err)
		}
	}
	g.exec(`update members set name = 'x'`)
	g.exec(`update api_keys set name = 'x'`)
	g.setQuota(db.QuotaNameMEMBERS, 100)
	must(t, 0, g.add(g.Pool, db.QuotaNameMEMBERS, 1))
	_, err := db.New().UpdateMember(t.Context(), g.Pool, &db.UpdateMemberParams{ID: member.ID, Role: new(db.MemberRoleADMIN)})
	isExceeded(t, db.Fault(err), db.QuotaNameADMINISTRATORS, 1)
	for _, restored := range []struct {
		quota           db.QuotaName
		remove, restore string
	}{
		{db.QuotaNameAPIKEYS, `update api_keys set revoked_at = now()`, `update api_keys set revoked_at = null`},
		{db.QuotaNameACCESSTOKENS, `update access_tokens set revoked_at = now()`, `update access_tokens set revoked_at = null`},
		{db.QuotaNameWORKSPACES, `update workspaces set deleted_at = now()`, `update workspaces set deleted_at = null`},
	} {
		g.exec(restored.remove)
		_, err := g.Pool.Exec(t.Context(), restored.restore)
		isExceeded(t, db.Fault(err), restored.quota, 1)
	}
}

// Servers read quotas and cannot set them, not even of their own organization; the operator can, and that is in the audit log.
func TestOnlyTheOperatorSetsQuotas(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tenants := db.NewTenantDB(server.ServerPool(t, g.Pool))
	params := &db.SetQuotasParams{OrganizationID: g.Organization.ID, Names: []string{"MEMBERS"}, Maxima: []int32{7}}
	err := db.New().SetQuotas(t.Context(), tenants.For(&g.Organization.ID), params)
	if refused, is := errors.AsType[*pgconn.PgError](err); !is || refused.Code != "42501" {
		t.Errorf("a server sets its quota: %v", err)
	}
	must(t, 0, db.New().SetQuotas(t.Context(), tenants.For(nil), params))
	rows, err := db.New().ListQuotas(t.Context(), tenants.For(&g.Organization.ID), []uuid.UUID{g.Organization.ID})
	for _, row := range must(t, rows, err) {
		if row.Name == db.QuotaNameMEMBERS && (row.Maximum != 7 || row.Used != 1) {
			t.Errorf("%+v", row)
		}
	}
	must(t, 0, db.New().SetQuotas(t.Context(), tenants.For(nil), &db.SetQuotasParams{OrganizationID: g.Organization.ID, Defaults: []string{"MEMBERS"}}))
	equal(t, "entries", query[int64](g, `select count(*) from audit_log
		where target_type = 'org' and coalesce(before, after) ->> 'name' = 'MEMBERS' and (coalesce(before, after) ->> 'maximum')::integer = 7`), 2)
}
