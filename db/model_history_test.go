package db_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"bursar/db"
)

// unequalPeriods compares the periods of budgets. One that has ended and in which nothing happened may be missing from
// history until the next touch. An ended one may still hold what has expired and was not swept: decisions and answers look
// at current periods alone.
func (m *model) unequalPeriods(stored []storedRow, unswept []*modelReservation) []string {
	lines := []string{}
	rowsOf := map[uuid.UUID][]storedRow{}
	for _, row := range stored {
		rowsOf[row.ID] = append(rowsOf[row.ID], row)
	}
	for _, l := range m.limits {
		rows := rowsOf[l.id]
		delete(rowsOf, l.id)
		if l.kind != db.LimitKindBUDGET {
			continue
		}
		want := []storedRow{}
		for _, p := range l.periods {
			row := storedRow{What: "period", ID: l.id, Number: p.number, Used: p.used(), Reserved: m.reserved(p), Text: words(
				p.unit, p.length, p.amount, array(p.thresholds), p.generation, sqlTime(&p.start), sqlTime(p.end), "closed", sqlTime(p.closed))}
			ended := p != l.current()
			if ended && len(p.charges) == 0 && p.closed == nil && !slices.ContainsFunc(rows, func(r storedRow) bool { return r.Text == row.Text }) {
				continue
			}
			for _, r := range unswept {
				if ended {
					row.Reserved = row.Reserved.Add(r.holds(p))
				}
			}
			want = append(want, row)
		}
		slices.SortFunc(rows, func(a, b storedRow) int { return int(a.Number - b.Number) })
		if n := len(rows) - 1; n >= 0 && rows[n].Number < l.current().number {
			rows[n].Number = l.current().number // it counts the empty periods that are missing with the next touch
		}
		lines = append(lines, unequal(rows, want)...)
	}
	for id := range rowsOf {
		lines = append(lines, unequal(rowsOf[id], nil)...)
	}
	return lines
}

// unequalAlerts compares alerts and the numbers of their deliveries.
func (m *model) unequalAlerts(stored []storedRow) []string {
	lines := []string{}
	for _, a := range m.alerts {
		p := a.period
		kind, threshold := db.AlertKindTHRESHOLD, fmt.Sprint(a.threshold)
		if a.threshold == 0 {
			kind, threshold = db.AlertKindEXHAUSTED, ""
		}
		want := words(kind, p.unit, p.length, threshold, a.amount, p.generation, sqlTime(&p.start), sqlTime(p.end), "raised", sqlTime(&a.at))
		i := slices.IndexFunc(stored, func(row storedRow) bool {
			return row.ID == a.limit && row.Number == p.number && row.Text == want && slices.Contains(a.mails, int(row.Deliveries)) &&
				row.Used.GreaterThanOrEqual(a.least) && row.Used.LessThanOrEqual(a.most)
		})
		if i < 0 {
			lines = append(lines, words("wanted: alert", a.limit, p.number, want, "used", a.least, "to", a.most, "deliveries", a.mails))
			continue
		}
		a.least, a.most, a.mails = stored[i].Used, stored[i].Used, []int{int(stored[i].Deliveries)}
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
