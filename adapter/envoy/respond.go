package envoy

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"github.com/shopspring/decimal"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"bursar/adapter/envoy/mapping"
	"bursar/db"
	"bursar/graph/denial"
	"bursar/id"
)

type (
	descriptorStatus = ratelimitv3.RateLimitResponse_DescriptorStatus
	unit             = ratelimitv3.RateLimitResponse_RateLimit_Unit
)

// respond makes the answer to a call: a status for each descriptor, in their order, and what denies it as headers and JSON.
func respond(m *mapping.Mapping, descriptors int, demands []*mapping.Demand, answers []*db.UsageAnswer) *ratelimitv3.RateLimitResponse {
	response := &ratelimitv3.RateLimitResponse{
		OverallCode: ratelimitv3.RateLimitResponse_OK, Statuses: make([]*descriptorStatus, descriptors),
	}
	metadata := map[string]*structpb.Value{}
	var denied *db.UsageAnswer
	for i, demand := range demands {
		answer := answers[i]
		if isDenied(answer) && denied == nil {
			denied = answer
		}
		if answer.ReservationID != nil && demand.Phase == mapping.Reserve {
			metadata["reservation"] = structpb.NewStringValue(id.Reservation.Format(*answer.ReservationID))
		}
		for _, at := range demand.Descriptors {
			response.Statuses[at] = statusOf(demand, answer)
		}
	}
	for i := range response.Statuses {
		if response.Statuses[i] == nil { // no rule matches: there is no limit
			response.Statuses[i] = &descriptorStatus{Code: ratelimitv3.RateLimitResponse_OK, LimitRemaining: math.MaxUint32}
		}
	}
	if m.XRateLimit {
		response.ResponseHeadersToAdd = xRateLimit(response.Statuses)
	}
	if denied != nil {
		deny(response, denied, metadata)
	}
	if len(metadata) > 0 {
		response.DynamicMetadata = &structpb.Struct{Fields: metadata}
	}
	return response
}

// deny says why a call is denied. Which HTTP status the caller gets is Envoy's to say (rate_limited_status).
func deny(response *ratelimitv3.RateLimitResponse, answer *db.UsageAnswer, metadata map[string]*structpb.Value) {
	response.OverallCode = ratelimitv3.RateLimitResponse_OVER_LIMIT
	decisive := answer.Decisive()
	reason, message := string(decisive.Reason), denial.Message(decisive)
	metadata["reason"] = structpb.NewStringValue(reason)
	body, err := json.Marshal(map[string]any{"error": map[string]any{"code": reason, "message": message, "status": denial.HTTPStatus(answer.DeniedBy())}})
	if err == nil {
		response.RawBody = body
		response.ResponseHeadersToAdd = append(response.ResponseHeadersToAdd, &corev3.HeaderValue{Key: "content-type", Value: "application/json"})
	}
	response.ResponseHeadersToAdd = append(response.ResponseHeadersToAdd, &corev3.HeaderValue{Key: "x-bursar-reason", Value: reason})
	if wait := answer.RetryAfterSeconds(); wait != nil {
		response.ResponseHeadersToAdd = append(response.ResponseHeadersToAdd, &corev3.HeaderValue{Key: "retry-after", Value: strconv.Itoa(max(1, *wait))})
	}
}

// statusOf returns the status of the descriptors of a demand: of a denied one the limit that denies, otherwise the limit with the least left.
func statusOf(demand *mapping.Demand, answer *db.UsageAnswer) *descriptorStatus {
	s := &descriptorStatus{Code: ratelimitv3.RateLimitResponse_OK, LimitRemaining: math.MaxUint32}
	limit := tightest(demand, answer.Limits)
	if isDenied(answer) {
		s.Code, s.LimitRemaining = ratelimitv3.RateLimitResponse_OVER_LIMIT, 0
		if decisive := answer.Decisive(); decisive.Limit != nil {
			limit = decisive.Limit
		}
	}
	if limit == nil {
		return s
	}
	s.CurrentLimit = &ratelimitv3.RateLimitResponse_RateLimit{Name: nameOf(limit), RequestsPerUnit: unitsOf(limit, limit.Max())}
	var multiplier uint32
	if s.CurrentLimit.Unit, multiplier = periodOf(limit); multiplier > 1 {
		s.CurrentLimit.UnitMultiplier = wrapperspb.UInt32(multiplier)
	}
	if s.Code == ratelimitv3.RateLimitResponse_OK {
		s.LimitRemaining = unitsOf(limit, limit.Remaining())
	}
	if limit.PeriodEnd != nil {
		s.DurationUntilReset = durationpb.New(max(0, limit.PeriodEnd.Sub(answer.DecidedAt)))
	}
	return s
}

// tightest returns the limit of a demand's unit with the least left, of its rule's policy if that names one; nil: there is none.
func tightest(demand *mapping.Demand, limits []*db.LimitStatus) (least *db.LimitStatus) {
	kind := db.LimitTypeTOKENS
	switch demand.Unit {
	case mapping.Requests:
		kind = db.LimitTypeREQUESTS
	case mapping.Cost:
		kind = db.LimitTypeCOST
	}
	for _, limit := range limits {
		if limit.Type != kind || !limit.Enforced() || demand.Rule.Policy != "" && (limit.Policy == nil || limit.Policy.Name != demand.Rule.Policy) {
			continue
		}
		if least == nil || limit.Remaining().LessThan(least.Remaining()) {
			least = limit
		}
	}
	return least
}

