package fault

import (
	"maps"
	"slices"
)

// The faults of operations on the database.
var (
	ErrToken              = New(Unauthenticated, "the token is unknown, expired or revoked")
	ErrNotFound           = New(NotFound, "no such thing")
	ErrNoKeyOrReservation = New(NotFound, "no such key or reservation")
	ErrKeyIDRefused       = &Fault{Code: NotFound, Field: "key", Message: "key: no such key: this access token takes no ids. Send what the " +
		"caller presented as secret; a token with acceptsKeyIds takes ids"}
	ErrNotAnOwner        = New(Forbidden, "only an OWNER makes, changes or removes an OWNER, or makes an OWNER token")
	ErrNoGovernance      = New(FeatureNotAvailable, "the organization's plan does not include governance")
	ErrRequestIDReused   = New(IdempotencyMismatch, "this requestId was used before with other contents; give every request its own")
	ErrReservationClosed = New(ReservationClosed, "the reservation was settled or released already, or has expired")
	ErrReportTooLarge    = New(QueryTooComplex, "the report has too many buckets; choose a longer interval, a shorter time, "+
		"a narrower subject or fewer dimensions")
	ErrUnavailable = New(Unavailable,
		"the database cannot be reached or timed out; nothing was granted, try again with the same requestId")
	ErrMoved = New(Unavailable,
		"the organization is being moved or restored, and nothing is decided for it meanwhile; nothing was granted or changed, try again with the same requestId")
	ErrInternal = New(Internal, "internal error")
)

// OfConstraint returns the fault for the violation of a constraint of the database, by its name. A client's input cannot violate a
// constraint that is not in the list, so its violation is INTERNAL.
func OfConstraint(name string) *Fault {
	if known, ok := constraints[name]; ok {
		return known
	}
	return ErrInternal
}

// Constraints returns the names of the constraints that a client's input can violate.
func Constraints() []string { return slices.Sorted(maps.Keys(constraints)) }

// Quota returns the fault for an addition beyond a quota of an organization, by the quota's name and what it allows. Its extensions are
// quota and maximum.
func Quota(name string, maximum int64) *Fault {
	q, known := quotas[name]
	if !known {
		return ErrInternal
	}
	f := New(QuotaExceeded, "%s at most %d %s: %s, or ask the operator to raise the quota %s", q.who, maximum, q.what, q.remedy, name)
	f.Extensions = map[string]any{"quota": name, "maximum": maximum}
	return f
}

// quotas are those that an addition can exceed, and what a client is told of them.
var quotas = map[string]struct{ who, what, remedy string }{
	"MEMBERS":                {"the organization may have", "members", "remove members who are not needed"},
	"ADMINISTRATORS":         {"the organization may have", "owners and admins together", "make some of them MEMBERs"},
	"WORKSPACES":             {"the organization may have", "workspaces", "delete workspaces that are not needed"},
	"API_KEYS":               {"the organization may have", "API keys that are not revoked", "revoke keys that are not needed"},
	"ACCESS_TOKENS":          {"the organization may have", "access tokens that are neither revoked nor expired", "revoke tokens that are not needed"},
	"LIMITS_PER_SUBJECT":     {"an API key, a workspace or the organization may have", "limits of its own", "delete limits that are not needed"},
	"RECIPIENTS_PER_SUBJECT": {"an API key, a workspace or the organization may have", "added recipients", "remove recipients who are not needed"},
	"POLICIES":               {"the organization may have", "policies", "delete policies that are not needed"},
	"WEBHOOKS":               {"the organization may have", "webhooks", "delete webhooks that are not needed"},
}

