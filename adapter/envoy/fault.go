package envoy

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"bursar/fault"
)

// told returns the gRPC status of an error: a code, and what the caller may read of it.
func told(err error) error {
	all := fault.All(err)
	if len(all) == 0 {
		return status.Error(codes.Internal, "Bursar could not do it; its log says why")
	}
	return status.Error(codeOf(all[0].Code), string(all[0].Code)+": "+all[0].Message)
}

// codeOf returns the gRPC code of an error's code.
func codeOf(code fault.Code) codes.Code {
	switch code {
	case fault.Unauthenticated:
		return codes.Unauthenticated
	case fault.Forbidden, fault.FeatureNotAvailable:
		return codes.PermissionDenied
	case fault.NotFound:
		return codes.NotFound
	case fault.BadUserInput, fault.QueryTooComplex, fault.PersistedQueryNotFound:
		return codes.InvalidArgument
	case fault.IdempotencyMismatch, fault.Conflict:
		return codes.AlreadyExists
	case fault.ReservationClosed:
		return codes.FailedPrecondition
	case fault.QuotaExceeded:
		return codes.ResourceExhausted
	case fault.Unavailable:
		return codes.Unavailable
	case fault.Internal:
	}
	return codes.Internal
}
