package wire

import (
	"fmt"
	"net/http"
)

// Problem is what is wrong with a request, in words for whoever sent it. It never repeats a secret.
type Problem struct {
	Status  int    // of HTTP: 400, 401 or 413
	Field   string // the field of the body, by its path in dots, or the header; empty when it is the whole request
	Message string
}

// Error returns the message.
func (p *Problem) Error() string { return p.Message }

// Failure returns the answer to a request with this problem. A retry of the same request does not help.
func (p *Problem) Failure() Failure {
	return Failure{Status: p.Status, Reason: "INVALID_REQUEST", Field: p.Field, Message: p.Message, Final: true}
}

// wrong is a problem of one field.
func wrong(field, format string, values ...any) *Problem {
	return &Problem{Status: http.StatusBadRequest, Field: field, Message: field + " " + fmt.Sprintf(format, values...)}
}
