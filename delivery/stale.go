package delivery

import (
	"bursar/db"
)

// stale returns why what a delivery is about is out of date; "" when it is not.
func (g *digest) stale(delivery *db.AlertDelivery) string {
	if reason := g.staleReset(delivery); reason != "" {
		return reason
	}
	return g.staleRaise(delivery)
}

// staleRaise returns why nobody is told any more of the raise that a delivery is about; "" when they are, or it is not about one.
func (g *digest) staleRaise(delivery *db.AlertDelivery) string {
	details := g.alerts[delivery.AlertID]
	switch {
	case !isAboutRaise(details.Alert.Kind):
		return ""
	case details.CurrentMaxUnits == nil:
		return "not sent: the budget was deleted before"
	case details.Alert.Kind != db.AlertKindRAISEREQUESTED:
		return ""
	case details.RequestStatus == nil:
		return "not sent: another request for the same budget has taken its place"
	case *details.RequestStatus != db.RaiseRequestStatusOPEN:
		return "not sent: the request was decided before"
	}
	return ""
}

// staleReset returns why the reset that a delivery is about is out of date; "" when it is not, or the delivery is not about one.
func (g *digest) staleReset(delivery *db.AlertDelivery) string {
	if delivery.Purpose != db.DeliveryPurposeRESET {
		return ""
	}
	switch details := g.alerts[delivery.AlertID]; {
	case details.CurrentMaxUnits == nil:
		return "not sent: the budget was deleted before its reset could be told"
	case *details.CurrentlyExhausted:
		return "not sent: the budget was exhausted again before its reset could be told"
	default:
		return barred(db.DenialReason(details.Denial))
	}
}

// barred returns why no reset is told of a subject whose requests are denied for a reason all the same; "" when they are not.
func barred(denial db.DenialReason) string {
	because := map[db.DenialReason]string{
		db.DenialReasonKEYREVOKED:      "the key was revoked",
		db.DenialReasonKEYEXPIRED:      "the key has expired",
		db.DenialReasonKEYDISABLED:     "the key was disabled",
		db.DenialReasonBUDGETEXHAUSTED: "another budget is full",
	}[denial]
	if because == "" {
		return ""
	}
	return "not sent: the budget has reset, but requests do not pass, because " + because
}
