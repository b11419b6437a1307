package main

import (
	"strconv"
	"strings"
	"testing"

	"bursar/bench/hostile"
	"bursar/db/dbtest"
)

// Guarantee: hostile measures gateways before, during and after an attack of all kinds, and beside
// another organization that floods their lane; none of their requests fails, the attacker gets no wrong answer, and the ledger stays
// without a difference. With BURSAR_TEST_REPEAT it builds the product by itself.
func TestHostile(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "attacks a server in every way, one after the other")
	if dbtest.Repeat(1) > 1 {
		attack(t, []string{"building bursar", "one server"})
	} else {
		attack(t, []string{"one server"}, "--bursar", bursar)
	}
}

// Guarantee: with --split all of that holds for two servers that share the work, of which the attacker calls the one for the
// control plane.
func TestHostileSplit(t *testing.T) {
	t.Parallel()
	dbtest.Repeated(t, 2, "measures and verifies what TestHostile does, with two servers")
	attack(t, []string{"two servers: --only enforcement, and --only control with the lowest priority"}, "--bursar", bursar, "--split")
}

// attack runs hostile for a moment, twice where BURSAR_TEST_REPEAT is 10, and checks that it printed its tables and the parts.
func attack(t *testing.T, want []string, arguments ...string) {
	t.Helper()
	code, printed := start(t, []string{"DATABASE_URL=" + database.NewURL(t)}, append([]string{
		"hostile", "--duration", "150ms", "--rounds", strconv.Itoa(1 + min(1, dbtest.Repeat(1)/10)), "--connections", "4", "--keys", "20", "--ledger-rows", "500"}, arguments...)...)
	if code != exitDone && !strings.Contains(printed, "bursar-bench: void, ") { // other tests load the machine
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	contains(t, printed, append(want, "p99 attacked / quiet", "p99 beside a flooded lane / quiet", hostile.Flood, "p99 beside 50 open consoles / quiet", "idle for", "no difference", "wrong tokens",
		"slow bodies", "bodies of 16 MiB", "aborted reports", "fragments within fragments", "keys with 100 recipients")...)
}

// Guarantee: kinds of attack can be measured alone; what was not asked for is neither run nor judged.
func TestHostileOnly(t *testing.T) {
	t.Parallel()
	dbtest.Repeated(t, 10, "measures a part of what TestHostile does")
	for name, test := range map[string]struct {
		only      []string
		has, none string
	}{
		"the mix":         {[]string{"wrong tokens", "documents of 2,000 wrong names"}, "p99 attacked / quiet", "lane"},
		"those who watch": {[]string{hostile.Consoles, hostile.Listeners}, "p99 beside 1,000 listeners / quiet", "attacked"},
		"a flood":         {[]string{hostile.Flood}, "p99 beside a flooded lane / quiet", "attacked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arguments := []string{"hostile", "--duration", "400ms", "--rounds", "1", "--connections", "4", "--keys", "20", "--ledger-rows", "500", "--bursar", bursar}
			for _, kind := range test.only {
				arguments = append(arguments, "--only", kind)
			}
			code, printed := start(t, []string{"DATABASE_URL=" + database.NewURL(t)}, arguments...)
			if code != exitDone && !strings.Contains(printed, "bursar-bench: void, ") {
				t.Errorf("exit code %d:\n%s", code, printed)
			}
			contains(t, printed, append(test.only, test.has, "no difference")...)
			if strings.Contains(printed, test.none) || strings.Contains(printed, "slow bodies") {
				t.Errorf("more than %q in\n%s", test.only, printed)
			}
		})
	}
}
