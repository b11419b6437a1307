package graph

import (
	"context"
	"strconv"

	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/bulk"
	"bursar/graph/keyscope"
	"bursar/graph/model"
	"bursar/graph/request"
	"bursar/graph/selection"
	"bursar/graph/validate"
)

// bulkCall is an enforcement call of which a request has many.
type bulkCall[I, R any] struct {
	list string // the field of the input that has them
	// request checks an input. Its errors name fields of the input.
	request func(ctx context.Context, input *I) (*R, error)
	// key returns what the input has as key, for keyscope.
	key func(input *I) *string
	// run carries requests out, those that are not nil.
	run func(ctx context.Context, requests []*R) []enforce.Outcome
}

// reserveAll reserves for the requests of reserveUsages.
func (r *Resolver) reserveAll(ctx context.Context, items []bulk.Item[model.ReserveUsageInput]) *bulk.Payload {
	skipLimits, row := !selection.Has(ctx, "answers", "decision", "limits"), reservationForm(ctx, "answers", "reservation")
	return answerAll(ctx, r, items, &bulkCall[model.ReserveUsageInput, enforce.ReserveRequest]{
		list: "requests",
		request: func(ctx context.Context, input *model.ReserveUsageInput) (*enforce.ReserveRequest, error) {
			request, err := request.Reserve(ctx, input)
			if err == nil {
				request.SkipLimits, request.Row = skipLimits, row
			}
			return request, err
		},
		key: func(input *model.ReserveUsageInput) *string { return input.Key },
		run: func(ctx context.Context, requests []*enforce.ReserveRequest) []enforce.Outcome {
			return r.enforcer.ReserveAll(ctx, keyscope.OrganizationOrZero(ctx), requests)
		},
	})
}

// recordAll records the events of recordUsages.
func (r *Resolver) recordAll(ctx context.Context, items []bulk.Item[model.RecordUsageInput]) *bulk.Payload {
	skipLimits, row := !selection.Has(ctx, "answers", "limits"), eventForm(ctx, "answers", "usageEvent")
	return answerAll(ctx, r, items, &bulkCall[model.RecordUsageInput, enforce.RecordRequest]{
		list: "events",
		request: func(ctx context.Context, input *model.RecordUsageInput) (*enforce.RecordRequest, error) {
			request, err := request.Record(ctx, input)
			if err == nil {
				request.SkipLimits, request.Row = skipLimits, row
			}
			return request, err
		},
		key: func(input *model.RecordUsageInput) *string { return input.Key },
		run: func(ctx context.Context, requests []*enforce.RecordRequest) []enforce.Outcome {
			return r.enforcer.RecordAll(ctx, keyscope.OrganizationOrZero(ctx), requests)
		},
	})
}

// answerAll checks items, carries those out that are right, and answers each at its index.
func answerAll[I, R any](ctx context.Context, r *Resolver, items []bulk.Item[I], call *bulkCall[I, R]) *bulk.Payload {
	requests, told := make([]*R, len(items)), bulk.NewErrors(ctx, r.present)
	answers, payload := make([]bulk.Answer, len(items)), &bulk.Payload{Answers: make([]*bulk.Answer, len(items))}
	for i, item := range items {
		payload.Answers[i] = &answers[i]
		err := item.Err
		if err == nil {
			requests[i], err = call.request(ctx, item.Input)
			err = validate.At(first(err), call.list+"."+strconv.Itoa(i))
		}
		if err != nil {
			requests[i], answers[i].Failed = nil, told.Of(err)
		}
	}
	for i, outcome := range call.run(ctx, requests) {
		if requests[i] == nil {
			continue
		}
		var err error
		answers[i].Answered, err = r.keyIDUses.Complete(ctx, call.key(items[i].Input), outcome.Answer, outcome.Err)
		if err != nil {
			answers[i].Answered, answers[i].Failed = nil, told.Of(err)
		}
	}
	return payload
}

// first returns the first of the faults that were joined to an error; the error itself if there are none.
func first(err error) error {
	if faults := fault.All(err); len(faults) > 0 {
		return faults[0]
	}
	return err
}
