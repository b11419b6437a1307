package demo

import "bursar/db"

// key is what makes an API key.
type key struct {
	name, description, team string
	owner                   string // a workspace's name, or wholeOrganization
	creator                 string // a member's address
	quiet                   bool   // its alerts are recorded and not mailed
	recipients              []string
	limits                  []limit
	habit                   habit // how it has been used; zero: not at all
	ends                    ending
}

// ending is what has become of a key, and how long ago.
type ending struct {
	how  string // EXPIRED, DISABLED or REVOKED; "": it may be used
	days int
}

// keys returns the API keys, the busiest of a replay first: it orders them by name. Those with limits that a replay is to reach have no
// history, so that it reaches them on every day of a month.
func keys() []key {
	return append(replayedKeys(), olderKeys()...)
}

// replayedKeys are those that a replay mostly plays for.
func replayedKeys() []key {
	cost, monthly := db.LimitTypeCOST, db.LimitPeriodMONTHLY
	return []key{
		{
			name: "Assistant (web)", description: "Chat in the web application", team: "assistant", owner: production, creator: admin,
			limits: []limit{rate(db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 50_000)}, habit: habit{always, 70, 1400, 220, general},
		},
		{ // about 3,700,000 tokens: denied in a fast replay, admitted in real time
			name: "Batch summaries", description: "Nightly summaries of conversations", team: "data", owner: production, creator: admin,
			limits: []limit{rate(db.LimitTypeTOKENS, db.LimitPeriodMINUTE, 1_000_000)}, habit: habit{nightly, 25, 5200, 350, cheap},
		},
		{ // about $4.60: crosses its first threshold
			name: "Code review", description: "Review comments on every pull request", team: "platform", owner: wholeOrganization, creator: admin,
			limits: []limit{budget(cost, monthly, 8*dollar, 4*dollar, 640*cent)},
		},
		{ // about 1,400 requests: denied in a fast replay, admitted in real time
			name: "Document search", description: "Answers over the knowledge base", team: "search", owner: production, creator: admin,
			limits: []limit{rate(db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 400)}, habit: habit{office, 20, 3800, 180, general},
		},
		{ // would be about $2.60: exhausted halfway
			name: "Evaluation runs", description: "Regression tests of prompts", team: "research", owner: research, creator: ordinary,
			limits: []limit{budget(cost, db.LimitPeriodWEEKLY, 150*cent, 75*cent, 120*cent)},
		},
		{
			name: "Fine-tuning data", description: "Synthetic examples for fine-tuning", team: "research", owner: research, creator: ordinary,
			habit: habit{nightly, 6, 900, 700, cheap},
		},
		{ // about 1,050,000 tokens: crosses its first threshold
			name: "Mobile app", description: "Chat in the mobile applications", team: "assistant", owner: production, creator: admin,
			limits: []limit{budget(db.LimitTypeTOKENS, monthly, 2_000_000, 1_000_000, 1_600_000)},
		},
		{
			name: "Notebook (Ada)", description: "Experiments", team: "research", owner: research, creator: ordinary,
			limits: []limit{rate(db.LimitTypeREQUESTS, db.LimitPeriodDAY, 10_000)}, habit: habit{office, 4, 2100, 500, strong},
		},
		{ // about $1.40: crosses its threshold, and nobody is mailed
			name: "Notebook (Grace)", description: "Experiments; alerts without mail", team: "research", owner: research, creator: ordinary,
			quiet: true, limits: []limit{budget(cost, db.LimitPeriodNONE, 10*dollar, 1*dollar)},
		},
		{
			name: "Prompt playground", description: "Everybody's first try", team: "platform", owner: wholeOrganization, creator: admin,
			habit: habit{office, 5, 600, 400, strong},
		},
		{
			name: "Support triage", description: "Sorts incoming tickets", team: "support", owner: production, creator: admin,
			habit: habit{always, 12, 900, 40, cheap},
		},
		{
			name: "Translation", description: "Help pages in other languages", team: "support", owner: production, creator: admin,
			habit: habit{office, 8, 1800, 1700, cheap},
		},
	}
}

// olderKeys have budgets that their history has used, and some may not be used any more.
func olderKeys() []key {
	cost, tokens, none, weekly, monthly := db.LimitTypeCOST, db.LimitTypeTOKENS, db.LimitPeriodNONE, db.LimitPeriodWEEKLY, db.LimitPeriodMONTHLY
	return []key{
		{
			name: "Unit-test writer", description: "Writes tests in pull requests", team: "platform", owner: wholeOrganization, creator: admin,
			limits: []limit{budget(cost, monthly, 60*dollar, 30*dollar, 48*dollar).since(), budget(cost, weekly, 12*dollar, 9*dollar).since()},
			habit:  habit{office, 45, 6500, 1500, strong},
		},
		{
			name: "Vendor contracts", description: "A project that ended: extracts terms from contracts", team: "legal", owner: analytics,
			creator: analyst, limits: []limit{budget(cost, none, 25*dollar, 20*dollar).since()}, habit: habit{office, 9, 14000, 900, strong},
			ends: ending{"EXPIRED", 6},
		},
		{
			name: "Video captions", description: "Switched off until its prompt is shorter", team: "media", owner: production, creator: admin,
			limits: []limit{budget(cost, weekly, 5*dollar, 250*cent, 4*dollar).since()}, habit: habit{nightly, 14, 9000, 2600, general},
			ends: ending{"DISABLED", 3},
		},
		{
			name: "Voice agent", description: "Answers the telephone", team: "support", owner: support, creator: agents,
			recipients: []string{"telephony@demo.test"},
			limits: []limit{
				budget(cost, weekly, 8*dollar, 4*dollar, 640*cent).since(), rate(tokens, db.LimitPeriodMINUTE, 2_000_000),
			},
			habit: habit{always, 30, 700, 120, general},
		},
		{
			name: "Warranty claims", description: "Reads photos and letters", team: "support", owner: support, creator: agents,
			limits: []limit{budget(cost, none, 20*dollar, 10*dollar, 16*dollar, 19*dollar).since()}, habit: habit{office, 17, 4200, 300, general},
		},
		{
			name: "Web research", description: "Finds and reads sources", team: "research", owner: research, creator: ordinary,
			limits: []limit{budget(tokens, monthly, 20_000_000, 10_000_000, 16_000_000).since()}, habit: habit{office, 16, 9000, 800, general},
		},
		{
			name: "Weekly reports", description: "Its budget is used up: figures for the management", team: "controlling", owner: analytics,
			creator: analyst, limits: []limit{budget(cost, none, 8*dollar, 4*dollar, 640*cent).since()}, habit: habit{mondays, 10, 7000, 2200, strong},
		},
		{
			name: "Wiki answers", description: "Replaced by Document search", team: "support", owner: support, creator: agents,
			habit: habit{office, 7, 2800, 250, cheap}, ends: ending{"REVOKED", 12},
		},
		{
			name: "Workflow copilot", description: "Fills in forms", team: "operations", owner: analytics, creator: analyst,
			recipients: []string{"operations@demo.test", "controlling@demo.test"},
			limits: []limit{
				budget(cost, weekly, 10*dollar, 5*dollar, 8*dollar, 950*cent).since(), budget(tokens, monthly, 60_000_000, 30_000_000).since(),
				rate(db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 600),
			},
			habit: habit{office, 38, 2600, 420, general},
		},
	}
}
