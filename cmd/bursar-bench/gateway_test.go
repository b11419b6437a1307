package main

import (
	"strings"
	"testing"

	"bursar/db/dbtest"
)

// Guarantee: gateway measures the gateway of another build beside this one's, and both book what the provider has served.
func TestGateway(t *testing.T) {
	t.Parallel()
	dbtest.Repeated(t, 10, "measures what bursar bench --gateway does, with one gateway more")
	code, printed := start(t, nil, "gateway", "--bursar", bursar, "--against", bursar, "--streams", "2", "--calls", "20", "--rounds", "1", "--duration", "200ms", "--keys", "10")
	if code != exitDone && !strings.Contains(printed, "bursar-bench: void, ") { // other tests load the machine
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	contains(t, printed, "added by bursar gateway", "added by the other build", "what was booked is what the provider has served")
}
