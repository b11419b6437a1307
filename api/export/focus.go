package export

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/graph/lookup"
	"bursar/id"
)

// The values of FOCUS 1.2 that are the same in every row, and those that stand for what a gateway did not report in columns that may
// not be empty.
const (
	currency           = "USD"
	chargeCategory     = "Usage"
	chargeFrequency    = "Usage-Based"
	serviceCategory    = "AI and Machine Learning"
	serviceSubcategory = "Generative AI"
	serviceName        = "Model inference"
	correction         = "Correction"
	tokensUnit         = "tokens"
	unknownProvider    = "Unknown"
	unknownModel       = "unknown"
)

// focus writes rows in the columns of FOCUS 1.2, of one organization.
type focus struct {
	accountID, accountName string
}

func newFocus(ctx context.Context, find *lookup.Finder, s *scope) (*focus, error) {
	organization, err := s.organization(ctx, find)
	if err != nil {
		return nil, err
	}
	return &focus{organization.ExternalID(), organization.Name}, nil
}

// focusColumns are the columns of FOCUS, in alphabetical order. Columns of Bursar's own follow them.
func focusColumns() []string {
	return []string{
		"BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency", "BillingPeriodEnd",
		"BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd",
		"ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost",
		"PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory",
		"ServiceName", "ServiceSubcategory", "SkuId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
	}
}

// focusUsageColumns are Bursar's own columns of usage, focusEventColumns those of the ledger.
func focusUsageColumns() []string {
	return []string{
		"x_AudioInputTokens", "x_AudioOutputTokens", "x_CacheWrite1hTokens", "x_CacheWriteTokens", "x_CachedInputTokens", "x_Images",
		"x_InputTokens", "x_Model", "x_OutputTokens", "x_ReasoningTokens", "x_Requests", "x_ServiceTier", "x_WebSearches",
	}
}

func focusEventColumns() []string {
	return append(focusUsageColumns(), "x_CorrectsUsageEventId", "x_OccurredAt", "x_RecordedAt", "x_RequestId", "x_ReservationId", "x_UsageEventId")
}

// charge is a row of FOCUS.
type charge struct {
	start, end                time.Time
	workspaceID, apiKeyID     uuid.UUID // zero: none
	workspaceName, apiKeyName *string
	provider, model           string // "": not reported
	requests                  decimal.Decimal
	input, output             decimal.Decimal // tokens
	parts                     parts
	serviceTier               string
	cost                      decimal.Decimal // US dollars
	corrected                 time.Time       // when what it corrects was charged; zero: it is no correction
	tags                      db.Metadata
}

// parts are those of the tokens, and what else was used.
type parts struct {
	cachedInput, cacheWrite, cacheWrite1h, audioInput decimal.Decimal // input tokens
	reasoning, audioOutput                            decimal.Decimal // output tokens
	images, webSearches                               decimal.Decimal
}

// usage adds a bucket.
func (f *focus) usage(p *page, row *db.ExportedUsage, end time.Time) {
	f.write(p, &charge{
		start: row.BucketStart, end: end, workspaceID: row.WorkspaceID, workspaceName: row.WorkspaceName, apiKeyID: row.APIKeyID,
		apiKeyName: row.ApiKeyName, provider: row.Provider, model: row.Model, serviceTier: row.ServiceTier, requests: row.Requests,
		input: row.InputTokens, output: row.OutputTokens, parts: parts{
			cachedInput: row.CachedInputTokens, cacheWrite: row.CacheWriteTokens, cacheWrite1h: row.CacheWrite1hTokens,
			reasoning: row.ReasoningTokens, audioInput: row.AudioInputTokens, audioOutput: row.AudioOutputTokens, images: row.Images,
			webSearches: row.WebSearches,
		}, cost: row.CostNanos.Shift(-9),
		tags: row.Metadata,
	})
	p.end()
}

