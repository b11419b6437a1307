package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/dbtest"
)

// Row-level security leaves lists and look-ups their plans: the server, for an organization with 5,000 keys among a thousand
// others, looks at about as many rows as the owner, to whom it does not apply (a comparison of enums is not leakproof and so uses no index:
// of the three limits of a key it looks at all, and not at its two budgets); and for the operator at no more.
func TestConfinedQueriesKeepTheirPlans(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "plans every query on tables with many rows")
	ctx := context.Background()
	url := server.NewURL(t)
	g := newGatewayIn(t, server.Pool(t, url))
	g.loadKeys(t, 5000)
	must(t, 0, pgx.BeginFunc(ctx, g.Pool, func(tx pgx.Tx) error {
		run := func(statement string, arguments ...any) {
			_, err := tx.Exec(ctx, statement, arguments...)
			must(t, 0, err)
		}
		run(`set local session_replication_role = replica`) // without the audit log, which would take longer than all the rest
		run(`insert into audit_log (organization_id, action, actor, target_type, target_id)
			select $1, 'a', 'b', 'key', uuid_v7() from generate_series(1, 5000)`, g.Organization.ID)
		run(`insert into access_tokens (organization_id, name, role, prefix, token_hash)
			select $1, 'token', 'VIEWER', 'p', sha256(n::text::bytea) from generate_series(1, 5000) n`, g.Organization.ID)
		run(`insert into members (organization_id, email, role)
			select $1, n || '@acme.test', 'MEMBER' from generate_series(1, 5000) n`, g.Organization.ID)
		run(`insert into members (organization_id, email, role, status)
			select o.id, '7@acme.test', 'MEMBER', 'INVITED' from organizations o where o.id <> $1 limit 1`, g.Organization.ID)
		run(`insert into alerts (organization_id, budget_limit_id, kind, type, period, max_units, used_units, generation, period_number,
				period_start, raised_at)
			select $1, uuid_v7(), 'EXHAUSTED', 'COST', 'NONE', 1, 1, 1, 1, now(), now() from generate_series(1, 5000)`, g.Organization.ID)
		run(`insert into usage_hours (organization_id, bucket_start, api_key_id, provider, model, requests, input_tokens, output_tokens,
				cached_input_tokens, cost_nanos)
			select o.id, date_trunc('hour', now()) - n * interval '1 hour', o.id, '', '', 1, 1, 1, 1, 1 from organizations o, generate_series(0, 20) n`)
		run(`insert into usage_workspace_days (organization_id, bucket_start, provider, model, requests, input_tokens, output_tokens,
				cached_input_tokens, cost_nanos)
			select organization_id, date_trunc('day', bucket_start), '', '', sum(requests), 1, 1, 1, 1 from usage_hours group by 1, 2`)
		return nil
	}))
	g.exec(`analyze`)

	e := explain(t, url)
	// looked returns how many rows a query looks at for a role, the last of seven times: PostgreSQL has settled on its plan
	looked := func(role, name string, run func() (int, error)) (rows float64) {
		_, err := e.session.Exec(ctx, `set role `+role)
		must(t, 0, err)
		_, err = e.session.Exec(ctx, `select set_config('bursar.organization', $1, false), set_config('bursar.email', '7@acme.test', false),
			set_config('bursar.access_token_hash', encode(sha256('7'), 'hex'), false), set_config('bursar.invitations', 'on', false)`, g.Organization.ID.String())
		must(t, 0, err)
		for range 7 {
			e.taken(t)
			found, err := run()
			if must(t, found, err) == 0 {
				t.Errorf("%s found nothing", name)
			}
		}
		for _, s := range e.taken(t) {
			rows += s.Plan.scanned(func(string) {})
		}
		return rows
	}
	q, own, ids := db.New(), &g.Organization.ID, []uuid.UUID{loadedID(7)}
	middle, hash := loadedID(2500), query[[]byte](g, `select sha256('7')`)
	for name, run := range map[string]func() (int, error){
		"ListAPIKeys": func() (int, error) {
			rows, err := q.ListAPIKeys(ctx, e.session, &db.ListAPIKeysParams{OrganizationID: own, OrderedBy: "CREATED_AT", Descending: true, Number: 51, BelowID: &middle})
			return len(rows), err
		},
		"ListAPIKeys of a workspace": func() (int, error) {
			rows, err := q.ListAPIKeys(ctx, e.session, &db.ListAPIKeysParams{OrganizationID: own, OrderedBy: "CREATED_AT", Descending: true, WorkspaceID: &g.Workspace.ID, Number: 51})
			return len(rows), err
		},
		"ListAPIKeys of every organization": func() (int, error) {
			rows, err := q.ListAPIKeys(ctx, e.session, &db.ListAPIKeysParams{OrderedBy: "CREATED_AT", Descending: true, Number: 51, BelowID: &middle})
			return len(rows), err
		},
		"FindAPIKeys": func() (int, error) {
			rows, err := q.FindAPIKeys(ctx, e.session, &db.FindAPIKeysParams{OrganizationID: own, IDs: ids})
			return len(rows), err
		},
		"ListAPIKeyStatuses": func() (int, error) {
			rows, err := q.ListAPIKeyStatuses(ctx, e.session, &db.ListAPIKeyStatusesParams{OrganizationID: own, IDs: ids})
			return len(rows), err
		},
		"ListLimits": func() (int, error) {
			rows, err := q.ListLimits(ctx, e.session, &db.ListLimitsParams{OrganizationIDs: []uuid.UUID{*own}, SubjectIDs: ids})
			return len(rows), err
		},
		"ListMembers": func() (int, error) {
			rows, err := q.ListMembers(ctx, e.session, &db.ListMembersParams{OrganizationIDs: []uuid.UUID{*own}, Number: 51})
			return len(rows), err
		},
		"ListAccessTokens": func() (int, error) {
			rows, err := q.ListAccessTokens(ctx, e.session, &db.ListAccessTokensParams{OrganizationIDs: []uuid.UUID{*own}, Number: 51})
			return len(rows), err
		},
		"AuthenticateAccessToken": func() (int, error) {
			_, err := q.AuthenticateAccessToken(ctx, e.session, hash)
			return 1, err
		},
		"AuthenticateMember": func() (int, error) {
			rows, err := q.AuthenticateMember(ctx, e.session, &db.AuthenticateMemberParams{Email: "7@acme.test", Number: 10})
			return len(rows), err
		},
		"ListInvitations": func() (int, error) {
			rows, err := q.ListInvitations(ctx, e.session, &db.ListInvitationsParams{Email: "7@acme.test", Number: 10})
			return len(rows), err
		},
		"FindOwnMembership": func() (int, error) {
			_, err := q.FindOwnMembership(ctx, e.session, &db.FindOwnMembershipParams{Email: "7@acme.test", OrganizationID: *own})
			return 1, err
		},
		"ListTokensMadeBy": func() (int, error) {
			_, err := q.ListTokensMadeBy(ctx, e.session, &db.ListTokensMadeByParams{OrganizationID: *own, MemberID: g.Owner.ID, Number: 100})
			return 1, err
		},
		"ListKeysKnownTo": func() (int, error) {
			_, err := q.ListKeysKnownTo(ctx, e.session, &db.ListKeysKnownToParams{OrganizationID: *own, MemberID: g.Owner.ID, Number: 100})
			return 1, err
		},
		"ListAuditLog": func() (int, error) {
			rows, err := q.ListAuditLog(ctx, e.session, &db.ListAuditLogParams{OrganizationID: *own, Number: 51})
			return len(rows), err
		},
		"ListAlerts": func() (int, error) {
			rows, err := q.ListAlerts(ctx, e.session, &db.ListAlertsParams{OrganizationID: *own, Number: 51})
			return len(rows), err
		},
		"ListEveryAuditEntry": func() (int, error) {
			rows, err := q.ListEveryAuditEntry(ctx, e.session, &db.ListEveryAuditEntryParams{Number: 51})
			return len(rows), err
		},
		"ListEveryAlert": func() (int, error) {
			rows, err := q.ListEveryAlert(ctx, e.session, &db.ListEveryAlertParams{Number: 51})
			return len(rows), err
		},
		"FindReservations": func() (int, error) {
			rows, err := q.FindReservations(ctx, e.session, &db.FindReservationsParams{OrganizationID: own, IDs: ids})
			return len(rows), err
		},
		"ListReservationsOfAPIKey": func() (int, error) {
			rows, err := q.ListReservationsOfAPIKey(ctx, e.session, &db.ListReservationsOfAPIKeyParams{OrganizationID: *own, APIKeyID: ids[0], Number: 51})
			return len(rows), err
		},
		"ListReservations": func() (int, error) {
			rows, err := q.ListReservations(ctx, e.session, &db.ListReservationsParams{OrganizationID: *own, Number: 51})
			return len(rows), err
		},
		"ListUsage": func() (int, error) {
			rows, err := q.ListUsage(ctx, e.session, &db.ListUsageParams{OrganizationID: *own, FromTime: time.Now().Add(-time.Hour), ToTime: time.Now(),
				BucketInterval: db.UsageIntervalHOUR, Dimensions: []string{"API_KEY"}})
			return len(rows), err
		},
	} {
		owner := looked("none", name, run)
		roles := []string{db.OperatorRole, db.ServerRole}
		switch name {
		case "ListAPIKeys of every organization", "ListEveryAuditEntry", "ListEveryAlert":
			roles = []string{db.OperatorRole}
		case "AuthenticateAccessToken", "AuthenticateMember", "ListInvitations", "FindOwnMembership":
			roles = []string{db.AuthenticatorRole}
		}
		for _, role := range roles {
			if confined := looked(role, name, run); owner == 0 || confined > owner*3/2+10 || role == db.OperatorRole && confined > owner {
				t.Errorf("%s: %s looks at %.0f rows, the owner at %.0f", name, role, confined, owner)
			}
		}
	}
}
