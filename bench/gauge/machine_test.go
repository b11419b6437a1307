package gauge

import "testing"

// Guarantee: the processors' load is what all programs used of their time, without waiting for a disk and without what other guests had.
func TestBusy(t *testing.T) {
	t.Parallel()
	before, err := parseMachine([]byte("cpu  100 0 100 800 0 0 0 50 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n"))
	if err != nil {
		t.Fatal(err)
	}
	after, err := parseMachine([]byte("cpu  140 10 120 900 20 4 6 950 0 0\n"))
	if err != nil {
		t.Fatal(err)
	}
	if busy := after.BusySince(before); busy != 0.4 {
		t.Errorf("want 80 of 200 ticks, got %v", busy)
	}
	if busy := after.BusySince(after); busy != 0 {
		t.Errorf("no time has passed: %v", busy)
	}
	for _, wrong := range []string{"", "cpu 1 2 3", "intr 1 2 3 4 5 6 7 8", "cpu a 2 3 4 5 6 7 8"} {
		if _, err := parseMachine([]byte(wrong)); err == nil {
			t.Errorf("%q was taken", wrong)
		}
	}
}
