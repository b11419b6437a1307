package main

import (
	"os"
	"testing"

	"bursar/db/dbtest"
)

// asProgram makes the test binary be bursar itself, for tests that need a process of its own.
const asProgram = "BURSAR_TEST_AS_PROGRAM"

// database is the PostgreSQL of this test binary.
var database *dbtest.Server

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main() // does not return
	}
	dbtest.Main(m, func(s *dbtest.Server) { database = s })
}
