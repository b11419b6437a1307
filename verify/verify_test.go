package verify_test

import (
	"bytes"
	"testing"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/verify"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// Guarantee: the books of an organization are verified in the database that decides for it, and not in one that has its rows in part: while it arrives, or when it has left.
func TestOrganizationsAreVerifiedWhereTheyAre(t *testing.T) {
	t.Parallel()
	pool := server.New(t)
	tenant := dbtest.NewTenant(t, pool)
	exec := func(statement string) {
		t.Helper()
		if _, err := pool.Exec(t.Context(), statement, tenant.Organization.ID); err != nil {
			t.Fatal(err)
		}
	}
	exec(`select create_limit($1, null, k.id, 'BUDGET', 'TOKENS', 'NONE', 100, '{}') from api_keys k where k.organization_id = $1`)
	exec(`update counters set used_units = 1 where organization_id = $1`) // that nobody has used
	for residence, differences := range map[db.Residence]int64{db.ResidenceHERE: 1, db.ResidenceLEAVING: 1, db.ResidenceARRIVING: 0, db.ResidenceLEFT: 0} {
		exec(`update organizations set residence = '` + string(residence) + `' where id = $1`)
		var out bytes.Buffer
		v := verify.New(&out)
		if err := v.Run(t.Context(), pool, &bytes.Buffer{}); err != nil || v.Differences != differences {
			t.Errorf("%s: %d differences, want %d; %v\n%s", residence, v.Differences, differences, err, out.String())
		}
	}
}
