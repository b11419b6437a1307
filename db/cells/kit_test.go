package cells_test

import (
	"testing"

	"bursar/db/dbtest"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }
