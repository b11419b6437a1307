package test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
)

// What a database of the C locale kept twice, because it knew the case of ASCII letters alone, is merged by the upgrade from release 1:
// members (the one with the most rights stays, with the others' keys and tokens, none of which is revoked), added recipients,
// suppressed addresses and mail that waits. The audit log says so. A budget that release 1 called exhausted although it is
// not used up can raise EXHAUSTED again.
func TestUpgradeMergesWhatDiffersInCase(t *testing.T) {
	t.Parallel()
	for _, r := range storedReleases(t) {
		if r.number != 1 {
			continue
		}
		url, pool := r.restoreTo(t, postgres.NewEmptyURLIn(t, "C"))
		if _, err := pool.Exec(t.Context(), `
			insert into organizations (id, name, slug, plan) values ('00000000-0000-7000-8000-000000000001', 'Folded', 'folded', 'ENTERPRISE');
			insert into members (organization_id, id, email, name, role, created_at) values
				('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000a', 'élise@acme.test', 'Élise', 'MEMBER', '2026-01-01'),
				('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000b', 'ÉLISE@acme.test', null, 'OWNER', '2026-01-02'),
				('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000c', 'ada@acme.test', null, 'OWNER', '2026-01-02');
			insert into access_tokens (organization_id, member_id, name, role, prefix, token_hash, revoked_at) values
				('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000a', 'used', 'VIEWER', 'bst_', sha256('used'), null),
				('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000a', 'revoked', 'VIEWER', 'bst_', sha256('revoked'), '2026-01-03');
			insert into api_keys (organization_id, id, created_by_id, name, prefix) values
				('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000d', '00000000-0000-7000-8000-00000000000a', 'key', 'bsr_');
			insert into recipients (organization_id, api_key_id, email, created_at)
				select '00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000d', e.email, '2026-01-01'::timestamptz + e.n * interval '1 day'
				from unnest(array['JÖRG@acme.test', 'jörg@acme.test', 'ÅSA@acme.test', 'bob@acme.test']) with ordinality e (email, n);
			insert into suppressed_addresses (organization_id, address, reason, suppressed_at)
				select '00000000-0000-7000-8000-000000000001', lower(e.email), 'BOUNCED', '2026-01-01'::timestamptz + e.n * interval '1 day'
				from unnest(array['jörg@acme.test', 'JÖRG@acme.test', 'ÅSA@acme.test']) with ordinality e (email, n);
			insert into limits (organization_id, api_key_id, kind, type, period, max_units) values
				('00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-00000000000d', 'BUDGET', 'TOKENS', 'NONE', 100);
			update counters set exhaustion_alerted = true where organization_id = '00000000-0000-7000-8000-000000000001';
			insert into alerts (organization_id, budget_limit_id, api_key_id, kind, type, period, max_units, used_units, generation, period_number, period_start, raised_at)
				select organization_id, limit_id, subject_id, 'EXHAUSTED', type, period, max_units, used_units, 1, 1, period_start, now()
				from counters where organization_id = '00000000-0000-7000-8000-000000000001';
			insert into alert_deliveries (organization_id, alert_id, address, email, queued_at, next_attempt_at)
				select a.organization_id, a.id, lower(r.email), r.email, now(), now()
				from alerts a, recipients r
				where a.organization_id = r.organization_id and r.organization_id = '00000000-0000-7000-8000-000000000001'`,
			pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatal(err)
		}
		upgrade(t, pool)
		for want, query := range map[string]string{
			"ada@acme.test OWNER, ÉLISE@acme.test OWNER": `select string_agg(email || ' ' || role, ', ' order by email collate "C") from members
				where organization_id = '00000000-0000-7000-8000-000000000001'`,
			"revoked b revoked, used b valid": `select string_agg(concat(name, ' ', right(member_id::text, 1), ' ',
				case when revoked_at is null then 'valid' else 'revoked' end), ', ' order by name) from access_tokens
				where organization_id = '00000000-0000-7000-8000-000000000001'`,
			"b": `select right(created_by_id::text, 1) from api_keys where organization_id = '00000000-0000-7000-8000-000000000001'`,
			"JÖRG@acme.test as jörg@acme.test, bob@acme.test as bob@acme.test, ÅSA@acme.test as åsa@acme.test": `select
				string_agg(email || ' as ' || address, ', ' order by email collate "C") from recipients
				where organization_id = '00000000-0000-7000-8000-000000000001'`,
			"jörg@acme.test of 2, åsa@acme.test of 4": `select string_agg(address || ' of ' || extract(day from suppressed_at at time zone 'UTC'), ', ' order by address collate "C")
				from suppressed_addresses where organization_id = '00000000-0000-7000-8000-000000000001'`,
			"bob@acme.test, jörg@acme.test, åsa@acme.test": `select string_agg(address, ', ' order by address collate "C") from alert_deliveries
				where organization_id = '00000000-0000-7000-8000-000000000001'`,
			"t t t": `select concat_ws(' ', bool_or(action = 'merge members' and reason = 'their addresses differ in case alone'),
				bool_or(action = 'merge recipients'), bool_or(action = 'merge suppressed addresses')) from audit_log
				where organization_id = '00000000-0000-7000-8000-000000000001'`,
			"false": `select exhaustion_alerted from counters where organization_id = '00000000-0000-7000-8000-000000000001'`,
		} {
			var got any
			if err := pool.QueryRow(t.Context(), query).Scan(&got); err != nil || fmt.Sprint(got) != want {
				t.Errorf("%v (%v), want %s", got, err, want)
			}
		}
		verify(t, []string{"DATABASE_URL=" + url})
		return
	}
	t.Skip("release 1 is not kept any more")
}
