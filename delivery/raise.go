package delivery

import (
	"time"

	"bursar/db"
	"bursar/mail"
)

// isAboutRaise tells whether an alert is about the amount of a budget, and not about usage.
func isAboutRaise(kind db.AlertKind) bool {
	switch kind {
	case db.AlertKindRAISEREQUESTED, db.AlertKindRAISEGRANTED, db.AlertKindRAISEDECLINED, db.AlertKindRAISED:
		return true
	case db.AlertKindTHRESHOLD, db.AlertKindEXHAUSTED, db.AlertKindREFUSED:
	}
	return false
}

// raiseOf returns the raise that an alert is about; nil for any other.
func raiseOf(row *db.ListAlertSubjectsRow) *mail.Raise {
	if !isAboutRaise(row.Alert.Kind) {
		return nil
	}
	raise := &mail.Raise{
		By: row.RaiseBy(), Unit: string(row.RaiseType),
		AskedBy: row.RequestedBy, AskedBecause: row.RequestReason,
	}
	until := row.RequestUntil
	if row.Alert.Kind != db.AlertKindRAISEREQUESTED {
		raise.DecidedBy, raise.DecidedBecause = row.DecidedBy, row.DecisionReason
	}
	if row.GrantedUntil != nil {
		until = row.GrantedUntil
	}
	if until != nil {
		raise.Until = new(localUntil(*until, row))
	}
	return raise
}

func localUntil(until time.Time, row *db.ListAlertSubjectsRow) time.Time {
	return mail.Local(until, row.TimeZone, row.UntilOffset)
}
