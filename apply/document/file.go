// Package document reads the files of bursar apply: YAML with known fields alone, whose mistakes are told by their lines.
package document

// Document is what a YAML document of a file says about one organization. What is not given is not managed: it stays as it is.
type Document struct {
	Organization Organization `json:"organization" jsonschema:"Which organization it is about, and what is set of it."`
	Owner        string       `json:"owner,omitempty" jsonschema:"Who manages what is made by this document, 1 to 100 characters: a team, a repository. bursar apply --prune takes away what has this label and is in no file any more."`
	Members      []*Member    `json:"members,omitempty" jsonschema:"People who are members or invited. Others stay."`
	Workspaces   []*Workspace `json:"workspaces,omitempty" jsonschema:"Workspaces. Others stay."`
	APIKeys      []*APIKey    `json:"apiKeys,omitempty" jsonschema:"API keys that the organization itself owns. Others stay, unless they are pruned."`
	Policies     []*Policy    `json:"policies,omitempty" jsonschema:"Policies of the organization. Others stay."`
	Prices       []*Price     `json:"prices,omitempty" jsonschema:"The organization's own prices. Others stay, unless they are pruned."`
	Removed      *Removed     `json:"removed,omitempty" jsonschema:"What there must not be any more."`

	Place
	Owners []string // of all documents that it was put together from
}

// Place is where something stands in a file.
type Place struct {
	File string `json:"-"`
	Line int    `json:"-"`
}

// At is the place itself, of what has one.
func (p *Place) At() *Place { return p }

// Organization says which organization a document is about, and what is set of it.
type Organization struct {
	Slug              string    `json:"slug" jsonschema:"Its slug: 1 to 63 lower-case letters, digits and hyphens."`
	Name              *string   `json:"name,omitempty" jsonschema:"1 to 200 characters. With the root token alone; it must be given for an organization that does not exist."`
	Plan              *string   `json:"plan,omitempty" jsonschema:"What it pays for. With the root token alone." enum:"FREE,PRO,ENTERPRISE"`
	GovernanceEnabled *bool     `json:"governanceEnabled,omitempty" jsonschema:"Opens governance to a PRO organization. With the root token alone."`
	RecipientDomains  *[]string `json:"recipientDomains,omitempty" jsonschema:"E-mail domains of which recipients may be added; empty: any."`
	UnpricedPolicy    *string   `json:"unpricedPolicy,omitempty" jsonschema:"What becomes of requests without a price that a budget of dollars would have to be charged with." enum:"DENY,ALLOW_UNPRICED"`
	Limits
	Place
}

// Limits are what may stand on an organization, a workspace or an API key.
type Limits struct {
	BudgetLimits *[]*Budget `json:"budgetLimits,omitempty" jsonschema:"All of its budgets, at most one of each type and reset: those that are not here are deleted with their history. Not given: they stay as they are."`
	RateLimits   *[]*Rate   `json:"rateLimits,omitempty" jsonschema:"All of its rate limits, at most one of each type and interval: those that are not here are deleted. Not given: they stay as they are."`
	Recipients   *[]string  `json:"recipients,omitempty" jsonschema:"All e-mail addresses that are added for its alerts. Not given: they stay as they are."`
}

// Budget is a budget. What is not given has its default.
type Budget struct {
	Type                   string    `json:"type" jsonschema:"What it counts." enum:"COST,TOKENS,REQUESTS"`
	Amount                 Decimal   `json:"amount" jsonschema:"US dollars, at least 1, at most 9 decimal places; or whole tokens or requests, at least 1."`
	PeriodicReset          string    `json:"periodicReset,omitempty" jsonschema:"When it starts again at zero; NONE when not given." enum:"NONE,DAILY,WEEKLY,MONTHLY,QUARTERLY,YEARLY,EVERY_DAYS"`
	AlertThresholds        []Decimal `json:"alertThresholds,omitempty" jsonschema:"Amounts that raise an alert, in the budget's unit, each above 0 and below the amount."`
	AlertThresholdPercents []int64   `json:"alertThresholdPercents,omitempty" jsonschema:"Percents of the amount that raise an alert, 1 to 99."`
	ResetDays              *int64    `json:"resetDays,omitempty" jsonschema:"Of EVERY_DAYS: how many days a period has, 1 to 365."`
	ResetAnchor            *string   `json:"resetAnchor,omitempty" jsonschema:"Of EVERY_DAYS: the first day of one of the periods, as 2026-01-31; the one that it has, or the day of the change, when not given."`
	TimeZone               string    `json:"timeZone,omitempty" jsonschema:"At whose midnights periods begin, an IANA name such as Europe/Berlin; UTC when not given."`
	WeekStartsOn           string    `json:"weekStartsOn,omitempty" jsonschema:"Of WEEKLY: on which day a period begins; SUNDAY when not given." enum:"SUNDAY,MONDAY,TUESDAY,WEDNESDAY,THURSDAY,FRIDAY,SATURDAY"`
	DayOfMonth             *int64    `json:"dayOfMonth,omitempty" jsonschema:"Of MONTHLY, QUARTERLY and YEARLY: on which day a period begins, 1 to 31; the 1st when not given."`
	Enabled                *bool     `json:"enabled,omitempty" jsonschema:"False: it counts, and neither refuses nor alerts. True when not given."`
	Mode                   string    `json:"mode,omitempty" jsonschema:"SHADOW: it counts and alerts, and refuses nothing. ENFORCE when not given." enum:"ENFORCE,SHADOW"`

	Place
}