// event adds a row of the ledger: its charge period is the second in which it was booked. Tags are its metadata, and those of the API key
// whose names it does not have.
func (f *focus) event(p *page, row *db.ExportUsageEventsRow) {
	e := &row.UsageEvent
	tags := maps.Clone(row.ApiKeyMetadata)
	if tags == nil {
		tags = db.Metadata{}
	}
	maps.Copy(tags, e.Metadata)
	second := e.RecordedAt.Truncate(time.Second)
	c := &charge{
		start: second, end: second.Add(time.Second), workspaceName: row.WorkspaceName, apiKeyID: e.APIKeyID, apiKeyName: row.ApiKeyName,
		provider: e.Provider, model: e.Model, serviceTier: string(e.ServiceTier), requests: decimal.NewFromInt(e.Requests),
		input: decimal.NewFromInt(e.InputTokens), output: decimal.NewFromInt(e.OutputTokens), parts: parts{
			cachedInput: decimal.NewFromInt(e.CachedInputTokens), cacheWrite: decimal.NewFromInt(e.CacheWriteTokens),
			cacheWrite1h: decimal.NewFromInt(e.CacheWrite1hTokens), reasoning: decimal.NewFromInt(e.ReasoningTokens),
			audioInput: decimal.NewFromInt(e.AudioInputTokens), audioOutput: decimal.NewFromInt(e.AudioOutputTokens),
			images: decimal.NewFromInt(e.Images), webSearches: decimal.NewFromInt(e.WebSearches),
		}, cost: e.Cost(), tags: tags,
	}
	if e.WorkspaceID != nil {
		c.workspaceID = *e.WorkspaceID
	}
	if e.CorrectsRecordedAt != nil {
		c.corrected = *e.CorrectsRecordedAt
	}
	f.write(p, c)
	p.cellPointer(id.UsageEvent.FormatPointer(e.Corrects))
	p.instant(e.OccurredAt)
	p.instant(e.RecordedAt)
	p.labelPointer(e.RequestID)
	p.cellPointer(id.Reservation.FormatPointer(e.ReservationID))
	p.cell(e.ExternalID())
	p.end()
}

// write adds the cells of FOCUS and of focusUsageColumns.
func (f *focus) write(p *page, c *charge) {
	tokens, month := c.input.Add(c.output), monthOf(c.start)
	provider := cmp.Or(c.provider, unknownProvider)
	p.decimal(c.cost)
	p.cell(f.accountID)
	p.label(f.accountName)
	p.cell("Organization")
	p.cell(currency)
	p.second(month.AddDate(0, 1, 0))
	p.second(month)
	p.cell(chargeCategory)
	p.cell(c.class())
	p.label(c.description())
	p.cell(chargeFrequency)
	p.second(c.end)
	p.second(c.start)
	p.decimal(tokens)
	p.cell(tokensUnit)
	p.decimals(c.cost, c.cost) // ContractedCost, EffectiveCost
	p.label(provider)
	p.decimals(c.cost, tokens) // ListCost, PricingQuantity
	p.cell(tokensUnit)
	p.label(provider)
	p.label(provider)
	c.resource(p)
	p.cell(serviceCategory)
	p.cell(serviceName)
	p.cell(serviceSubcategory)
	p.label(provider + "/" + cmp.Or(c.model, unknownModel))
	c.subAccount(p)
	p.cell(c.tagsJSON())
	p.decimals(c.parts.audioInput, c.parts.audioOutput, c.parts.cacheWrite1h, c.parts.cacheWrite, c.parts.cachedInput, c.parts.images, c.input)
	p.label(c.model)
	p.decimals(c.output, c.parts.reasoning, c.requests)
	p.cell(c.serviceTier)
	p.decimals(c.parts.webSearches)
}

// class returns ChargeClass: that of a correction of a billing period before its own. FOCUS has it empty for a correction within the same
// period.
func (c *charge) class() string {
	if !c.corrected.IsZero() && monthOf(c.corrected).Before(monthOf(c.start)) {
		return correction
	}
	return ""
}

// description returns ChargeDescription.
func (c *charge) description() string {
	if !c.corrected.IsZero() {
		return fmt.Sprintf("%s %s: correction of usage of %s", cmp.Or(c.provider, unknownProvider), cmp.Or(c.model, unknownModel),
			c.corrected.UTC().Format(time.DateOnly))
	}
	return fmt.Sprintf("%s %s: %s requests, %s input tokens, %s output tokens", cmp.Or(c.provider, unknownProvider), cmp.Or(c.model, unknownModel),
		c.requests, c.input, c.output)
}

// resource adds ResourceId, ResourceName and ResourceType.
func (c *charge) resource(p *page) {
	p.cell(idOf(id.APIKey, c.apiKeyID))
	p.labelPointer(c.apiKeyName)
	p.cell("API Key")
}

// subAccount adds SubAccountId, SubAccountName and SubAccountType, which are empty for keys of no workspace.
func (c *charge) subAccount(p *page) {
	if c.workspaceID == uuid.Nil {
		p.cell("")
		p.cell("")
		p.cell("")
		return
	}
	p.cell(id.Workspace.Format(c.workspaceID))
	p.labelPointer(c.workspaceName)
	p.cell("Workspace")
}

// tagsJSON returns Tags; nothing when there are none.
func (c *charge) tagsJSON() string {
	if len(c.tags) == 0 {
		return ""
	}
	return metadataJSON(c.tags)
}

// metadataJSON returns metadata as a JSON object, its names in alphabetical order.
func metadataJSON(metadata db.Metadata) string {
	text, err := json.Marshal(metadata)
	if err != nil {
		panic(err) // it is an object of strings
	}
	return string(text)
}
