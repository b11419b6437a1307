package bulk

import (
	"bursar/graph/model"

	"bursar/graph/rawjson"
)

// fields reads the fields of an input of a type. It reports false for a field or a value that it does not read.
type fields[T any] func(v *values, into *T, name, value string) bool

// object reads the members of an object into an input, which must be zero.
func object[T any](v *values, text string, into *T, read fields[T]) bool {
	return rawjson.Members(text, func(name, value string) bool { return read(v, into, name, value) })
}

// reserveFields reads the fields of ReserveUsageInput.
func reserveFields(v *values, into *model.ReserveUsageInput, name, value string) bool {
	switch name {
	case "secret":
		return v.text(value, &into.Secret)
	case "key":
		return v.text(value, &into.Key)
	case "requestId":
		return v.text(value, &into.RequestID)
	case "estimate":
		into.Estimate = nil
		if value == null {
			return true
		}
		into.Estimate = &model.UsageEstimateInput{}
		return object(v, value, into.Estimate, estimateFields)
	case "provider":
		return v.text(value, &into.Provider)
	case "model":
		return v.text(value, &into.Model)
	case "serviceTier":
		return v.tier(value, &into.ServiceTier)
	case "metadata":
		return v.metadata(value, &into.Metadata)
	case "ttlSeconds":
		return v.small(value, &into.TTLSeconds)
	}
	return name == typename
}

// typename may be given in any input object, whatever its value: clients leave it in objects that they have read.
const typename = "__typename"

// estimateFields reads the fields of UsageEstimateInput.
func estimateFields(v *values, into *model.UsageEstimateInput, name, value string) bool {
	switch name {
	case "requests":
		return v.whole(value, &into.Requests)
	case "allowZeroRequests":
		return v.boolean(value, &into.AllowZeroRequests)
	case "tokens":
		return v.whole(value, &into.Tokens)
	case "cost":
		return v.decimal(value, &into.Cost)
	case "inputTokens":
		return v.whole(value, &into.InputTokens)
	case "maxOutputTokens":
		return v.whole(value, &into.MaxOutputTokens)
	case "images":
		return v.whole(value, &into.Images)
	case "webSearches":
		return v.whole(value, &into.WebSearches)
	}
	return name == typename
}

// recordFields reads the fields of RecordUsageInput.
func recordFields(v *values, into *model.RecordUsageInput, name, value string) bool {
	switch name {
	case "reservationId":
		return v.id(value, &into.ReservationID)
	case "leaseId":
		return v.id(value, &into.LeaseID)
	case "secret":
		return v.text(value, &into.Secret)
	case "key":
		return v.text(value, &into.Key)
	case "requestId":
		return v.text(value, &into.RequestID)
	case "requests":
		return v.whole(value, &into.Requests)
	case "inputTokens":
		return v.whole(value, &into.InputTokens)
	case "outputTokens":
		return v.whole(value, &into.OutputTokens)
	case "cachedInputTokens":
		return v.whole(value, &into.CachedInputTokens)
	case "cacheWriteTokens":
		return v.whole(value, &into.CacheWriteTokens)
	case "cacheWrite1hTokens":
		return v.whole(value, &into.CacheWrite1hTokens)
	case "reasoningTokens":
		return v.whole(value, &into.ReasoningTokens)
	case "audioInputTokens":
		return v.whole(value, &into.AudioInputTokens)
	case "audioOutputTokens":
		return v.whole(value, &into.AudioOutputTokens)
	case "images":
		return v.whole(value, &into.Images)
	case "webSearches":
		return v.whole(value, &into.WebSearches)
	case "serviceTier":
		return v.tier(value, &into.ServiceTier)
	case "cost":
		return v.decimal(value, &into.Cost)
	case "provider":
		return v.text(value, &into.Provider)
	case "model":
		return v.text(value, &into.Model)
	case "occurredAt":
		return v.time(value, &into.OccurredAt)
	case "metadata":
		return v.metadata(value, &into.Metadata)
	}
	return name == typename
}