// Rate is a rate limit. What is not given has its default.
type Rate struct {
	Type     string `json:"type" jsonschema:"What it counts." enum:"REQUESTS,TOKENS,PARALLEL_REQUESTS"`
	Limit    int64  `json:"limit" jsonschema:"Requests or tokens in a window, or reservations that are open, at least 1."`
	Interval string `json:"interval,omitempty" jsonschema:"The window; not for PARALLEL_REQUESTS, and else it must be given." enum:"SECOND,MINUTE,HOUR,DAY,WEEK"`
	Enabled  *bool  `json:"enabled,omitempty" jsonschema:"False: it counts, and does not refuse. True when not given."`
	Mode     string `json:"mode,omitempty" jsonschema:"SHADOW: it counts, and refuses nothing. ENFORCE when not given." enum:"ENFORCE,SHADOW"`

	Place
}

// Workspace is a workspace, known by its slug.
type Workspace struct {
	Slug string  `json:"slug" jsonschema:"Its slug, by which it is known: 1 to 63 lower-case letters, digits and hyphens."`
	Name *string `json:"name,omitempty" jsonschema:"1 to 200 characters; it must be given for a workspace that does not exist."`
	Limits
	APIKeys  []*APIKey `json:"apiKeys,omitempty" jsonschema:"API keys that it owns. Others stay, unless they are pruned."`
	Policies []*Policy `json:"policies,omitempty" jsonschema:"Policies of the workspace. Others stay."`

	Place
}

// APIKey is an API key, known by externalId, else by id, else by its name among those of its owner that are not revoked.
type APIKey struct {
	ExternalID         string             `json:"externalId,omitempty" jsonschema:"What the key is known by, unique in the organization, 1 to 200 characters; kept in its metadata. With it a key may be renamed and moved."`
	ID                 string             `json:"id,omitempty" jsonschema:"The id of a key that exists, key_ and 32 digits, for one that has no externalId and no name of its own."`
	Name               string             `json:"name" jsonschema:"1 to 200 characters. Without externalId and id the key is known by it, among those of its owner."`
	Description        Nullable[string]   `json:"description,omitzero" jsonschema:"What it is for, at most 2,000 characters; null: nothing."`
	ExpiresAt          Nullable[Time]     `json:"expiresAt,omitzero" jsonschema:"The first instant at which it is refused, as 2027-01-01T00:00:00Z; null: never."`
	Enabled            *bool              `json:"enabled,omitempty" jsonschema:"False: every request is refused."`
	EmailNotifications *bool              `json:"emailNotifications,omitempty" jsonschema:"Whether its budgets' alerts are mailed."`
	Metadata           *map[string]string `json:"metadata,omitempty" jsonschema:"All that is noted of it: texts by their names. Names that begin with bursar.apply/ are kept by bursar apply itself."`
	Limits

	Place
	Owner string // the document's
}

