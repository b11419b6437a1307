package demo

import "bursar/db"

// The amounts below are made for one replay of data/azure-llm-2023-conversation.csv, which gives the keys, in the order of
// their names, 32 % of its 19,366 requests, 16 %, 11 %, 8 % and so on, $45.88 at list prices altogether. Played as fast as
// possible it exhausts one budget, is slowed by two rate limits, crosses thresholds on keys, on both workspaces and on the
// organization, and has most of its requests admitted. Further replays in the same month exhaust more.

// wholeOrganization is the owner of keys that belong to no workspace.
const wholeOrganization = ""

const (
	production = "Production"
	research   = "Research"

	owner    = "finance@demo.test"
	admin    = "platform@demo.test"
	ordinary = "research@demo.test"
)

const (
	dollar = 1_000_000_000 // nano-dollars
	cent   = dollar / 100
)

// members returns who belongs to the organization, but for its id.
func members() []*db.AddMemberParams {
	member := func(email, name string, role db.MemberRole) *db.AddMemberParams {
		return &db.AddMemberParams{Email: email, Name: &name, Role: role}
	}
	return []*db.AddMemberParams{
		member(owner, "Fiona Finance", db.MemberRoleOWNER),
		member(admin, "Paul Platform", db.MemberRoleADMIN),
		member(ordinary, "Rita Research", db.MemberRoleMEMBER),
	}
}

// organizationLimits returns the limits that every key must pass. One replay crosses the first threshold alone.
func organizationLimits() []db.CreateLimitParams {
	return []db.CreateLimitParams{
		budget(db.LimitTypeCOST, db.LimitPeriodMONTHLY, 120*dollar, 30*dollar, 60*dollar, 96*dollar),
		rate(db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 200_000),
	}
}

// workspace is what makes a workspace.
type workspace struct {
	name, slug string
	recipients []string
	limits     []db.CreateLimitParams
}

// workspaces returns both, each with thresholds at 50 and 80 %: one replay crosses the first of Production's and both of
// Research's.
func workspaces() []workspace {
	return []workspace{
		{name: production, slug: "production", limits: []db.CreateLimitParams{
			budget(db.LimitTypeCOST, db.LimitPeriodMONTHLY, 40*dollar, 20*dollar, 32*dollar),
		}},
		{name: research, slug: "research", recipients: []string{"research-leads@demo.test"}, limits: []db.CreateLimitParams{
			budget(db.LimitTypeCOST, db.LimitPeriodMONTHLY, 9*dollar, 450*cent, 720*cent),
		}},
	}
}

// budget returns a budget without its subject; thresholds are in its own unit, ascending.
func budget(kind db.LimitType, period db.LimitPeriod, amount int64, thresholds ...int64) db.CreateLimitParams {
	return db.CreateLimitParams{
		Kind: db.LimitKindBUDGET, Type: kind, Period: period, MaxUnits: amount, AlertUnits: thresholds,
	}
}

// rate returns a rate limit without its subject.
func rate(kind db.LimitType, interval db.LimitPeriod, limit int64) db.CreateLimitParams {
	return db.CreateLimitParams{Kind: db.LimitKindRATE, Type: kind, Period: interval, MaxUnits: limit, AlertUnits: []int64{}}
}
