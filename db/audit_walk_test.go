package db_test

import (
	"context"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"testing"

	"bursar/db"
)

// unaudited are the tables with rows of organizations that are not the control plane, and why.
var unaudited = map[string]string{
	"alert_deliveries": "what became of mail", "alerts": "raised by enforcement", "audit_log": "the log itself",
	"budget_periods": "history, written when periods end", "control_requests": "request ids of what is audited", "former_members": "what the entry of a removal says, too", "imported_objects": "where what is audited comes from", "hold_ends": "follows changes of API keys and releases, which are", "counters": "enforcement's; what they copy is audited in limits", "dropped_charges": "sums of deleted rows", "dropped_usage_months": "sums of deleted rows",
	"mails": "mail under way", "organization_mails": "what was mailed", "reservation_sweeps": "enforcement's", "reservations": "enforcement's", "rollup_watermarks": "the roll-up job's",
	"organization_cells": "where to ask first: which database decides is residence, which is audited",
	"organization_moves": "the installation's; the change of residence is audited in organizations",
	"recent_outputs":     "derived from the ledger",
	"simulation_results": "derived from the ledger",
	"webhook_deliveries": "what webhooks were told", "policy_groups": "enforcement's",
	"denial_counts": "servers count it, and nothing is decided by it", "denial_days": "derived from denial_counts", "budget_hours": "derived from the ledger",
	"usage_days": "derived from the ledger", "usage_key_days": "derived from the ledger", "usage_owner_days": "derived from the ledger", "usage_hours": "derived from the ledger", "usage_event_requests": "enforcement's",
	"exhausted_subjects": "derived from alerts", "correction_spans": "derived from the ledger", "repriced_events": "derived from the ledger", "usage_events": "the ledger, append-only itself", "usage_workspace_days": "derived from the ledger", "usage_workspace_hours": "derived from the ledger",
}

// Every table of organizations is audited, or is known not to be the control plane; of an audited one every column is, but those
// that enforcement counts in and those that are computed; and none can be emptied behind the triggers' back.
func TestEveryTableIsAuditedOrKnown(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	audited := query[[]string](g, `select array_agg(tgrelid::regclass::text order by tgrelid::regclass::text) from (
		select tgrelid from pg_trigger where tgfoid = 'write_audit_log'::regproc
			and tgenabled = 'O' and tgtype & 29 = 29 -- for each row, after insert, update and delete
		union all
		select tgrelid from pg_trigger where tgfoid = 'write_price_audit_log'::regproc and tgenabled = 'O'
			and tgtype & 67 = 0 and tgattr = '' and tgqual is null -- for each statement, after it
		group by tgrelid having bit_or(tgtype) & 28 = 28) t`)
	equal(t, "audited", strings.Join(audited, " "), "access_tokens api_key_secrets api_keys budget_raises estimate_rules gateway_outages limits members organization_quotas organizations policies policy_conditions policy_overrides price_multipliers prices raise_requests recipients repricings simulations suppressed_addresses webhooks workspaces")
	for _, table := range g.tenantTables() {
		if known := unaudited[table.Name] != ""; known == slices.Contains(audited, table.Name) {
			t.Errorf("%s: say why it is no part of the control plane, or give it the trigger", table.Name)
		}
	}
	equal(t, "tables that refuse to be truncated", query[int](g, `select count(*) from pg_trigger where tgfoid = 'refuse_truncate'::regproc and tgtype & 34 = 34`),
		len(audited))
	type column struct{ Table, Name string }
	ignored := map[string]string{}
	for _, c := range rowsOf[column](g, `select a.attrelid::regclass::text, a.attname from pg_trigger t
		join pg_attribute a on a.attrelid = t.tgrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
		where t.tgfoid = 'write_audit_log'::regproc and array_length(t.tgattr::int[], 1) > 0 and a.attnum <> all (t.tgattr) order by 1, 2`) {
		ignored[c.Table] += c.Name + " "
	}
	for table, want := range map[string]string{
		"api_keys": "last_used_at updated_at updated_by version version_transaction_id ", // what has changed besides the version has an entry
		"policies": "group_count updated_at updated_by version version_transaction_id ",
	} {
		equal(t, table+"'s columns that are enforcement's or count changes", ignored[table], want)
		delete(ignored, table)
	}
	for table, columns := range maps.All(ignored) {
		t.Errorf("%s: %s", table, columns)
	}
}