// Policy is a policy, known by its name among those of its owner.
type Policy struct {
	Name         string        `json:"name" jsonschema:"1 to 200 characters; it is known by it, among those of its owner."`
	Mode         *string       `json:"mode,omitempty" jsonschema:"SHADOW: its limits count and alert, and refuse nothing." enum:"ENFORCE,SHADOW"`
	Conditions   *[]*Condition `json:"conditions,omitempty" jsonschema:"What must hold of a request that falls under it: all of these. Other ones begin new counters."`
	GroupBy      *[]string     `json:"groupBy,omitempty" jsonschema:"The attributes whose values make a group, each with counters of its own. Other ones begin new counters."`
	MaxGroups    *int64        `json:"maxGroups,omitempty" jsonschema:"How many groups there may be, 1 to 1000000."`
	BudgetLimits *[]*Budget    `json:"budgetLimits,omitempty" jsonschema:"All of its budgets, at most one of each type and reset: those that are not here are deleted."`
	RateLimits   *[]*Rate      `json:"rateLimits,omitempty" jsonschema:"All of its rate limits, at most one of each type and interval: those that are not here are deleted."`

	Place
}

// Condition is a condition of a policy.
type Condition struct {
	Attribute string   `json:"attribute" jsonschema:"model, provider, apiKey, workspace, or metadata. and a name."`
	In        []string `json:"in,omitempty" jsonschema:"The values of which a request must have one. For apiKey external ids or ids, for workspace slugs or ids; of others an asterisk at the end stands for any text."`
	NotIn     []string `json:"notIn,omitempty" jsonschema:"The values of which a request must have none."`

	Place
}

// Member is a person, known by e-mail address.
type Member struct {
	Email string  `json:"email" jsonschema:"The address, by which the person is known whatever its case."`
	Role  string  `json:"role" jsonschema:"What the person may do." enum:"OWNER,ADMIN,MEMBER"`
	Name  *string `json:"name,omitempty" jsonschema:"1 to 200 characters."`

	Place
}

// Price is a price of the organization, known by provider, model and effectiveFrom.
type Price struct {
	Provider        string       `json:"provider" jsonschema:"Who is paid, 1 to 200 characters, in whatever case."`
	Model           string       `json:"model" jsonschema:"What is called, in whatever case; with a * at its end all models whose names begin so."`
	EffectiveFrom   *Time        `json:"effectiveFrom,omitempty" jsonschema:"From when on, as 2027-01-01T00:00:00Z. Not given: the price that is in effect, which another one replaces at once."`
	Source          *string      `json:"source,omitempty" jsonschema:"Where it was read, at most 400 characters; told when the price is made, not compared."`
	MaxOutputTokens *int64       `json:"maxOutputTokens,omitempty" jsonschema:"What the model writes at most in one answer, in tokens."`
	Rates           []*PriceRate `json:"rates" jsonschema:"1 to 200; none twice for the same unit, service tier and size of input."`

	Place
	Owner string // the document's
}

// PriceRate is a rate of a price.
type PriceRate struct {
	Unit             string  `json:"unit" jsonschema:"What it is for." enum:"INPUT_TOKENS,CACHED_INPUT_TOKENS,CACHE_WRITE_TOKENS,CACHE_WRITE_1H_TOKENS,OUTPUT_TOKENS,REASONING_TOKENS,AUDIO_INPUT_TOKENS,AUDIO_OUTPUT_TOKENS,IMAGES,REQUESTS,WEB_SEARCHES"`
	PerMillion       Decimal `json:"perMillion" jsonschema:"US dollars for a million, at most 6 decimal places. 0 is free."`
	AboveInputTokens *int64  `json:"aboveInputTokens,omitempty" jsonschema:"For requests with more input tokens than this, all of the request; 0 when not given."`
	ServiceTier      string  `json:"serviceTier,omitempty" jsonschema:"For requests of this service tier; STANDARD when not given." enum:"STANDARD,BATCH,FLEX,PRIORITY"`

	Place
}

// Removed says what there must not be any more. What is gone already is passed over.
type Removed struct {
	APIKeys    []string `json:"apiKeys,omitempty" jsonschema:"External ids or ids of API keys, which are revoked for good."`
	Workspaces []string `json:"workspaces,omitempty" jsonschema:"Slugs of workspaces. They must own no API keys but those that this run revokes or moves."`
	Policies   []string `json:"policies,omitempty" jsonschema:"Names of policies of the organization; of a workspace's, the workspace's slug, a slash and the name."`
	Members    []string `json:"members,omitempty" jsonschema:"E-mail addresses of members. Tokens that are bound to them are revoked; keys that they created stay."`
	Prices     []string `json:"prices,omitempty" jsonschema:"Provider, a slash and model of own prices that are in effect now or later, which end now."`

	Place
}
