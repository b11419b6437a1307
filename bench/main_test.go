package bench

import (
	"fmt"
	"os"
	"testing"

	"bursar/db/dbtest"
)

// asServer makes the test binary be a server of the kind that Start starts; its value says which.
const asServer = "BENCH_TEST_AS_SERVER"

// database is the PostgreSQL of this test binary.
var database *dbtest.Server

func TestMain(m *testing.M) {
	if kind := os.Getenv(asServer); kind != "" {
		os.Exit(beServer(kind))
	}
	dbtest.Main(m, func(s *dbtest.Server) { database = s })
}

// beServer logs as a server does and ends as its kind does.
func beServer(kind string) int {
	if kind == "verify" {
		fmt.Println("a table\nall is well")
		return 0
	}
	interrupted := interrupts()
	fmt.Fprintln(os.Stderr, `{"msg":"starting"}`)
	if kind == "broken" {
		fmt.Fprintln(os.Stderr, "there is no such database")
		return 1
	}
	if kind == "slow" { // never says its URL
		<-interrupted
		return 0
	}
	fmt.Fprintln(os.Stderr, `{"msg":"serving","url":"http://127.0.0.1:1"}`)
	<-interrupted
	if kind == "bad end" {
		fmt.Fprintln(os.Stderr, "could not drain")
		return 3
	}
	return 0
}
