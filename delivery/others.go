package delivery

import (
	"github.com/google/uuid"

	"bursar/db"
	"bursar/mail"
)

// others lists what a mail mentions besides what it is about, the most important first.
func (g *digest) others() []mail.Other {
	var others []mail.Other
	told := map[uuid.UUID]bool{}
	for _, delivery := range g.deliveries {
		told[delivery.AlertID] = true
	}
	for i, delivery := range g.deliveries {
		details := g.alerts[delivery.AlertID]
		if delivery.Purpose == db.DeliveryPurposeRESET {
			if i > 0 {
				others = append(others, g.ofBudget(details, mail.Other{Kind: kindReset, Amount: details.Alert.Amount(), At: delivery.QueuedAt}))
			}
			continue
		}
		if i > 0 {
			others = append(others, g.ofBudget(details, otherOf(&details.Alert)))
		}
		for _, alert := range details.beside {
			if !told[alert.ID] {
				others = append(others, g.ofBudget(details, otherOf(alert)))
			}
			told[alert.ID] = true
		}
	}
	return others
}

func otherOf(alert *db.Alert) mail.Other {
	other := mail.Other{Kind: kindOf(alert), Amount: alert.Amount(), At: alert.RaisedAt}
	if threshold := alert.Threshold(); threshold != nil {
		other.Threshold = *threshold
	}
	if requested := alert.Requested(); requested != nil {
		other.Requested = *requested
	}
	return other
}

// ofBudget names the budget that another alert is about, unless it is that of the mail.
func (g *digest) ofBudget(details *alertDetails, other mail.Other) mail.Other {
	if details.Alert.BudgetLimitID == g.alerts[g.lead().AlertID].Alert.BudgetLimitID {
		return other
	}
	about := alertMail(details.ListAlertSubjectsRow, func(string) string { return "" }, g.at)
	other.SubjectKind, other.SubjectName = about.SubjectKind, about.SubjectName
	other.BudgetType, other.PeriodicReset, other.ResetDays = about.BudgetType, about.PeriodicReset, about.ResetDays
	return other
}
