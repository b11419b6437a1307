package delivery

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
)

// alertDetails is an alert with everything that its mail says of it.
type alertDetails struct {
	*db.ListAlertSubjectsRow
	beside []*db.Alert // lower thresholds that were raised together with it
}

// digest is all deliveries that wait for one address about one budget, or about any of its organization when merged. It goes out as
// one mail. The delivery that the mail is about comes first.
type digest struct {
	mailID     uuid.UUID
	merged     bool
	deliveries []*db.AlertDelivery
	at         time.Time // by the database's clock
	// unaddressable is why the address must not be written to; "": it may.
	unaddressable string
	alerts        map[uuid.UUID]*alertDetails
}

// lead returns the delivery that the mail is about.
func (g *digest) lead() *db.AlertDelivery { return g.deliveries[0] }

// findAlertDetails returns the alerts of deliveries with what their mails say, by the alerts' ids.
func findAlertDetails(ctx context.Context, tx pgx.Tx, due []*db.ListDueDeliveriesRow) (map[uuid.UUID]*alertDetails, error) {
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
	alerts := make(map[uuid.UUID]*alertDetails, len(rows))
	for _, row := range rows {
		details := &alertDetails{ListAlertSubjectsRow: row}
		for _, other := range beside {
			if other.BudgetLimitID == row.Alert.BudgetLimitID && other.PeriodNumber == row.Alert.PeriodNumber &&
				other.RaisedAt.Equal(row.Alert.RaisedAt) && (row.Alert.ThresholdUnits == nil || threshold(other) < threshold(&row.Alert)) {
				details.beside = append(details.beside, other)
			}
		}
		alerts[row.Alert.ID] = details
	}
	return alerts, nil
}

// digestsOf groups deliveries by address and budget, or by address and organization where they are to be merged, in the order of the rows.
func digestsOf(due []*db.ListDueDeliveriesRow, alerts map[uuid.UUID]*alertDetails) []*digest {
	type recipient struct {
		organization, budget   uuid.UUID // budget: zero when merged
		address, unaddressable string    // it may be a recipient of one budget's alerts and not of another's
	}
	byRecipient := map[recipient]*digest{}
	var all []*digest
	for _, row := range due {
		delivery := row.AlertDelivery
		to := recipient{organization: delivery.OrganizationID, address: delivery.Address, unaddressable: unaddressable(row)}
		if !row.Merged {
			to.budget = alerts[delivery.AlertID].Alert.BudgetLimitID
		}
		g, found := byRecipient[to]
		if !found {
			g = &digest{mailID: newMailID(), merged: row.Merged, at: row.Now, unaddressable: to.unaddressable, alerts: alerts}
			byRecipient[to] = g
			all = append(all, g)
		}
		g.deliveries = append(g.deliveries, &delivery)
	}
	for _, g := range all {
		g.sort()
	}
	return all
}

// splitStale takes what is out of date out of the digests, so that the alerts in the same digest are sent all the same. In a
// digest about one budget a reset that is out of date is told all the same, as what has been, unless the mail would be about it.
func splitStale(all []*digest) []*digest {
	var parts []*digest
	for _, g := range all {
		rest := *g
		rest.deliveries = nil
		told := !g.merged && g.staleReset(g.lead()) == "" // resets, whether out of date or not
		for _, delivery := range g.deliveries {
			if g.staleRaise(delivery) == "" && (told || g.staleReset(delivery) == "") {
				rest.deliveries = append(rest.deliveries, delivery)
				continue
			}
			stale := *g
			stale.mailID, stale.deliveries = newMailID(), []*db.AlertDelivery{delivery}
			parts = append(parts, &stale)
		}
		if len(rest.deliveries) > 0 {
			parts = append(parts, &rest)
		}
	}
	return parts
}

func (g *digest) sort() {
	if g.merged {
		slices.SortStableFunc(g.deliveries, g.byUrgency)
		return
	}
	slices.SortStableFunc(g.deliveries, g.byImportance)
}

// byUrgency sorts what is about several budgets: alerts before resets, then EXHAUSTED, then REFUSED, then the alert that was raised
// last.
func (g *digest) byUrgency(x, y *db.AlertDelivery) int {
	left, right := &g.alerts[x.AlertID].Alert, &g.alerts[y.AlertID].Alert
	return cmp.Or(
		compareBool(y.Purpose == db.DeliveryPurposeALERT, x.Purpose == db.DeliveryPurposeALERT),
		compareBool(right.Kind == db.AlertKindEXHAUSTED, left.Kind == db.AlertKindEXHAUSTED),
		compareBool(right.Kind == db.AlertKindREFUSED, left.Kind == db.AlertKindREFUSED),
		right.RaisedAt.Compare(left.RaisedAt),
	)
}

// byImportance sorts what a recipient must know first to the front: the latest period (a reset belongs to the period that it
// began), then the budget's latest amount, then alerts before resets, then EXHAUSTED, then REFUSED, then raises, then the highest threshold, then
// the alert that was raised last.
func (g *digest) byImportance(x, y *db.AlertDelivery) int {
	left, right := &g.alerts[x.AlertID].Alert, &g.alerts[y.AlertID].Alert
	latest := g.latest()
	return cmp.Or(
		cmp.Compare(period(y, right), period(x, left)),
		compareBool(right.MaxUnits == latest.MaxUnits, left.MaxUnits == latest.MaxUnits),
		compareBool(y.Purpose == db.DeliveryPurposeALERT, x.Purpose == db.DeliveryPurposeALERT),
		compareBool(right.Kind == db.AlertKindEXHAUSTED, left.Kind == db.AlertKindEXHAUSTED),
		compareBool(right.Kind == db.AlertKindREFUSED, left.Kind == db.AlertKindREFUSED),
		compareBool(isAboutRaise(right.Kind), isAboutRaise(left.Kind)),
		cmp.Compare(threshold(right), threshold(left)),
		right.RaisedAt.Compare(left.RaisedAt),
	)
}

// latest returns the alert that was raised last.
func (g *digest) latest() *db.Alert {
	var latest *db.Alert
	for _, delivery := range g.deliveries {
		if alert := &g.alerts[delivery.AlertID].Alert; latest == nil || alert.RaisedAt.After(latest.RaisedAt) {
			latest = alert
		}
	}
	return latest
}

// period returns the number of the period that a delivery is about.
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
