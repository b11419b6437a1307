package db_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"bursar/db"
	"bursar/db/model"
	"bursar/fault"
)

var (
	someUsers    = rapid.SampledFrom([]string{"", "", "ann", "bob", "eve"})
	policyModels = rapid.SampledFrom([]string{"", "large", "LARGE", "small"})
	someGroupBys = rapid.SampledFrom([][]string{{}, {"metadata.user"}, {"metadata.user"}, {"model"}, {"model", "metadata.user"}})
	someMosts    = rapid.SampledFrom([]int{1, 2, 3, 10, 10})
)

// userOf returns the user in some metadata; "" for none.
func userOf(metadata string) string {
	var read struct{ User string }
	if metadata == "" || json.Unmarshal([]byte(metadata), &read) != nil {
		return ""
	}
	return read.User
}

// metadataOf returns metadata with a user, or without.
func metadataOf(user string) string {
	if user == "" {
		return ""
	}
	return `{"user": "` + user + `"}`
}

// identity names a limit in the model: that of a group by the group, too.
func identity(s *db.LimitStatus) uuid.UUID {
	if s.Policy == nil {
		return s.ID
	}
	values := []string{}
	for _, value := range s.Policy.Values {
		if value == nil {
			values = append(values, "NULL")
		} else {
			values = append(values, *value)
		}
	}
	return model.GroupLimitID(s.ID, strings.Join(values, ","))
}

// attribute says what an estimate is for, so that it falls under policies.
func (p *play) attribute(rt *rapid.T, labels *db.RequestLabels) {
	labels.Metadata = metadataOf(someUsers.Draw(rt, "user"))
	if labels.Model == "" && rapid.Bool().Draw(rt, "of a model that costs nothing") {
		labels.Model = policyModels.Draw(rt, "model")
	}
}

// createPolicy creates a policy with one or two limits.
func (p *play) createPolicy(rt *rapid.T) {
	k := p.someKey(rt)
	wanted := &model.Policy{Organization: k.Organization, GroupBy: someGroupBys.Draw(rt, "group by"), Most: someMosts.Draw(rt, "most"),
		Shadow: oneIn(rt, 5, "shadow")}
	created := policy{groupBy: wanted.GroupBy, maxGroups: wanted.Most, mode: modeOf(wanted.Shadow)}
	if k.Workspace != uuid.Nil && rapid.Bool().Draw(rt, "of the workspace") {
		wanted.Workspace, created.workspace = k.Workspace, &k.Workspace
	}
	if oneIn(rt, 3, "conditional") {
		wanted.Models, created.conditions = "lar", []condition{allowing("model", "Lar*")}
	}
	if rapid.Bool().Draw(rt, "budget") {
		l := &model.PolicyLimit{Kind: db.LimitKindBUDGET, Own: map[string]int64{}}
		l.Unit, l.Length = someBudgetTypes.Draw(rt, "type"), rapid.SampledFrom([]db.LimitPeriod{"NONE", "DAILY", "MONTHLY"}).Draw(rt, "period")
		l.Amount = someAmountOf(rt, l.Unit)
		l.Thresholds = slices.Compact(slices.Sorted(slices.Values(slices.DeleteFunc(someThresholds.Draw(rt, "thresholds"), func(t int64) bool { return t >= l.Amount }))))
		wanted.Limits = append(wanted.Limits, l)
		created.limits = append(created.limits, policyBudget(l.Unit, l.Length, l.Amount, l.Thresholds...))
	}
	if len(wanted.Limits) == 0 || rapid.Bool().Draw(rt, "rate") {
		l := &model.PolicyLimit{Kind: db.LimitKindRATE, Own: map[string]int64{}}
		l.Unit, l.Length, l.Thresholds = someRateTypes.Draw(rt, "type"), someIntervals.Draw(rt, "interval"), []int64{}
		if l.Unit == db.LimitTypePARALLELREQUESTS {
			l.Length = db.LimitPeriodNONE
		}
		l.Amount = rapid.SampledFrom([]int64{1, 2, 3, 50, 100}).Draw(rt, "limit")
		wanted.Limits = append(wanted.Limits, l)
		created.limits = append(created.limits, policyRate(l.Unit, l.Length, l.Amount))
	}
	var ids []uuid.UUID
	code := p.AddPolicy(wanted)
	p.scan(rt, code, &wanted.ID, `select create_policy($1, $2, 'p', $3, $4, $5, $6, $7, $8)`, wanted.Organization, created.workspace, created.mode,
		append([]string{}, created.groupBy...), created.maxGroups, asJSON(append([]condition{}, created.conditions...)), asJSON(created.limits), p.Now)
	if code != "" {
		return
	}
	p.scan(rt, "", &ids, `select array_agg(l.id order by l.kind) from limits l where l.policy_id = $1`, wanted.ID)
	for i, l := range wanted.Limits {
		l.ID = ids[i]
	}
}

// someAmountOf draws an amount that fits a type.
func someAmountOf(rt *rapid.T, unit db.LimitType) int64 {
	if unit == db.LimitTypeCOST {
		return someDollars.Draw(rt, "amount")
	}
	return rapid.SampledFrom([]int64{1, 2, 3, 10, 50, 51, 100, 1000}).Draw(rt, "amount")
}

