package test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/sql"
)

// dumpMajor is the oldest PostgreSQL that is supported, whose dumps all others read.
const dumpMajor = 15

// Every table has rows in a database that a program has filled: a dump of it leaves no table out. With BURSAR_TEST_RELEASE=1, as
// `make release` sets it, the dump becomes that of this release.
func TestEveryTableHasRows(t *testing.T) {
	t.Parallel()
	awayFromMidnight(t)
	url := postgres.NewEmptyURL(t)
	fillTables(t, url)
	if os.Getenv("BURSAR_TEST_RELEASE") != "" {
		makeRelease(t, url)
	}
	verify(t, []string{"DATABASE_URL=" + url})
}

// makeRelease writes the files of this release.
func makeRelease(t *testing.T, url string) {
	t.Helper()
	if changed := output(t, "git", "-C", "..", "status", "--porcelain", "--", "sql", "db", "cmd", "go.mod", ":!sql/testdata"); changed != "" {
		t.Fatalf("commit these first: a release is made of a commit\n%s", changed)
	}
	folder := filepath.Join(releasesFolder, strconv.Itoa(sql.ThisRelease().Number))
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // for everybody, as all of the repository
		t.Fatal(err)
	}
	statements, err := json.MarshalIndent(statementsOfGo(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"commit":          output(t, "git", "-C", "..", "rev-parse", "HEAD"),
		"statements.json": string(statements) + "\n",
		"dump.sql":        dump(t, url),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil { //nolint:gosec // for everybody
			t.Fatal(err)
		}
	}
	t.Logf("wrote %s: review and commit it", folder)
}

// dump returns a database as a script that needs nothing but a connection.
func dump(t *testing.T, url string) string {
	t.Helper()
	program := filepath.Join(serverFolder(t, postgres.Pool(t, url)), "pg_dump")
	script := output(t, program, "--dbname="+url, "--no-owner", "--inserts", "--rows-per-insert=50")
	// psql's own commands, with which it confines what a dump may do, and headings
	return regexp.MustCompile(`(?m)^\\(un)?restrict .*\n|^--\n-- .*\n--\n+`).ReplaceAllString(script, "")
}

// serverFolder returns the folder of the server's programs, if it is one whose dumps every server reads.
func serverFolder(t *testing.T, pool *pgxpool.Pool) (folder string) {
	t.Helper()
	var major int
	err := pool.QueryRow(t.Context(), `select c.setting, current_setting('server_version_num')::integer / 10000 from pg_config c where c.name = 'BINDIR'`).
		Scan(&folder, &major)
	if err != nil || major != dumpMajor {
		t.Fatalf("the server is PostgreSQL %d (%v); make releases with %d: DATABASE_URL or BURSAR_POSTGRES_BIN says which", major, err, dumpMajor)
	}
	return folder
}

// output runs a command and returns what it prints.
func output(t *testing.T, name string, arguments ...string) string {
	t.Helper()
	printed, err := exec.CommandContext(t.Context(), name, arguments...).Output()
	if err != nil {
		t.Fatalf("%s: %v%s", name, err, standardError(err))
	}
	return string(printed)
}

func standardError(err error) string {
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // as Output returns it
		return fmt.Sprintf("\n%s", exit.Stderr)
	}
	return ""
}

// statementsOfGo returns the statements that sqlc has written into db, by name.
func statementsOfGo(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../db/*.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(node ast.Node) bool {
			literal, ok := node.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(file, err)
			}
			if head, statement, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(head, "-- name: ") {
				found[strings.Fields(head)[2]] = statement
			}
			return true
		})
	}
	if len(found) < 50 {
		t.Fatalf("%s have only %d statements", files, len(found))
	}
	return found
}
