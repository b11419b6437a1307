package demo

import "bursar/db"

// key is what makes an API key.
type key struct {
	name, description, team string
	owner                   string // a workspace's name, or wholeOrganization
	creator                 string // a member's address
	quiet                   bool   // its alerts are recorded and not mailed
	limits                  []db.CreateLimitParams
}

// keys returns the API keys, the busiest first: a replay orders them by name.
func keys() []key {
	return []key{
		{
			name: "Assistant (web)", description: "Chat in the web application", team: "assistant",
			owner: production, creator: admin,
			limits: []db.CreateLimitParams{rate(db.LimitTypeREQUESTS, db.LimitPeriodHOUR, 50_000)},
		},
		{ // about 4,200,000 tokens: denied in a fast replay, admitted in real time
			name: "Batch summaries", description: "Nightly summaries of conversations", team: "data",
			owner: production, creator: admin,
			limits: []db.CreateLimitParams{rate(db.LimitTypeTOKENS, db.LimitPeriodMINUTE, 1_000_000)},
		},
		{ // about $5.20: crosses its first threshold
			name: "Code review", description: "Review comments on every pull request", team: "platform",
			owner: wholeOrganization, creator: admin,
			limits: []db.CreateLimitParams{
				budget(db.LimitTypeCOST, db.LimitPeriodMONTHLY, 8*dollar, 4*dollar, 640*cent),
			},
		},
		{ // about 1,550 requests: denied in a fast replay, admitted in real time
			name: "Document search", description: "Answers over the knowledge base", team: "search",
			owner: production, creator: admin,
			limits: []db.CreateLimitParams{rate(db.LimitTypeREQUESTS, db.LimitPeriodMINUTE, 400)},
		},
		{ // would be about $2.90: exhausted halfway
			name: "Evaluation runs", description: "Regression tests of prompts", team: "research",
			owner: research, creator: ordinary,
			limits: []db.CreateLimitParams{
				budget(db.LimitTypeCOST, db.LimitPeriodWEEKLY, 150*cent, 75*cent, 120*cent),
			},
		},
		{
			name: "Fine-tuning data", description: "Synthetic examples for fine-tuning", team: "research",
			owner: research, creator: ordinary,
		},
		{ // about 1,200,000 tokens: crosses its first threshold
			name: "Mobile app", description: "Chat in the mobile applications", team: "assistant",
			owner: production, creator: admin,
			limits: []db.CreateLimitParams{
				budget(db.LimitTypeTOKENS, db.LimitPeriodMONTHLY, 2_000_000, 1_000_000, 1_600_000),
			},
		},
		{
			name: "Notebook (Ada)", description: "Experiments", team: "research",
			owner: research, creator: ordinary,
			limits: []db.CreateLimitParams{rate(db.LimitTypeREQUESTS, db.LimitPeriodDAY, 10_000)},
		},
		{ // about $1.60: crosses its threshold, and nobody is mailed
			name: "Notebook (Grace)", description: "Experiments; alerts without mail", team: "research",
			owner: research, creator: ordinary, quiet: true,
			limits: []db.CreateLimitParams{budget(db.LimitTypeCOST, db.LimitPeriodNONE, 10*dollar, 1*dollar)},
		},
		{
			name: "Prompt playground", description: "Everybody's first try", team: "platform",
			owner: wholeOrganization, creator: admin,
		},
		{
			name: "Support triage", description: "Sorts incoming tickets", team: "support",
			owner: production, creator: admin,
		},
		{
			name: "Translation", description: "Help pages in other languages", team: "support",
			owner: production, creator: admin,
		},
	}
}
