# shellcheck shell=bash
# The steps test and race of .ci/run, which has their functions and $scratch. Together they are the README's command, go test ./..., with
# BURSAR_TEST_REPEAT=2, and under the race detector what it has something to watch in. No test runs in both without a reason.

# raced prints the packages with tests in which the race detector has something to watch: their own code starts goroutines, sends on channels or
# guards what it shares, or, that of graph, is run by goroutines of the GraphQL server. The tests in the folder test start a program that is built without it.
raced() {
  go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | grep -xF -f <(
    { echo graph/ && git grep --untracked -lE '\bgo func\b|\.Go\(|\bchan\b|"sync"|"sync/atomic"' -- '*.go' ':!*_test.go'; } |
      sed -E 's|^(.*)/[^/]*$|bursar/\1|' | sort -u)
}

# raced_whole prints those of them of which the race detector leaves nothing out but long tests: `test` runs of these the long tests alone.
raced_whole() {
  raced | grep -vxF -f <(git grep --untracked -lE 'dbtest\.(Unraced|Repeat)|testing\.Short|rapid\.Check' -- '*_test.go' | sed -E 's|^(.*)/[^/]*$|bursar/\1|' | sort -u)
}

# long_tests prints the names of tests that -short leaves out, of all packages.
long_tests() {
  git ls-files --cached --others --exclude-standard -z -- '*_test.go' |
    xargs -0 awk '/^func Test/ { name = $2; sub(/\(.*/, "", name) } /dbtest\.Long\(/ { print name }' | sort -u
}

step_test() { # on one PostgreSQL; the step vet looks at more than go test does
  need_database
  local -x BURSAR_TEST_REPEAT=2 DATABASE_URL=$database
  raced_whole >"$scratch/raced"
  # shellcheck disable=SC2046 # one word each
  go test -vet=off $(go list ./... | grep -vxF -f "$scratch/raced")
  # shellcheck disable=SC2046
  go test -vet=off -run "^($(long_tests | paste -sd '|'))\$" $(grep -xF -f <(git grep --untracked -l 'dbtest\.Long(' -- '*_test.go' |
    sed -E 's|^(.*)/[^/]*$|bursar/\1|') "$scratch/raced")
}

step_race() { # long tests kill other processes, fill tables or measure, mostly from one goroutine: `test` runs them
  need_compiler
  need_database
  # without GORACE, every program would sleep for a second before it exits
  # shellcheck disable=SC2046 # one word each
  GORACE="atexit_sleep_ms=0 ${GORACE:-}" CGO_ENABLED=1 DATABASE_URL=$database go test -vet=off -race -short $(raced)
}
