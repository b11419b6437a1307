package api

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"bursar/fault"
)

// maxErrors is how many errors an answer has at most. Validation finds one for each wrong name of a document.
const maxErrors = 100

// others are presented errors beside the first one of the same input.
type others []*gqlerror.Error

// Error implements error.
func (o others) Error() string { return gqlerror.List(o).Error() }

// withEveryError is a response middleware of gqlgen that puts the other errors of an input behind the first one, and drops errors beyond
// maxErrors.
func withEveryError(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil || len(response.Errors) == 0 {
		return response
	}
	var errs gqlerror.List
	for _, err := range response.Errors {
		errs = append(errs, err)
		if also, is := errors.AsType[others](err.Err); is {
			errs = append(errs, also...)
		}
	}
	response.Errors = errs[:min(len(errs), maxErrors)]
	return response
}

// apart returns the faults of which an error consists, each as an error of its own at the error's path; the error itself when it is one,
// or when not all of them are faults that a client is told.
func apart(err error) []error {
	library, _ := errors.AsType[*gqlerror.Error](err)
	if library == nil {
		return []error{err}
	}
	members, separable := membersOf(library.Err)
	if !separable || len(members) == 0 {
		return []error{err}
	}
	for i, member := range members {
		if f, isFault := member.(*fault.Fault); isFault { //nolint:errorlint // membersOf has unwrapped it
			members[i] = &gqlerror.Error{Err: f, Message: f.Message, Path: library.Path, Locations: library.Locations}
		}
	}
	return members
}

// membersOf returns the faults and gqlgen's errors that were joined to an error, in their order. It is not separable where another error
// is among them.
func membersOf(err error) (members []error, separable bool) {
	switch err := err.(type) { //nolint:errorlint // it unwraps
	case *fault.Fault, *gqlerror.Error:
		return []error{err}, true
	case interface{ Unwrap() []error }:
		for _, joined := range err.Unwrap() {
			nested, separable := membersOf(joined)
			if !separable {
				return nil, false
			}
			members = append(members, nested...)
		}
		return members, true
	}
	return nil, false
}