// unitsOf returns an amount as the service has it: a number of 32 bits; of dollars micro-dollars. What is more is the largest.
func unitsOf(limit *db.LimitStatus, amount decimal.Decimal) uint32 {
	if limit.Type == db.LimitTypeCOST {
		amount = amount.Shift(6)
	}
	if amount.GreaterThan(decimal.NewFromInt(math.MaxUint32)) {
		return math.MaxUint32
	}
	return uint32(max(0, amount.IntPart())) //nolint:gosec // bounded above
}

// nameOf names a limit in a header, which has no quotes.
func nameOf(limit *db.LimitStatus) string {
	if limit.Policy != nil {
		return strings.Map(func(c rune) rune {
			if c < ' ' || c > '~' || c == '"' || c == '\\' {
				return '_'
			}
			return c
		}, limit.Policy.Name)
	}
	return limit.ExternalID()
}

// periodOf returns the unit of a limit's period, and how many make one. A period that has no end has none.
func periodOf(limit *db.LimitStatus) (unit, uint32) {
	switch limit.Period {
	case db.LimitPeriodSECOND:
		return ratelimitv3.RateLimitResponse_RateLimit_SECOND, 1
	case db.LimitPeriodMINUTE:
		return ratelimitv3.RateLimitResponse_RateLimit_MINUTE, 1
	case db.LimitPeriodHOUR:
		return ratelimitv3.RateLimitResponse_RateLimit_HOUR, 1
	case db.LimitPeriodDAY, db.LimitPeriodDAILY:
		return ratelimitv3.RateLimitResponse_RateLimit_DAY, 1
	case db.LimitPeriodWEEK, db.LimitPeriodWEEKLY:
		return ratelimitv3.RateLimitResponse_RateLimit_WEEK, 1
	case db.LimitPeriodMONTHLY:
		return ratelimitv3.RateLimitResponse_RateLimit_MONTH, 1
	case db.LimitPeriodQUARTERLY:
		return ratelimitv3.RateLimitResponse_RateLimit_MONTH, 3
	case db.LimitPeriodYEARLY:
		return ratelimitv3.RateLimitResponse_RateLimit_YEAR, 1
	case db.LimitPeriodEVERYDAYS:
		if days := limit.ResetDays(); days != nil {
			return ratelimitv3.RateLimitResponse_RateLimit_DAY, uint32(*days) //nolint:gosec // 1 to 365
		}
	case db.LimitPeriodNONE:
	}
	return ratelimitv3.RateLimitResponse_RateLimit_UNKNOWN, 0
}

// seconds returns the length of a unit as headers have it.
func seconds(of unit) int64 {
	const day = int64(24 * time.Hour / time.Second)
	return map[unit]int64{
		ratelimitv3.RateLimitResponse_RateLimit_SECOND: 1, ratelimitv3.RateLimitResponse_RateLimit_MINUTE: 60,
		ratelimitv3.RateLimitResponse_RateLimit_HOUR: 3600, ratelimitv3.RateLimitResponse_RateLimit_DAY: day,
		ratelimitv3.RateLimitResponse_RateLimit_WEEK: 7 * day, ratelimitv3.RateLimitResponse_RateLimit_MONTH: 30 * day,
		ratelimitv3.RateLimitResponse_RateLimit_YEAR: 365 * day,
	}[of]
}

// xRateLimit returns the headers of draft-polli-ratelimit-headers-03, as Envoy makes them of statuses: the limit with the least left, all limits as its
// policies, what is left, and the seconds until it is reset.
func xRateLimit(statuses []*descriptorStatus) []*corev3.HeaderValue {
	var least *descriptorStatus
	var policies strings.Builder
	for _, s := range statuses {
		if s.GetCurrentLimit() == nil {
			continue
		}
		if least == nil || s.GetLimitRemaining() < least.GetLimitRemaining() {
			least = s
		}
		if window := seconds(s.GetCurrentLimit().GetUnit()) * int64(max(1, s.GetCurrentLimit().GetUnitMultiplier().GetValue())); window > 0 {
			fmt.Fprintf(&policies, ", %d;w=%d;name=%q", s.GetCurrentLimit().GetRequestsPerUnit(), window, s.GetCurrentLimit().GetName())
		}
	}
	if least == nil {
		return nil
	}
	headers := []*corev3.HeaderValue{
		{Key: "x-ratelimit-limit", Value: strconv.FormatUint(uint64(least.GetCurrentLimit().GetRequestsPerUnit()), 10) + policies.String()},
		{Key: "x-ratelimit-remaining", Value: strconv.FormatUint(uint64(least.GetLimitRemaining()), 10)},
	}
	if reset := least.GetDurationUntilReset(); reset != nil {
		headers = append(headers, &corev3.HeaderValue{Key: "x-ratelimit-reset", Value: strconv.FormatInt(reset.GetSeconds(), 10)})
	}
	return headers
}
