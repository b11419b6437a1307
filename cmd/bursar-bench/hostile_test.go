package main

import "testing"

// Guarantee: hostile builds the product by itself and measures gateways before, during and after an attack of all kinds, in
// which none of their requests fails, the attacker gets no wrong answer, and the ledger stays without a difference.
func TestHostile(t *testing.T) {
	t.Parallel()
	attack(t, []string{"building bursar", "one server"})
}

// Guarantee: with --split all of that holds for two servers that share the work, of which the attacker calls the one for the
// control plane.
func TestHostileSplit(t *testing.T) {
	t.Parallel()
	attack(t, []string{"two servers: --only enforcement, and --only control with the lowest priority"}, "--bursar", bursar, "--split")
}

// attack runs hostile for a second and checks that it printed its tables and the parts.
func attack(t *testing.T, want []string, arguments ...string) {
	t.Helper()
	code, printed := start(t, []string{"DATABASE_URL=" + database.NewURL(t)}, append([]string{
		"hostile", "--duration", "1s", "--connections", "4", "--keys", "20", "--ledger-rows", "500"}, arguments...)...)
	if code != exitDone {
		t.Errorf("exit code %d", code)
	}
	contains(t, printed, append(want, "p99 attacked / quiet", "quiet again", "idle for", "no difference", "wrong tokens",
		"slow bodies", "bodies of 16 MiB", "aborted reports", "fragments within fragments", "keys with 100 recipients")...)
}