// scan runs a statement of one value, or one that answers an error with a code.
func (p *play) scan(rt *rapid.T, code fault.Code, value any, statement string, arguments ...any) {
	rt.Helper()
	err := p.g.Pool.QueryRow(rt.Context(), statement, arguments...).Scan(value)
	if got := codeOf(err); got != code || code == "" && err != nil {
		rt.Fatalf("code %q (%v), want %q", got, err, code)
	}
}

// somePolicy draws a policy.
func (p *play) somePolicy(rt *rapid.T) *model.Policy {
	if len(p.Policies) == 0 {
		rt.Skip()
	}
	return rapid.SampledFrom(p.Policies).Draw(rt, "policy")
}

// changePolicy changes something of a policy: its amounts and mode, which keep what was used, or what begins anew.
func (p *play) changePolicy(rt *rapid.T) {
	policy := p.somePolicy(rt)
	var mode, conditions *string
	var groupBy []string
	var most *int
	changed := []policyLimit{}
	var change func()
	anew := false
	switch rapid.IntRange(0, 5).Draw(rt, "what") {
	case 0:
		shadow := rapid.Bool().Draw(rt, "shadow")
		mode = new(string(modeOf(shadow)))
		change = func() { policy.Shadow = shadow }
	case 1:
		most = new(someMosts.Draw(rt, "most"))
		change = func() { policy.Most = *most }
	case 2:
		groupBy = append([]string{}, someGroupBys.Draw(rt, "group by")...)
		anew = !slices.Equal(groupBy, policy.GroupBy)
		change = func() {
			if anew {
				for _, l := range policy.Limits {
					l.Own = map[string]int64{}
					l.Raises = slices.DeleteFunc(l.Raises, func(r *model.GroupRaise) bool { return r.Values != nil })
				}
			}
			policy.GroupBy = groupBy
		}
	case 3:
		models := rapid.SampledFrom([]string{"", "lar"}).Draw(rt, "models")
		anew = models != policy.Models
		conditions = new("[]")
		if models != "" {
			conditions = new(asJSON([]condition{allowing("model", "Lar*")}))
		}
		change = func() { policy.Models = models }
	default:
		l := rapid.SampledFrom(policy.Limits).Draw(rt, "limit")
		amount := someAmountOf(rt, l.Unit)
		thresholds := slices.DeleteFunc(slices.Clone(l.Thresholds), func(t int64) bool { return t >= amount })
		if len(thresholds) != len(l.Thresholds) {
			return // they would have to be changed with it
		}
		changed = append(changed, policyLimit{ID: &l.ID, Kind: l.Kind, Type: l.Unit, Period: l.Length, Max: amount, Alerts: append([]int64{}, thresholds...)})
		change = func() { l.Amount = amount }
	}
	code := p.ChangePolicy(policy, anew, change)
	p.scan(rt, code, new(bool), `select update_policy($1, $2, null, $3, $4, $5, $6, '{}', $7, '[]', $8)`, policy.Organization, policy.ID, mode, groupBy, most,
		conditions, asJSON(changed), p.Now)
}

// someGroup draws the values of a group of a policy, as the model and as the database has them.
func someGroup(rt *rapid.T, policy *model.Policy) (values []string, given []*string) {
	for range policy.GroupBy {
		values = append(values, rapid.SampledFrom([]string{"ann", "bob", "large", "NULL"}).Draw(rt, "value"))
	}
	given = make([]*string, len(values))
	for i := range values {
		if values[i] != "NULL" {
			given[i] = &values[i]
		}
	}
	return values, given
}

// raisePolicy raises a budget of a policy: of a group, or of all of them.
func (p *play) raisePolicy(rt *rapid.T) {
	policy := p.somePolicy(rt)
	l := policy.Limits[0]
	if l.Kind != db.LimitKindBUDGET {
		return
	}
	units, until := p.someRaise(rt)
	var of *string
	var group any
	if rapid.Bool().Draw(rt, "of one group") {
		values, given := someGroup(rt, policy)
		of, group = new(strings.Join(values, ",")), given
	}
	code := p.RaisePolicy(policy, l, of, units, until)
	p.scan(rt, code, new(int), `select count(*) from raise_budget($1, $2, $3, $4, $5, $6, $7)`, policy.Organization, l.ID, group, l.Unit, units, until, p.Now)
}

// setOwnAmount gives a group an amount of its own, or takes it away.
func (p *play) setOwnAmount(rt *rapid.T) {
	policy := p.somePolicy(rt)
	l := rapid.SampledFrom(policy.Limits).Draw(rt, "limit")
	values, given := someGroup(rt, policy)
	var amount *int64
	if rapid.Bool().Draw(rt, "own") {
		amount = new(someAmountOf(rt, l.Unit))
	}
	code := p.ChangePolicy(policy, false, func() {
		delete(l.Own, strings.Join(values, ","))
		if amount != nil {
			l.Own[strings.Join(values, ",")] = *amount
		}
	})
	p.scan(rt, code, new(bool), `select set_group_amount($1, $2, $3, $4, $5, $6)`, policy.Organization, policy.ID, l.ID, given, amount, p.Now)
}

// deletePolicy deletes a policy.
func (p *play) deletePolicy(rt *rapid.T) {
	policy := p.somePolicy(rt)
	p.RemovePolicy(policy)
	p.scan(rt, "", new(bool), `select delete_policy($1, $2)`, policy.Organization, policy.ID)
}
