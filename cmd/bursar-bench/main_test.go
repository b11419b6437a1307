package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bursar/db/dbtest"
)

// asProgram makes the test binary be bursar-bench, which hostile starts as its attacker.
const asProgram = "BURSAR_BENCH_TEST_AS_PROGRAM"

var (
	database *dbtest.Server // the PostgreSQL of this test binary
	bursar   string         // the product, built once
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main() // does not return
	}
	folder, err := os.MkdirTemp("", "bursar-bench-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	bursar = filepath.Join(folder, "bursar")
	build := exec.Command("go", "run", "-exec=cp", "bursar/cmd/bursar", bursar) // go build links anew each time; go run keeps what it has linked
	if output, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, output)
		os.Exit(1)
	}
	code := dbtest.Run(m, func(s *dbtest.Server) { database = s })
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// command returns bursar-bench as a process of its own.
func command(t *testing.T, variables []string, arguments ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], arguments...)
	command.Env = append(append(os.Environ(), asProgram+"=yes"), variables...)
	return command
}

// start runs bursar-bench and returns its exit code and what it printed.
func start(t *testing.T, variables []string, arguments ...string) (code int, printed string) {
	t.Helper()
	var output bytes.Buffer
	command := command(t, variables, arguments...)
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), output.String()
}

// contains checks that a text has all parts.
func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}

// Guarantee: flags that make no sense are refused before anything is started, in one line.
func TestNonsenseIsRefused(t *testing.T) {
	t.Parallel()
	for arguments, want := range map[string]string{
		"hostile --connections 0":                       "--connections",
		"hostile --keys 0":                              "--keys",
		"hostile --duration 1ms":                        "--duration",
		"hostile --ledger-rows 0":                       "--ledger-rows",
		"hostile --bursar /nowhere":                     "/nowhere",
		"hostile --only nothing":                        "--only",
		"gateway --streams 0":                           "--streams",
		"gateway --portkey /nowhere":                    "/nowhere",
		"gateway --duration 1ms":                        "--duration",
		"compare":                                       "--against",
		"compare --against /nowhere":                    "/nowhere",
		"compare --against BURSAR --rows xyz":           "--rows",
		"compare --against BURSAR --rows a":             "ceiling",
		"compare --against BURSAR --rows bb":            "hot-key",
		"compare --against BURSAR --rounds 0":           "--rounds",
		"compare --against BURSAR --connections 256,-1": "--connections",
		"everything":                                    "everything",
	} {
		t.Run(arguments, func(t *testing.T) {
			t.Parallel()
			code, printed := start(t, nil, strings.Fields(strings.ReplaceAll(arguments, "BURSAR", bursar))...)
			if code != exitMisused || strings.Count(printed, "\n") != 1 {
				t.Errorf("exit code %d, %q", code, printed)
			}
			contains(t, printed, want)
		})
	}
}
