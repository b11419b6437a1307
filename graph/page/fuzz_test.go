package page

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"bursar/fault"
)

// badInput fails the test unless an error is BAD_USER_INPUT about after.
func badInput(t *testing.T, in string, err error) {
	t.Helper()
	known, ok := err.(*fault.Fault) //nolint:errorlint // the checks return faults themselves
	if !ok || known.Code != fault.BadUserInput || known.Field != "after" || !strings.HasPrefix(known.Message, "after: ") {
		t.Fatalf("%q is refused with %v", in, err)
	}
}

// A cursor of a list is one that the list has given out, or empty, which is none; of any other text the list says so.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{CursorOf(uuid.MustParse("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")), CursorOf(uuid.Nil), "Mw", "MA", "LTE", "KzE", "MDE", "", "?",
		"AZ3kEAAAcACAAAAAAAAAAQ==", "AZ3kEAAAcACAAAAAAAAAAR", "MjE0NzQ4MzY0OA", " Mw", "Mw\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := New(Arguments{After: &cursor})
		switch {
		case err != nil:
			badInput(t, cursor, err)
		case p.After == nil && cursor != "", p.After != nil && CursorOf(*p.After) != cursor:
			t.Fatalf("%q is read as %v", cursor, p.After)
		}
		if number, ok := NumberOfCursor(cursor); ok && (number < 1 || CursorOfNumber(number) != cursor) {
			t.Fatalf("%q is read as %d", cursor, number)
		}
	})
}
