package bench

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

// policyUsers is how many users the requests of row q name, each with a group of its own.
const policyUsers = 10_000

// ReserveForUsers is row c for a gateway that names the user of each request.
func ReserveForUsers() Operation {
	return Operation{letter: "q", what: "reserve, all keys, of 10,000 users", uniform: true, users: policyUsers, do: (*caller).reserve}
}

// ReserveAndRecordForUsers is row d for a gateway that names the user of each request.
func ReserveAndRecordForUsers() Operation {
	return Operation{letter: "q", what: "reserve + record pairs, all keys, of 10,000 users", uniform: true, users: policyUsers, do: (*caller).reserveAndRecord}
}

// appendUser appends the metadata of a request of a user who is drawn.
func (c *caller) appendUser() {
	if c.users > 0 {
		c.body = fmt.Appendf(c.body, `"metadata":{"user":"user-%05d"},`, c.random.IntN(c.users))
	}
}

// LoadPolicies gives an organization two policies: one for all requests, and one that groups them by user, each of whom has a group already.
func LoadPolicies(ctx context.Context, pool *pgxpool.Pool, data *Data) error {
	const budget = `[{"kind": "BUDGET", "type": "COST", "period": "MONTHLY", "max_units": 9000000000000000000, "alert_units": []}]`
	for _, groupBy := range [][]string{{}, {"metadata.user"}} {
		_, err := db.New().CreatePolicy(ctx, pool, &db.CreatePolicyParams{OrganizationID: data.OrganizationID, Name: fmt.Sprint("bench ", groupBy),
			Mode: db.LimitModeENFORCE, GroupBy: groupBy, MaxGroups: policyUsers, Conditions: []byte("[]"), Limits: []byte(budget)})
		if err != nil {
			return fmt.Errorf("load policies: %w", err)
		}
	}
	// as the requests of row q would make them
	_, err := pool.Exec(ctx, `select make_groups(match_policies(array_agg(k.organization_id), array_agg(k.workspace_id), array_agg(k.id), null, null,
			array_agg(format('{"user": "user-%s"}', lpad(u::text, 5, '0'))), false), clock_timestamp())
		from (select * from api_keys where organization_id = $1 limit 1) k, generate_series(0, $2::integer - 1) u`, data.OrganizationID, policyUsers)
	if err != nil {
		return fmt.Errorf("load groups of policies: %w", err)
	}
	return nil
}

// deletePolicies deletes the policies of an organization.
func deletePolicies(ctx context.Context, pool *pgxpool.Pool, data *Data) error {
	policies, err := db.New().ListPolicies(ctx, pool, []uuid.UUID{data.OrganizationID})
	for _, policy := range policies {
		if err == nil {
			_, err = db.New().DeletePolicy(ctx, pool, &db.DeletePolicyParams{OrganizationID: policy.OrganizationID, ID: policy.ID})
		}
	}
	if err != nil {
		return fmt.Errorf("delete policies: %w", err)
	}
	return nil
}

// measurePolicies measures row q: rows c and d again for gateways that name users, without policies and with two of them.
func (r *runner) measurePolicies(ctx context.Context) error {
	const without, with = ", no policy", ", two policies"
	err := r.measureAll(ctx, r.row(ReserveForUsers(), "q").called("q c without", without),
		r.row(ReserveAndRecordForUsers(), "q").called("q d without", without))
	if err != nil {
		return err
	}
	if err := r.tell("loading two policies with %d groups", policyUsers); err != nil {
		return err
	}
	if err := LoadPolicies(ctx, r.Pool, r.Data); err != nil {
		return err
	}
	err = r.measureAll(ctx, r.row(ReserveForUsers(), "q").called("q c", with), r.row(ReserveAndRecordForUsers(), "q").called("q d", with))
	if err != nil {
		return err
	}
	return deletePolicies(ctx, r.Pool, r.Data)
}
