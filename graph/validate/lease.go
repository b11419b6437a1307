package validate

import (
	"bursar/enforce"
	"bursar/graph/model"
)

// maxLeaseSeconds is how long a lease lasts at most.
const maxLeaseSeconds = 60

// LeaseUsage checks the input of leaseUsage, and returns what it asks for. Errors are BAD_USER_INPUT and name the field.
func LeaseUsage(input *model.LeaseUsageInput) (*enforce.LeaseRequest, error) {
	request := &enforce.LeaseRequest{RequestID: ValueOr(input.RequestID, ""), Requests: ValueOr(input.Requests, 1),
		Tokens: ValueOr(input.Tokens, 0)}
	costNanos, costErr := costOf("cost", input.Cost)
	seconds, secondsErr := leaseSeconds("ttlSeconds", input.TTLSeconds, maxLeaseSeconds)
	request.CostNanos, request.TTLSeconds = costNanos, seconds
	if input.Metadata != nil {
		request.Metadata = metadataText(input.Metadata)
	}
	return request, Together(within("requests", request.Requests, 1, maxRequests), tokensOf("tokens", input.Tokens), costErr,
		secondsErr, textPointer("requestId", input.RequestID, maxRequestID))
}

// ReturnLease checks the input of returnLease, but for the id, and returns what the lease is to keep, and for how long.
func ReturnLease(input *model.ReturnLeaseInput) (*enforce.ReturnRequest, error) {
	request := &enforce.ReturnRequest{}
	var requestsErr, tokensErr, costErr, secondsErr error
	if keep := input.Keep; keep != nil {
		request.KeepRequests, request.KeepTokens = ValueOr(keep.Requests, 0), ValueOr(keep.Tokens, 0)
		requestsErr, tokensErr = within("keep.requests", request.KeepRequests, 0, maxRequests), tokensOf("keep.tokens", keep.Tokens)
		request.KeepCostNanos, costErr = costOf("keep.cost", keep.Cost)
	}
	request.TTLSeconds, secondsErr = leaseSeconds("ttlSeconds", input.TTLSeconds, 0)
	return request, Together(requestsErr, tokensErr, costErr, secondsErr)
}

// LeasePolicy checks the input of setLeasePolicy, but for the organization, and returns how long a lease lasts at most.
func LeasePolicy(input *model.SetLeasePolicyInput) (seconds int32, err error) {
	const usual = 10
	seconds, err = leaseSeconds("ttlSecondsMost", input.TTLSecondsMost, usual)
	return seconds, Together(ExpectedVersion(input.ExpectedVersion), err)
}

// leaseSeconds returns how long a lease lasts; usual when it is not given.
func leaseSeconds(field string, given *int, usual int32) (int32, error) {
	if given == nil {
		return usual, nil
	}
	return int32(*given), within(field, int64(*given), 1, maxLeaseSeconds) //nolint:gosec // within bounds it
}
