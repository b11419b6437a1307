package main

import (
	"strings"
	"testing"

	"bursar/db/dbtest"
)

// Guarantee: envoy measures both loads of a server that it starts, of one key, of all and by the clock, and every call is admitted; a reference needs its Redis.
func TestEnvoy(t *testing.T) {
	t.Parallel()
	dbtest.Long(t, "starts a PostgreSQL and a server, and measures")
	code, printed := start(t, nil, "envoy", "--bursar", bursar, "--connections", "4", "--per-second", "50", "--rounds", "1", "--duration", "200ms", "--keys", "10")
	if code != exitDone {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
	contains(t, printed, "bursar: count, hot", "bursar: reserve, hot", "bursar: count, spread", "bursar: reserve, spread", "bursar: count, clock", "bursar: reserve, clock")
	if code, printed := start(t, nil, "envoy", "--redis", "redis-server"); code != exitMisused || !strings.Contains(printed, "go together") {
		t.Errorf("exit code %d:\n%s", code, printed)
	}
}
