package validate

import (
	"slices"

	"github.com/google/uuid"

	"bursar/fault"
	"bursar/id"
)

// ID returns the UUID of an id that must be of one of the given types; BAD_USER_INPUT about the field otherwise.
func ID(field, external string, wanted ...id.Prefix) (id.Prefix, uuid.UUID, error) {
	prefix, parsed, ok := id.Parse(external)
	if !ok {
		return "", uuid.Nil, fault.BadInput(field, "is no id; ids look like %s", wanted[0].Format(uuid.Nil))
	}
	if slices.Contains(wanted, prefix) {
		return prefix, parsed, nil
	}
	return "", uuid.Nil, fault.BadInput(field, "is the id of another type of thing; it must begin with %s_", wanted[0])
}
