package fault_test

import (
	"errors"
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

// The reason of a fault is its message without the field's name, as a sentence.
func TestReason(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault *fault.Fault
		want  string
	}{
		{fault.BadInput("name", "must not be empty"), "Must not be empty."},
		{fault.BadInput("estimate.requests", "0 would pass every rate."), "0 would pass every rate."},
		{fault.OfConstraint("limits_max_units_check").At("budgetLimits.1"), "Must be above 0."},
		{fault.ErrNoGovernance.At("rateLimits.0"), "The organization's plan does not include governance."},
		{fault.BadInput("name", "ärgerlich"), "Ärgerlich."},
	} {
		if got := test.fault.Reason(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// All finds the faults of joined errors in their order, whatever they are nested in, and passes over other errors.
func TestAll(t *testing.T) {
	t.Parallel()
	first, second := fault.BadInput("a", "x"), fault.BadInput("b", "y")
	joined := errors.Join(first, errors.New("no fault"), errors.Join(nil, second), fault.ErrInternal.Because(errors.Join(first, second)))
	if got := fault.All(joined); len(got) != 3 || got[0] != first || got[1] != second || got[2].Code != fault.Internal {
		t.Errorf("%v", got)
	}
	if got := append(fault.All(nil), fault.All(errors.New("no fault"))...); len(got) != 0 {
		t.Errorf("%v", got)
	}
}
