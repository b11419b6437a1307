package main

import "testing"

// Guarantee: hostile builds the product by itself and measures gateways before, during and after an attack of all kinds, in
// which none of their requests fails, the attacker gets no wrong answer, and the ledger stays without a difference.
func TestHostile(t *testing.T) {
	t.Parallel()
	code, printed := start(t, []string{"DATABASE_URL=" + database.NewURL(t)},
		"hostile", "--duration", "1s", "--connections", "4", "--keys", "20", "--ledger-rows", "500")
	if code != exitDone {
		t.Errorf("exit code %d", code)
	}
	contains(t, printed, "building bursar", "p99 attacked / quiet", "quiet again", "idle for", "no difference", "wrong tokens",
		"slow bodies", "bodies of 16 MiB", "aborted reports", "fragments within fragments", "keys with 100 recipients")
}
