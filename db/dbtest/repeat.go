package dbtest

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// Repeat returns how often something random is repeated: times BURSAR_TEST_REPEAT, a factor of 1 unless it is set. `.ci/run` sets
// 2, and a change of enforcement deserves 10. It panics if the variable is no number above 0.
func Repeat(times int) int {
	set := os.Getenv("BURSAR_TEST_REPEAT")
	if set == "" {
		return times
	}
	factor, err := strconv.Atoi(set)
	if err != nil || factor < 1 {
		panic(fmt.Sprintf("BURSAR_TEST_REPEAT is %q, want a number above 0", set))
	}
	return times * factor
}

// Repeated skips a test unless BURSAR_TEST_REPEAT is a factor or more: 2 is that of `.ci/run`, 10 is for what takes long beside what it may find. It
// is for a variant of another test, or for a part of what another test covers; why says which.
func Repeated(t testing.TB, factor int, why string) {
	t.Helper()
	if Repeat(1) < factor {
		t.Skipf("left out unless BURSAR_TEST_REPEAT is %d or more: it %s", factor, why)
	}
}

// Long skips a test under -short. why says what takes the time: "kills a server ten times".
func Long(t testing.TB, why string) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out under -short: it " + why)
	}
}

// Unraced skips a test under the race detector, which would watch nothing but the test itself. why says what the test is about instead:
// "calls functions of PostgreSQL".
func Unraced(t testing.TB, why string) {
	t.Helper()
	if raceDetector {
		t.Skip("left out under -race: it " + why)
	}
}