// What plain SQL does to any table of the control plane is in the audit log, under the login and the statement, before and
// after; a secret is not, but that it was replaced is. The rows of the log itself stay, for the owner as well.
func TestPlainSQLIsAudited(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	g := newGateway(t)
	g.AccessToken(g.Organization.ID, db.TokenRoleADMIN)
	g.tokenBudget(100)
	login := query[string](g, `select session_user::text`)
	for _, c := range []struct{ action, statement, before, after string }{
		{"insert organizations", `insert into organizations (id, name, slug, plan) values (uuid_v7(), 'N', 'n', 'FREE')`, "", `"slug": "n"`},
		{"update organizations", `update organizations set plan = 'PRO' where slug = 'n'`, `"plan": "FREE"`, `"plan": "PRO"`},
		{"delete organizations", `delete from organizations where slug = 'n'`, `"slug": "n"`, ""},
		{"insert workspaces", `insert into workspaces (organization_id, name, slug) select organization_id, 'N', 'n' from workspaces`, "", `"slug": "n"`},
		{"update workspaces", `update workspaces set name = 'M' where slug = 'n'`, `"name": "N"`, `"name": "M"`},
		{"delete workspaces", `delete from workspaces where slug = 'n'`, `"name": "M"`, ""},
		{"insert members", `insert into members (organization_id, email, role) select organization_id, 'n@acme.test', 'MEMBER' from members`, "", `"n@acme.test"`},
		{"update members", `update members set role = 'ADMIN' where email = 'n@acme.test'`, `"MEMBER"`, `"ADMIN"`},
		{"delete members", `delete from members where email = 'n@acme.test'`, `"ADMIN"`, ""},
		{"insert access_tokens", `insert into access_tokens (organization_id, name, role, prefix, token_hash)
			select organization_id, 'n', 'ADMIN', 'p', sha256('n') from access_tokens`, "", `"name": "n"`},
		{"update access_tokens", `update access_tokens set token_hash = sha256('m') where name = 'n'`, `"name": "n"`, `"secretReplaced": true`},
		{"update access_tokens", `update access_tokens set revoked_at = null, role = 'VIEWER' where name = 'n'`, `"ADMIN"`, `"VIEWER"`},
		{"delete access_tokens", `delete from access_tokens where name = 'n'`, `"VIEWER"`, ""},
		{"update api_keys", `update api_keys set created_at = created_at - interval '1 day'`, `"createdAt"`, `"createdAt"`},
		{"insert api_key_secrets", `insert into api_key_secrets (organization_id, api_key_id, secret_hash, transition_ends_at)
			select organization_id, id, sha256('n'), now() + interval '1 hour' from api_keys`, "", `"transitionEndsAt": "`},
		{"update api_key_secrets", `update api_key_secrets set secret_hash = sha256('m') where secret_hash = sha256('n')`, `"apiKeyId"`, `"secretReplaced": true`},
		{"delete api_key_secrets", `delete from api_key_secrets where secret_hash = sha256('m')`, `"apiKeyId"`, ""},
		{"update limits", `update limits set max_units = 200`, `"amount": "100"`, `"amount": "200"`},
		{"update limits", `update limits set api_key_id = null`, `"apiKeyId": "key_`, `"apiKeyId": null`},
		{"delete limits", `delete from limits`, `"amount"`, ""},
		{"insert recipients", `insert into recipients (organization_id, email) select id, 'N@acme.test' from organizations`, "", `"N@acme.test"`},
		{"update recipients", `update recipients set email = 'm@acme.test'`, `"N@acme.test"`, `"m@acme.test"`},
		{"delete recipients", `delete from recipients`, `"m@acme.test"`, ""},
		{"insert suppressed_addresses", `insert into suppressed_addresses (organization_id, address, reason)
			select id, 'n@acme.test', 'BOUNCED' from organizations`, "", `"address": "n@acme.test"`},
		{"update suppressed_addresses", `update suppressed_addresses set reason = 'COMPLAINED'`, `"BOUNCED"`, `"COMPLAINED"`},
		{"insert organization_quotas", `insert into organization_quotas (organization_id, name, maximum) select id, 'MEMBERS', 7 from organizations`, "", `"maximum": 7`},
		{"update organization_quotas", `update organization_quotas set maximum = 8`, `"maximum": 7`, `"maximum": 8`},
		{"delete organization_quotas", `delete from organization_quotas`, `"name": "MEMBERS"`, ""},
		{"insert prices", `insert into prices (organization_id, provider, model, is_prefix, effective_from, rates, steps, step_rates)
			select id, 'p', 'm', false, '2026-01-01Z', '[{}]', '{}', '{}' from organizations`, "", `"model": "m"`},
		{"update prices", `update prices set effective_to = '2027-01-01Z'`, `"effectiveTo": null`, `"effectiveTo": "2027-01-01T`},
		{"delete prices", `delete from prices`, `"effectiveTo": "2027-01-01T`, ""},
		{"delete suppressed_addresses", `delete from suppressed_addresses`, `"COMPLAINED"`, ""},
	} {
		before := query[int](g, `select count(*) from audit_log`)
		g.exec(c.statement)
		entries := rowsOf[struct{ Action, Actor, Before, After string }](g, `select action, actor, coalesce(before::text, ''), coalesce(after::text, '')
			from audit_log order by id offset $1`, before)
		if len(entries) != 1 {
			t.Fatalf("%s: %d entries", c.statement, len(entries))
		}
		e := entries[0]
		equal(t, "action", e.Action, c.action)
		equal(t, "actor", e.Actor, "sql:"+login)
		equal(t, "nothing before "+c.statement, e.Before == "", c.before == "")
		equal(t, "nothing after "+c.statement, e.After == "", c.after == "")
		if !strings.Contains(e.Before, c.before) || !strings.Contains(e.After, c.after) {
			t.Errorf("%s: %s → %s, want %s → %s", c.statement, e.Before, e.After, c.before, c.after)
		}
	}
	g.exec(`insert into api_key_secrets (organization_id, api_key_id, secret_hash, transition_ends_at) select organization_id, id, sha256('x'), now() from api_keys`)
	before := query[int](g, `select count(*) from audit_log`)
	_, err := db.New().DeleteEndedSecrets(ctx, g.Pool)
	must(t, 0, err)
	g.exec(`delete from api_key_secrets where secret_hash = sha256('x')`)
	equal(t, "entries of a secret that had ended", query[int](g, `select count(*) from audit_log`)-before, 0)

	logged := query[string](g, `select string_agg(coalesce(before::text, '') || coalesce(after::text, ''), '') from audit_log`)
	for _, secret := range []string{"n", "m", "x"} {
		hash := query[[]byte](g, `select sha256($1)`, []byte(secret))
		if strings.Contains(strings.ToLower(logged), "hash") || strings.Contains(logged, hex.EncodeToString(hash)) {
			t.Errorf("the log holds a hash")
		}
	}
	for _, statement := range []string{`update audit_log set actor = 'x'`, `delete from audit_log`, `truncate audit_log`, `truncate members cascade`, `truncate organizations cascade`} {
		g.rolledBack(func(on db.DBTX) {
			if _, err := on.Exec(ctx, statement); err == nil {
				t.Errorf("%s: no error", statement)
			}
		})
	}
}
