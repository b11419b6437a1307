package demo

import "bursar/db"

// The amounts below are made for one replay of data/azure-llm-2023-conversation.csv, which gives the keys that may be used, in the order of
// their names, 29 % of its 19,366 requests, 14 %, 10 %, 7 % and so on, $45.88 at list prices altogether. Played as fast as possible it
// exhausts one budget, is slowed by two rate limits, crosses thresholds on keys, and has most of its requests admitted, whatever the
// history has used of this month or week. Further replays in the same month exhaust more.

// wholeOrganization is the owner of keys that belong to no workspace.
const wholeOrganization = ""

const (
	production = "Production"
	research   = "Research"
	support    = "Customer support"
	analytics  = "Analytics"

	owner    = "finance@demo.test"
	admin    = "platform@demo.test"
	ordinary = "research@demo.test"
	agents   = "support@demo.test"
	analyst  = "analytics@demo.test"
)

const (
	dollar = 1_000_000_000 // nano-dollars
	cent   = dollar / 100
)

// member is what makes a member.
type member struct {
	email, name string
	role        db.MemberRole
	status      db.MemberStatus
}

// members returns who belongs to the organization.
func members() []member {
	return []member{
		{owner, "Fiona Finance", db.MemberRoleOWNER, db.MemberStatusACTIVE},
		{admin, "Paul Platform", db.MemberRoleADMIN, db.MemberStatusACTIVE},
		{ordinary, "Rita Research", db.MemberRoleMEMBER, db.MemberStatusACTIVE},
		{agents, "Sam Support", db.MemberRoleMEMBER, db.MemberStatusACTIVE},
		{analyst, "Nina Analyst", db.MemberRoleMEMBER, db.MemberStatusACTIVE},
		{"new-colleague@demo.test", "Ivo Invited", db.MemberRoleMEMBER, db.MemberStatusINVITED},
	}
}

// organizationLimits returns the limits that every key must pass. The history uses about $330 a month.
func organizationLimits() []limit {
	return []limit{
		budget(db.LimitTypeCOST, db.LimitPeriodMONTHLY, 500*dollar, 125*dollar, 250*dollar, 400*dollar).since(),
		rate(db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 200_000),
	}
}

// workspace is what makes a workspace.
type workspace struct {
	name, slug string
	recipients []string
	limits     []limit
}

// workspaces returns all, each with thresholds at 50 and 80 %.
func workspaces() []workspace {
	monthly, weekly := db.LimitPeriodMONTHLY, db.LimitPeriodWEEKLY
	return []workspace{
		{name: production, slug: "production", limits: []limit{
			budget(db.LimitTypeCOST, monthly, 300*dollar, 150*dollar, 240*dollar).since(),
		}},
		{name: research, slug: "research", recipients: []string{"research-leads@demo.test"}, limits: []limit{
			budget(db.LimitTypeCOST, monthly, 60*dollar, 30*dollar, 48*dollar).since(),
		}},
		{name: support, slug: "customer-support", limits: []limit{
			budget(db.LimitTypeCOST, monthly, 80*dollar, 40*dollar, 64*dollar).since(),
		}},
		{name: analytics, slug: "analytics", recipients: []string{"controlling@demo.test"}, limits: []limit{
			budget(db.LimitTypeCOST, weekly, 25*dollar, 1250*cent, 20*dollar).since(),
		}},
	}
}

// limit is what makes a limit.
type limit struct {
	kind       db.LimitKind
	unit       db.LimitType
	period     db.LimitPeriod
	amount     int64   // in its own unit
	thresholds []int64 // of alerts, ascending
	counted    bool    // whether it is as old as its subject, and counts the history; else it counts from now
}

// since returns the limit as one that counts the history.
func (l limit) since() limit {
	l.counted = true
	return l
}

// budget returns a budget; thresholds are in its own unit, ascending.
func budget(unit db.LimitType, period db.LimitPeriod, amount int64, thresholds ...int64) limit {
	return limit{kind: db.LimitKindBUDGET, unit: unit, period: period, amount: amount, thresholds: thresholds}
}

// rate returns a rate limit.
func rate(unit db.LimitType, interval db.LimitPeriod, amount int64) limit {
	return limit{kind: db.LimitKindRATE, unit: unit, period: interval, amount: amount, thresholds: []int64{}}
}
