package worker

import (
	"testing"
	"time"
)

// Budgets reset on Sundays and on the 1st, 00:00 UTC, and the job is due exactly then: also where both are one day, in leap
// years, over the turn of a year, and when the asking clock is in another zone.
func TestResetSchedule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, current, next string }{
		{"in the week", "2024-05-08T12:00:00Z", "2024-05-12T00:00:00Z"},
		{"the instant before", "2024-05-11T23:59:59.999999999Z", "2024-05-12T00:00:00Z"},
		{"a Sunday itself", "2024-05-12T00:00:00Z", "2024-05-19T00:00:00Z"},
		{"the 1st before Sunday", "2024-07-28T00:00:00Z", "2024-08-01T00:00:00Z"},
		{"Sunday after the 1st", "2024-08-01T00:00:00Z", "2024-08-04T00:00:00Z"},
		{"the 1st is a Sunday", "2024-08-31T10:00:00Z", "2024-09-01T00:00:00Z"},
		{"after both at once", "2024-09-01T00:00:00Z", "2024-09-08T00:00:00Z"},
		{"February of a leap year", "2024-02-26T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"29 February", "2024-02-29T23:59:59Z", "2024-03-01T00:00:00Z"},
		{"February of a common year", "2023-02-26T00:00:00Z", "2023-03-01T00:00:00Z"},
		{"no leap year in 2100", "2100-02-28T12:00:00Z", "2100-03-01T00:00:00Z"},
		{"turn of the year", "2024-12-29T00:00:00Z", "2025-01-01T00:00:00Z"},
		{"1 January is a Sunday", "2022-12-28T00:00:00Z", "2023-01-01T00:00:00Z"},
		{"31 December is a Sunday", "2023-12-31T00:00:00Z", "2024-01-01T00:00:00Z"},
		{"behind UTC", "2024-05-11T20:30:00-04:00", "2024-05-19T00:00:00Z"},
		{"ahead of UTC", "2024-05-12T08:30:00+09:00", "2024-05-12T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if next := (resetSchedule{}).Next(parse(t, c.current)); !next.Equal(parse(t, c.next)) {
				t.Fatalf("after %s comes %s, want %s", c.current, next, c.next)
			}
		})
	}
}

// Over 400 years no Sunday and no 1st is left out, and nothing else is due.
func TestResetScheduleLeavesNothingOut(t *testing.T) {
	t.Parallel()
	due := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for day := due.AddDate(0, 0, 1); day.Year() < 2400; day = day.AddDate(0, 0, 1) {
		if day.Weekday() != time.Sunday && day.Day() != 1 {
			continue
		}
		next := resetSchedule{}.Next(due)
		if !next.Equal(day) {
			t.Fatalf("after %s comes %s, want %s", due, next, day)
		}
		due = next
	}
}

// What was missed is caught up within ten minutes, and a run for that has ended when a reset is due, whose job it would keep
// out.
func TestCatchUpSchedule(t *testing.T) {
	t.Parallel()
	for current, want := range map[string]string{
		"2024-05-11T23:54:59.999999999Z": "2024-05-11T23:55:00Z",
		"2024-05-11T23:55:00Z":           "2024-05-12T00:05:00Z",
		"2024-05-12T00:00:00Z":           "2024-05-12T00:05:00Z",
		"2024-05-12T00:05:00Z":           "2024-05-12T00:15:00Z",
		"2024-12-31T23:58:00Z":           "2025-01-01T00:05:00Z",
		"2024-05-12T08:33:00+05:30":      "2024-05-12T03:05:00Z",
	} {
		if next := (catchUpSchedule{}).Next(parse(t, current)); !next.Equal(parse(t, want)) {
			t.Errorf("after %s comes %s, want %s", current, next, want)
		}
	}
	if longest := (*periodCloser)(nil).Timeout(nil); longest > catchUpInterval-catchUpOffset {
		t.Errorf("a run may take %s, and %s after it begins a reset is due", longest, catchUpInterval-catchUpOffset)
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339Nano, text)
	must(t, err)
	return parsed
}
