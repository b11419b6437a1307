package db_test

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"bursar/db"
)

// policy is a policy for a test: its conditions and limits are JSON as create_policy takes them.
type policy struct {
	workspace  *uuid.UUID
	mode       db.LimitMode // "": ENFORCE
	groupBy    []string
	maxGroups  int
	conditions []condition
	limits     []policyLimit
}

// condition is a condition of a policy.
type condition struct {
	Attribute string   `json:"attribute"`
	Allowed   []string `json:"allowed"`
	Refused   []string `json:"refused"`
}

// policyLimit is a limit of a policy.
type policyLimit struct {
	ID     *uuid.UUID     `json:"id,omitempty"`
	Kind   db.LimitKind   `json:"kind"`
	Type   db.LimitType   `json:"type"`
	Period db.LimitPeriod `json:"period"`
	Max    int64          `json:"max_units"`
	Alerts []int64        `json:"alert_units"`
	Mode   db.LimitMode   `json:"mode,omitempty"`
}

func allowing(attribute string, values ...string) condition {
	return condition{Attribute: attribute, Allowed: values, Refused: []string{}}
}

func refusing(attribute string, values ...string) condition {
	return condition{Attribute: attribute, Allowed: []string{}, Refused: values}
}

func policyBudget(unit db.LimitType, period db.LimitPeriod, amount int64, alerts ...int64) policyLimit {
	return policyLimit{Kind: db.LimitKindBUDGET, Type: unit, Period: period, Max: amount, Alerts: append([]int64{}, alerts...)}
}

func policyRate(unit db.LimitType, interval db.LimitPeriod, most int64) policyLimit {
	return policyLimit{Kind: db.LimitKindRATE, Type: unit, Period: interval, Max: most, Alerts: []int64{}}
}

// user is what a request says of its user.
func user(name string) db.RequestLabels {
	return db.RequestLabels{Metadata: fmt.Sprintf(`{"user": %q}`, name)}
}

func asJSON(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// newPolicy creates a policy and returns its id.
func (g *gateway) newPolicy(p policy) uuid.UUID {
	g.T.Helper()
	if p.mode == "" {
		p.mode = db.LimitModeENFORCE
	}
	if p.maxGroups == 0 {
		p.maxGroups = 1000
	}
	return query[uuid.UUID](g, `select create_policy($1, $2, 'a policy', $3, $4, $5, $6, $7, $8)`, g.Organization.ID, p.workspace, p.mode,
		append([]string{}, p.groupBy...), p.maxGroups, asJSON(append([]condition{}, p.conditions...)), asJSON(append([]policyLimit{}, p.limits...)), g.now)
}

// used returns what each group of a policy has used of all of its limits, in order, as "values: used+reserved, …".
func (g *gateway) groups(policy uuid.UUID) []string {
	g.T.Helper()
	return query[[]string](g, `select array(
		select coalesce(array_to_string(g.group_values, '/', 'null'), '') || ':' || (
			select string_agg(' ' || case when is_over(c.kind, c.period_start, c.period_end, $3) then '0+0' else c.used_units || '+' || c.reserved_units end, '' order by c.limit_id)
			from counters c where c.subject_id = g.id)
		from policy_groups g where g.organization_id = $1 and g.policy_id = $2 order by g.group_values)`, g.Organization.ID, policy, g.now)
}
