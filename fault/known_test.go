package fault_test

import (
	"strings"
	"testing"

	"bursar/fault"
)

// What the violation of a constraint means to a client has a code other than INTERNAL and names a field, with which its sentence
// begins. A constraint that is not listed is INTERNAL.
func TestConstraints(t *testing.T) {
	t.Parallel()
	for _, name := range fault.Constraints() {
		f := fault.OfConstraint(name)
		if f.Code == fault.Internal || f.Field == "" || !strings.HasPrefix(f.Message, f.Field+": ") {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if code := fault.OfConstraint("limits_type_check").Code; code != fault.Internal {
		t.Errorf("a constraint that is not listed is %s", code)
	}
}

// A fault in a list or an object of the input is about the whole path, in its field and in its sentence.
func TestAt(t *testing.T) {
	t.Parallel()
	nested := fault.OfConstraint("limits_max_units_check").At("budgetLimits.1")
	if nested.Field != "budgetLimits.1.amount" || nested.Message != "budgetLimits.1.amount: must be above 0" {
		t.Errorf("%+v", nested)
	}
	whole := fault.ErrNoGovernance.At("rateLimits.0")
	if whole.Field != "rateLimits.0" || whole.Message != fault.ErrNoGovernance.Message || fault.ErrNoGovernance.Field != "" {
		t.Errorf("%+v", whole)
	}
}
