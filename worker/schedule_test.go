package worker

import (
	"testing"
	"time"
)

// Budgets reset at any quarter of an hour, and the job is due exactly then; what was missed is caught up five minutes later, so within ten minutes
// of any instant. A run has ended when the next one is due, whose job it would keep out.
func TestCloseSchedule(t *testing.T) {
	t.Parallel()
	for current, want := range map[string]string{
		"2024-05-11T23:59:59.999999999Z": "2024-05-12T00:00:00Z",
		"2024-05-12T00:00:00Z":           "2024-05-12T00:05:00Z",
		"2024-05-12T00:04:59.999999999Z": "2024-05-12T00:05:00Z",
		"2024-05-12T00:05:00Z":           "2024-05-12T00:15:00Z",
		"2024-12-31T23:58:00Z":           "2025-01-01T00:00:00Z",
		"2024-05-12T08:33:00+05:45":      "2024-05-12T02:50:00Z",
	} {
		if next := (closeSchedule{}).Next(parse(t, current)); !next.Equal(parse(t, want)) {
			t.Errorf("after %s comes %s, want %s", current, next, want)
		}
	}
	due, end := parse(t, "2024-02-28T00:00:00Z"), parse(t, "2024-03-02T00:00:00Z")
	longest := (*periodCloser)(nil).Timeout(nil)
	for reset := due; reset.Before(end); {
		next := closeSchedule{}.Next(due)
		if wait := next.Sub(due); wait > 10*time.Minute || wait < longest {
			t.Fatalf("after %s comes %s", due, next)
		}
		if next.Sub(reset) >= 15*time.Minute {
			if reset = reset.Add(15 * time.Minute); !next.Equal(reset) {
				t.Fatalf("%s is left out", reset)
			}
		}
		due = next
	}
}

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339Nano, text)
	must(t, err)
	return parsed
}
