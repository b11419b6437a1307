package api_test

import (
	"os"
	"regexp"
	"testing"

	"bursar/db/dbtest"
)

// noEnforcement fails the test if a standby, which logs statements, was sent one of enforcement or of authentication.
func noEnforcement(t *testing.T, node *dbtest.Node) {
	t.Helper()
	log, err := os.ReadFile(node.Server.LogFile())
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`list_api_keys|from api_keys`).Match(log) {
		t.Error("the log of the standby has no reads: the test has looked at nothing")
	}
	wrong := regexp.MustCompile(`(?i)(check_usage|reserve_usage|record_usage|lease_usage|release_reservations|set_config\('bursar.access_token_hash|insert into|update \w+ set).*`)
	if found := wrong.Find(log); found != nil {
		t.Errorf("the standby was sent %s", found)
	}
}
