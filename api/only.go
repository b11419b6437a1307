package api

import (
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/fault"
	"bursar/graph/directive"
)

// Only says which operations a server answers.
type Only string

// Which operations a server answers. Each operation is answered by one of the two, and reportOutage by both.
const (
	OnlyEnforcement Only = "enforcement" // those that are one enforcement call, and what gateways send beside them
	OnlyControl     Only = "control"     // all others, also documents with several enforcement calls
)

var (
	errOnlyEnforcement = fault.New(fault.Forbidden, "this server answers operations that are one enforcement call, and no others; "+
		"send this one to a server for the control plane")
	errOnlyControl = fault.New(fault.Forbidden, "this server answers no enforcement calls; send this one to a server for enforcement")
)

// refuse returns an error for an operation that the server does not answer. The operation must have been validated.
func (o Only) refuse(operation *ast.OperationDefinition) error {
	switch {
	case o == OnlyEnforcement && !directive.IsEnforcement(operation) && !directive.IsGateways(operation):
		return errOnlyEnforcement
	case o == OnlyControl && directive.IsEnforcement(operation):
		return errOnlyControl
	}
	return nil
}
