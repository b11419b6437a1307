package validate

import (
	"time"

	"github.com/shopspring/decimal"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/model"
)

// Raise checks what is to be added to a budget, and until when, and returns it in the unit of the budget's counter.
func Raise(budget *db.LimitStatus, by decimal.Decimal, until *time.Time, reason *string) (int64, error) {
	added, err := units("by", budget.Type, by)
	if err == nil && added == 0 {
		err = fault.OfConstraint("budget_raises_units_check")
	}
	if until != nil && !until.After(time.Now()) { // the database decides by its own clock
		err = Together(err, fault.OfConstraint("budget_raises_until_check"))
	}
	return added, Together(err, textPointer("reason", reason, maxReason))
}

// DecideRaise checks the input of grantRaise and declineRaise.
func DecideRaise(input *model.DecideRaiseInput) error {
	return textPointer("reason", input.Reason, maxReason)
}
