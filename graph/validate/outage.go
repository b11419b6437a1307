package validate

import (
	"fmt"

	"bursar/fault"
	"bursar/graph/model"
)

// maxOutageKeys is how many keys a report of an outage may name.
const maxOutageKeys = 100

// ReportOutage checks the input of reportOutage, but for whether its keys exist, and returns its cost in nano-dollars.
func ReportOutage(input *model.ReportOutageInput) (costNanos int64, err error) {
	costNanos, costErr := costOf("cost", &input.Cost)
	errs := []error{text("requestId", input.RequestID, maxRequestID), within("calls", input.Calls, 1, maxRequests), costErr}
	if input.EndedAt.Before(input.BeganAt) {
		errs = append(errs, fault.BadInput("endedAt", "must not be before beganAt"))
	}
	if n := len(input.Keys); n < 1 || n > maxOutageKeys {
		errs = append(errs, fault.BadInput("keys", "must be 1 to %d", maxOutageKeys))
	}
	for i, key := range input.Keys {
		at := fmt.Sprintf("keys.%d", i)
		_, costErr := costOf("cost", &key.Cost)
		errs = append(errs, At(Together(within("calls", key.Calls, 1, maxRequests), costErr), at))
	}
	return costNanos, Together(errs...)
}