// constraints are those that a client's input can violate.
var constraints = map[string]*Fault{
	"organizations_slug_key":         {Code: Conflict, Field: "slug", Message: "slug: another organization has this slug"},
	"organization_cells_slug_key":    {Code: Conflict, Field: "slug", Message: "slug: another organization has this slug"},
	"organization_cells_cell_check":  {Code: Conflict, Field: "cell", Message: "cell: no cell of this name and region takes new organizations"},
	"workspaces_slug_key":            {Code: Conflict, Field: "slug", Message: "slug: another workspace of the organization has this name or slug"},
	"members_email_key":              {Code: Conflict, Field: "email", Message: "email: this address is a member already"},
	"limits_subject_type_period_key": {Code: Conflict, Field: "type", Message: "type: the subject has a limit of this type and period already; change that one instead"},
	"simulations_unfinished_key":     {Code: Conflict, Field: "subjectId", Message: "subjectId: another simulation of its organization is not finished; wait for it, or cancel it with cancelSimulation"},
	"access_tokens_member_id_fkey":   {Code: NotFound, Field: "memberId", Message: "memberId: the organization has no such member"},
	"api_keys_created_by_id_fkey":    {Code: NotFound, Field: "createdById", Message: "createdById: the organization has no such member"},
	"api_keys_disabled_by_administrator_check": {
		Code: Forbidden, Field: "enabled", Message: "enabled: an OWNER or ADMIN switched the API key off, and only they switch it on again"},
	"api_keys_expires_at_most_check": {
		Code: Forbidden, Field: "expiresAt", Message: "expiresAt: an OWNER or ADMIN set when the API key expires, and only they extend it"},
	"api_keys_workspace_id_fkey":     {Code: NotFound, Field: "ownerId", Message: "ownerId: the organization has no such workspace"},
	"limits_workspace_id_fkey":       {Code: NotFound, Field: "subjectId", Message: "subjectId: the organization has no such workspace"},
	"webhooks_workspace_id_fkey":     {Code: NotFound, Field: "ownerId", Message: "ownerId: the organization has no such workspace"},
	"policies_workspace_id_fkey":     {Code: NotFound, Field: "ownerId", Message: "ownerId: the organization has no such workspace"},
	"policy_conditions_values_exist": {Code: NotFound, Field: "conditions", Message: "conditions: the organization has no such API key or workspace"},
	"recipients_workspace_id_fkey":   {Code: NotFound, Field: "subjectId", Message: "subjectId: the organization has no such workspace"},
	"members_last_owner_check":       {Code: Conflict, Field: "id", Message: "id: this is the organization's last OWNER; make somebody else an OWNER first"},
	"access_tokens_owner_check":      {Code: BadUserInput, Field: "memberId", Message: "memberId: must be given for an OWNER token, which is as much as its member is"},
	"access_tokens_expires_at_check": {Code: BadUserInput, Field: "expiresAt", Message: "expiresAt: must be in the future"},
	"organizations_slug_check":       {Code: BadUserInput, Field: "slug", Message: "slug: 1 to 63 lower-case letters, digits and hyphens, no hyphen first or last"},
	"workspaces_slug_check":          {Code: BadUserInput, Field: "slug", Message: "slug: 1 to 63 lower-case letters, digits and hyphens, no hyphen first or last"},
	"limits_max_units_check":         {Code: BadUserInput, Field: "amount", Message: "amount: must be above 0"},
	"limits_cost_minimum_check":      {Code: BadUserInput, Field: "amount", Message: "amount: a COST budget is at least 1 dollar"},
	"limits_alert_units_check":       {Code: BadUserInput, Field: "alertThresholds", Message: "alertThresholds: each must be above 0 and below the amount"},
	"limits_alert_recipients_check":  {Code: BadUserInput, Field: "alertRecipients", Message: "alertRecipients: must be a list, and of a budget"},
	"limits_alert_percents_check":    {Code: BadUserInput, Field: "alertThresholdPercents", Message: "alertThresholdPercents: each must be 1 to 99"},
	"usage_time_zone_check": {
		Code: BadUserInput, Field: "timeZone", Message: "timeZone: days there do not begin at whole hours of UTC in this time, and usage is kept by the hour: ask by HOUR, or in a time zone that is whole hours off UTC"},
	"limits_time_zone_check":      {Code: BadUserInput, Field: "timeZone", Message: "timeZone: is not of a budget whose periodicReset is NONE"},
	"limits_week_starts_on_check": {Code: BadUserInput, Field: "weekStartsOn", Message: "weekStartsOn: is of budgets whose periodicReset is WEEKLY"},
	"budget_raises_units_check":   {Code: BadUserInput, Field: "by", Message: "by: must be above 0"},
	"budget_raises_until_check":   {Code: BadUserInput, Field: "until", Message: "until: must be in the future"},
	"budget_raises_number_check":  {Code: BadUserInput, Field: "id", Message: "id: this budget has 100 raises that are in force; no more are added"},
	"budget_raises_end_check":     {Code: BadUserInput, Field: "until", Message: "until: must be given: this budget of a policy has no period that ends. setPolicyOverride gives a group another amount for good"},
	"budget_raises_values_check":  {Code: BadUserInput, Field: "groupValues", Message: "groupValues: must have a value of each attribute by which the policy groups, and are for budgets of policies alone"},
	"raise_requests_units_check":  {Code: BadUserInput, Field: "by", Message: "by: must be above 0"},
	"budget_raises_type_check":    {Code: BadUserInput, Field: "by", Message: "by: the budget counts another unit by now; ask again in that one"},
	"limits_day_of_month_check": {
		Code: BadUserInput, Field: "dayOfMonth", Message: "dayOfMonth: 1 to 31, of budgets whose periodicReset is MONTHLY, QUARTERLY or YEARLY"},
	"limits_reset_days_check":   {Code: BadUserInput, Field: "resetDays", Message: "resetDays: 1 to 365, of budgets whose periodicReset is EVERY_DAYS, which must have it"},
	"limits_reset_anchor_check": {Code: BadUserInput, Field: "resetAnchor", Message: "resetAnchor: is of budgets whose periodicReset is EVERY_DAYS"},
	"usage_events_cost_most_check": {
		Code: BadUserInput, Field: "cost", Message: "cost: by its price the usage costs more than 9000000000 dollars: give its cost, or less usage"},
	"prices_history_check": {
		Code: BadUserInput, Field: "effectiveFrom", Message: "effectiveFrom: is over, and another price was in effect then: history is not rewritten"},
	"prices_ended_check": {Code: BadUserInput, Field: "effectiveTo", Message: "effectiveTo: is over: history is not rewritten"},
	"price_multipliers_history_check": {
		Code: BadUserInput, Field: "effectiveFrom", Message: "effectiveFrom: is over, and another multiplier was in effect then: history is not rewritten"},
	"organization_quotas_organization_id_fkey": {
		Code: NotFound, Field: "organizationId", Message: "organizationId: no such organization"},
	"workspaces_organization_id_fkey": {Code: NotFound, Field: "organizationId", Message: "organizationId: no such organization"},
	"members_organization_id_fkey":    {Code: NotFound, Field: "organizationId", Message: "organizationId: no such organization"},
	"access_tokens_organization_id_fkey": {
		Code: NotFound, Field: "organizationId", Message: "organizationId: no such organization"},
}
