package command_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/cmd/bursar/value"
	"bursar/db/dbtest"
	"bursar/move"
	"bursar/move/command"
)

var server *dbtest.Server

func TestMain(m *testing.M) { dbtest.Main(m, func(s *dbtest.Server) { server = s }) }

// Guarantee: the command shows a plan, moves an organization, says how long it stood still and where it is, and moves nothing with --plan; purge says what has gone.
func TestMove(t *testing.T) {
	t.Parallel()
	homeURL, euURL := server.NewURL(t), server.NewURL(t)
	home, eu := server.Pool(t, homeURL), server.Pool(t, euURL)
	run := func(pool *pgxpool.Pool, statement string) {
		t.Helper()
		if _, err := pool.Exec(context.Background(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const installation = `'00000000-0000-7000-8000-000000000001'`
	run(home, `insert into cell_identity (name, installation, incarnation) values ('home', `+installation+`, `+installation+`)`)
	run(eu, `insert into cell_identity (name, installation, incarnation) values ('eu', `+installation+`, `+installation+`)`)
	run(home, `insert into cells (name, incarnation) values ('home', `+installation+`), ('eu', `+installation+`)`)
	tenant := dbtest.NewTenant(t, home)
	slug := tenant.Organization.Slug

	where := command.Where{Home: value.DatabaseURL(homeURL), Cells: value.Cells{"eu": euURL}}
	for _, c := range []struct {
		run  func(*strings.Builder) error
		want string // of the output
	}{
		{func(out *strings.Builder) error {
			return (&command.Organization{Named: slug, To: "eu", Plan: true, Where: where}).Run(t.Context(), out)
		}, `(?s)^TABLE +ROWS +BYTES\norganizations +1 +\d+\n.*\nin all +\d+ +\d+\n.*The move of SLUG from home to eu has it stand still for about 0\.2 s\.\n$`},
		{func(out *strings.Builder) error {
			return (&command.Organization{Named: slug, To: "eu", Yes: true, Standstill: move.DefaultStandstill, Where: where}).Run(t.Context(), out)
		}, `(?s)\nSLUG is in eu, and stood still for \d+\.\d\d s\. Its rows in home go with bursar move purge, after 7 days\n$`},
		{func(out *strings.Builder) error {
			return (&command.Purge{After: time.Hour, Where: where}).Run(t.Context(), out)
		}, `^$`},
		{func(out *strings.Builder) error {
			return (&command.Purge{After: -time.Hour, Where: where}).Run(t.Context(), out)
		}, `^org_[0-9a-f]{32} has no rows in home any more\n$`},
	} {
		var out strings.Builder
		if err := c.run(&out); err != nil {
			t.Fatal(err)
		}
		if want := strings.ReplaceAll(c.want, "SLUG", slug); !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("printed %q, want %q", out.String(), want)
		}
	}
	err := (&command.Organization{Named: slug, To: "eu", Abort: true, Where: where}).Run(t.Context(), &strings.Builder{})
	if err == nil || err.Error() != slug+" is in eu already" {
		t.Errorf("a move to where it is ends with %v", err)
	}
	err = (&command.Organization{Named: slug, To: "eu"}).Run(t.Context(), &strings.Builder{})
	if err == nil || !strings.Contains(err.Error(), "DATABASE_URL and BURSAR_CELLS are not both set") {
		t.Errorf("without databases it ends with %v", err)
	}
}
