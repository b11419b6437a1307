package db_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/model"
)

// unequalPeriods compares the periods of budgets. One that has ended and in which nothing happened may be missing from
// history until the next touch. An ended one may still hold what has expired and was not swept: decisions and answers look
// at current periods alone.
func (p *play) unequalPeriods(stored []storedRow, unswept []*model.Reservation) []string {
	lines := []string{}
	rowsOf := map[uuid.UUID][]storedRow{}
	for _, row := range stored {
		rowsOf[row.ID] = append(rowsOf[row.ID], row)
	}
	for _, l := range p.Limits {
		rows := rowsOf[l.ID]
		delete(rowsOf, l.ID)
		if l.Kind != db.LimitKindBUDGET {
			continue
		}
		want := []storedRow{}
		for _, period := range l.Periods {
			row := storedRow{What: "period", ID: l.ID, Number: period.Number, Used: period.Used(), Reserved: p.Reserved(period), Text: words(
				period.Unit, period.Length, p.Amount(period), array(period.Thresholds), period.Generation, sqlTime(&period.Start), sqlTime(period.End),
				"closed", sqlTime(period.Closed))}
			ended := period != l.Current()
			if ended && len(period.Charges) == 0 && period.Closed == nil && !slices.ContainsFunc(rows, func(r storedRow) bool { return r.Text == row.Text }) {
				continue
			}
			for _, r := range unswept {
				if ended {
					row.Reserved = row.Reserved.Add(r.Holds(period))
				}
			}
			want = append(want, row)
		}
		slices.SortFunc(rows, func(a, b storedRow) int { return int(a.Number - b.Number) })
		if n := len(rows) - 1; n >= 0 && rows[n].Number < l.Current().Number {
			rows[n].Number = l.Current().Number // it counts the empty periods that are missing with the next touch
		}
		lines = append(lines, unequal(rows, want)...)
	}
	for id := range rowsOf {
		lines = append(lines, unequal(rowsOf[id], nil)...)
	}
	return lines
}

// unequalAlerts compares alerts and the numbers of their deliveries.
func (p *play) unequalAlerts(stored []storedRow) []string {
	lines := []string{}
	for _, a := range p.Alerts {
		period := a.Period
		threshold, requested := "", ""
		switch a.Kind {
		case db.AlertKindTHRESHOLD:
			threshold = fmt.Sprint(a.Threshold)
		case db.AlertKindREFUSED:
			requested = fmt.Sprint(a.Requested)
		}
		want := words(a.Kind, period.Unit, period.Length, threshold, a.Amount, period.Generation, sqlTime(&period.Start), sqlTime(period.End), "raised",
			sqlTime(&a.At), "requested", requested)
		i := slices.IndexFunc(stored, func(row storedRow) bool {
			return row.ID == period.Limit.ID && row.Number == period.Number && row.Text == want && slices.Contains(a.Mails, int(row.Deliveries)) &&
				row.Used.GreaterThanOrEqual(a.Least) && row.Used.LessThanOrEqual(a.Most) &&
				row.Reserved.GreaterThanOrEqual(a.LeastHeld) && row.Reserved.LessThanOrEqual(a.MostHeld)
		})
		if i < 0 {
			lines = append(lines, words("wanted: alert", period.Limit.ID, period.Number, want, "used", a.Least, "to", a.Most,
				"reserved", a.LeastHeld, "to", a.MostHeld, "deliveries", a.Mails))
			continue
		}
		a.Least, a.Most, a.Mails = stored[i].Used, stored[i].Used, []int{int(stored[i].Deliveries)}
		a.LeastHeld, a.MostHeld = stored[i].Reserved, stored[i].Reserved
		stored = slices.Delete(slices.Clone(stored), i, i+1)
	}
	for _, row := range stored {
		lines = append(lines, "stored: "+row.line())
	}
	return lines
}

// array is PostgreSQL's text of an array.
func array(numbers []int64) string {
	texts := []string{}
	for _, n := range numbers {
		texts = append(texts, fmt.Sprint(n))
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// sqlTime is PostgreSQL's text of an instant in a session that speaks UTC; empty for none.
func sqlTime(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05.999999+00")
}
