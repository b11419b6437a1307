package graph_test

import (
	"testing"

	"bursar/graph/graphtest"
)

var kit *graphtest.Kit

func TestMain(m *testing.M) { graphtest.Main(m, func(k *graphtest.Kit) { kit = k }) }

func newAPI(t testing.TB) *graphtest.API {
	t.Helper()
	return kit.NewAPI(t)
}

type object = graphtest.Object
