package delivery

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/mail"
)

// story is an alert with what its mail tells of it.
type story struct {
	*db.ListAlertSubjectsRow
	beside []*db.Alert // raised together with it, and not mailed themselves
}

// bundle is what waits for one address about one budget and goes out as one mail. What the mail is about comes first.
type bundle struct {
	mailID     uuid.UUID
	deliveries []*db.AlertDelivery
	at         time.Time // by the database's clock
	suppressed string    // why the address is not written to; "": it is
	stories    map[uuid.UUID]*story
}

// lead returns the delivery of what the mail is about.
func (b *bundle) lead() *db.AlertDelivery { return b.deliveries[0] }

// stories returns the alerts of deliveries with what their mails tell, by the alerts' ids.
func (d *Dispatcher) stories(ctx context.Context, tx pgx.Tx, due []*db.ListDueDeliveriesRow) (map[uuid.UUID]*story, error) {
	alertIDs := make([]uuid.UUID, len(due))
	for i, row := range due {
		alertIDs[i] = row.AlertDelivery.AlertID
	}
	rows, err := db.New().ListAlertSubjects(ctx, tx, alertIDs)
	if err != nil {
		return nil, err
	}
	beside, err := db.New().ListAlertsBeside(ctx, tx, alertIDs)
	if err != nil {
		return nil, err
	}
	told := make(map[uuid.UUID]*story, len(rows))
	for _, row := range rows {
		s := &story{ListAlertSubjectsRow: row}
		for _, other := range beside {
			if other.BudgetLimitID == row.Alert.BudgetLimitID && other.PeriodNumber == row.Alert.PeriodNumber &&
				other.RaisedAt.Equal(row.Alert.RaisedAt) {
				s.beside = append(s.beside, other)
			}
		}
		told[row.Alert.ID] = s
	}
	return told, nil
}

// bundles puts what is due for one address about one budget together, in the order of the rows.
func bundles(due []*db.ListDueDeliveriesRow, told map[uuid.UUID]*story) []*bundle {
	type recipient struct {
		budget  uuid.UUID
		address string
	}
	byRecipient := map[recipient]*bundle{}
	var all []*bundle
	for _, row := range due {
		delivery := row.AlertDelivery
		to := recipient{told[delivery.AlertID].Alert.BudgetLimitID, delivery.Address}
		b, found := byRecipient[to]
		if !found {
			b = &bundle{mailID: newMailID(), at: row.Now, suppressed: suppressed(row), stories: told}
			byRecipient[to] = b
			all = append(all, b)
		}
		b.deliveries = append(b.deliveries, &delivery)
	}
	for _, b := range all {
		b.sort()
	}
	return all
}

// apart takes resets that are no news any more out of the bundles that they lead: what waits beside them is sent all the same.
func apart(all []*bundle) []*bundle {
	var parts []*bundle
	for _, b := range all {
		if b.overtaken() == "" {
			parts = append(parts, b)
			continue
		}
		resets, alerts := *b, *b
		resets.deliveries, alerts.deliveries, alerts.mailID = nil, nil, newMailID()
		for _, delivery := range b.deliveries {
			part := &alerts
			if delivery.Purpose == db.DeliveryPurposeRESET {
				part = &resets
			}
			part.deliveries = append(part.deliveries, delivery)
		}
		if parts = append(parts, &resets); len(alerts.deliveries) > 0 {
			parts = append(parts, &alerts)
		}
	}
	return parts
}

func (b *bundle) sort() { slices.SortStableFunc(b.deliveries, b.byWeight) }

// byWeight sorts what a recipient must know first to the front: of the last period (a reset belongs to the one that it
// began), about the budget's last amount, EXHAUSTED, then the highest threshold, and a reset last.
func (b *bundle) byWeight(x, y *db.AlertDelivery) int {
	left, right := &b.stories[x.AlertID].Alert, &b.stories[y.AlertID].Alert
	latest := b.latest()
	return cmp.Or(
		cmp.Compare(period(y, right), period(x, left)),
		compareBool(right.MaxUnits == latest.MaxUnits, left.MaxUnits == latest.MaxUnits),
		compareBool(y.Purpose == db.DeliveryPurposeALERT, x.Purpose == db.DeliveryPurposeALERT),
		compareBool(right.Kind == db.AlertKindEXHAUSTED, left.Kind == db.AlertKindEXHAUSTED),
		cmp.Compare(threshold(right), threshold(left)),
		right.RaisedAt.Compare(left.RaisedAt),
	)
}

// latest returns the alert that was raised last.
func (b *bundle) latest() *db.Alert {
	var latest *db.Alert
	for _, delivery := range b.deliveries {
		if alert := &b.stories[delivery.AlertID].Alert; latest == nil || alert.RaisedAt.After(latest.RaisedAt) {
			latest = alert
		}
	}
	return latest
}

// period is the number of the period that a delivery is about.
func period(delivery *db.AlertDelivery, alert *db.Alert) int32 {
	if delivery.Purpose == db.DeliveryPurposeRESET {
		return alert.PeriodNumber + 1
	}
	return alert.PeriodNumber
}

func threshold(alert *db.Alert) int64 {
	if alert.ThresholdUnits == nil {
		return 0
	}
	return *alert.ThresholdUnits
}

func compareBool(x, y bool) int {
	switch {
	case x == y:
		return 0
	case x:
		return 1
	}
	return -1
}

// others lists what a mail tells of besides what it is about, the highest first.
func (b *bundle) others() []mail.Other {
	var others []mail.Other
	add := func(alert *db.Alert, kind string) {
		other := mail.Other{Kind: kind, Amount: alert.Amount(), At: alert.RaisedAt}
		if threshold := alert.Threshold(); threshold != nil {
			other.Threshold = *threshold
		}
		others = append(others, other)
	}
	for i, delivery := range b.deliveries {
		told := b.stories[delivery.AlertID]
		if delivery.Purpose == db.DeliveryPurposeRESET {
			if i > 0 {
				others = append(others, mail.Other{Kind: kindReset, Amount: told.Alert.Amount(), At: delivery.QueuedAt})
			}
			continue
		}
		if i > 0 {
			add(&told.Alert, string(told.Alert.Kind))
		}
		for _, alert := range told.beside {
			add(alert, string(alert.Kind))
		}
	}
	return others
}
