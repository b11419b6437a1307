package db

import "github.com/google/uuid"

// PolicyGroupName names a group of a policy, in answers of enforcement.
type PolicyGroupName struct {
	ID         uuid.UUID `json:"id"`
	Name       string    `json:"name"`
	Attributes []string  `json:"attributes"`
	Values     []*string `json:"values"` // beside Attributes; nil: requests do not have the attribute; nil as a whole: no group
}
