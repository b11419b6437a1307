package validate

import (
	"fmt"
	"strings"
	"time"

	"bursar/auth"
	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

const (
	maxBuckets    = 5_000 // of a usage series
	maxNames      = 100   // of models, providers or service tiers in a filter
	maxDimensions = 5
	maxTop        = 100 // series
)

// APIKeySearch checks what API keys are searched for; nil: nothing. Of a secret, or of its beginning, only the prefix is returned.
func APIKeySearch(search *string) (text, prefix *string, err error) {
	if search == nil {
		return nil, nil, nil
	}
	if known, ok := auth.PrefixOf(strings.TrimSpace(*search), auth.APIKeyPrefix); ok {
		return nil, &known, nil
	}
	return search, nil, optionalText("filter.search", *search, maxName)
}

// AlertFilter checks the filter of alerts, but for the subject.
func AlertFilter(filter *model.AlertFilter) error {
	if filter.From != nil && filter.To != nil && !filter.To.After(*filter.From) {
		return fault.BadInput("filter.to", "must be after from")
	}
	return nil
}

// AlertDeliveryFilter checks the filter of alertDeliveries, but for the id.
func AlertDeliveryFilter(filter *model.AlertDeliveryFilter) error {
	var timeErr, emailErr error
	if filter.From != nil && filter.To != nil && !filter.To.After(*filter.From) {
		timeErr = fault.BadInput("filter.to", "must be after from")
	}
	if address := Given(filter.Email); address != nil {
		emailErr = email("filter.email", *address)
	}
	return Together(timeErr, emailErr)
}

// AuditFilter checks the filter of auditLog, but for the id.
func AuditFilter(filter *model.AuditFilter) error {
	return optionalText("filter.action", ValueOr(filter.Action, ""), maxName)
}

// UsageEventFilter checks the filter of usageEvents, but for the ids.
func UsageEventFilter(filter *model.UsageEventFilter) error {
	var timeErr error
	if filter.From != nil && filter.To != nil && !filter.To.After(*filter.From) {
		timeErr = fault.BadInput("filter.to", "must be after from")
	}
	return Together(timeErr, nameList("filter.models", filter.Models), nameList("filter.providers", filter.Providers),
		listLength("filter.serviceTiers", len(filter.ServiceTiers)))
}

// Usage checks the arguments of usage, but for the ids.
func Usage(filter *model.UsageFilter, interval db.UsageInterval, groupBy []db.UsageDimension, top *int) error {
	var groupErr, topErr error
	timeErr := buckets("filter.to", filter.From, filter.To, interval)
	if len(groupBy) > maxDimensions {
		groupErr = fault.BadInput("groupBy", "at most %d dimensions", maxDimensions)
	}
	if top != nil {
		topErr = within("top", int64(*top), 1, maxTop)
	}
	return Together(timeErr, groupErr, topErr, nameList("filter.models", filter.Models), nameList("filter.providers", filter.Providers),
		listLength("filter.serviceTiers", len(filter.ServiceTiers)))
}

// UsageSpan checks what a report is compared with; nil: nothing.
func UsageSpan(span *model.UsageSpan, interval db.UsageInterval) error {
	if span == nil {
		return nil
	}
	return buckets("compareWith.to", span.From, span.To, interval)
}

// buckets refuses an end, the field, that is not after the beginning, or too many buckets after it.
func buckets(field string, from, to time.Time, interval db.UsageInterval) error {
	length := map[db.UsageInterval]time.Duration{
		db.UsageIntervalHOUR: time.Hour, db.UsageIntervalDAY: 24 * time.Hour,
		db.UsageIntervalWEEK: 7 * 24 * time.Hour, db.UsageIntervalMONTH: 28 * 24 * time.Hour,
	}[interval]
	switch {
	case !to.After(from):
		return fault.BadInput(field, "must be after from")
	case to.Sub(from)/length > maxBuckets:
		return fault.BadInput(field, "at most %d buckets; choose a longer interval or a shorter time", maxBuckets)
	}
	return nil
}

// listLength refuses a list of a filter that is too long.
func listLength(field string, length int) error {
	if length > maxNames {
		return fault.BadInput(field, "at most %d", maxNames)
	}
	return nil
}

func nameList(field string, names []string) error {
	if err := listLength(field, len(names)); err != nil {
		return err
	}
	errs := make([]error, len(names))
	for i, name := range names {
		errs[i] = optionalText(fmt.Sprintf("%s.%d", field, i), name, maxName)
	}
	return Together(errs...)
}

// Names checks a list of models or providers.
func Names(field string, names []string) error { return nameList(field, names) }

// GroupSearch checks the text of groups of a policy that are searched for; nil: none.
func GroupSearch(search *string) error { return optionalText("search", ValueOr(search, ""), maxName) }
