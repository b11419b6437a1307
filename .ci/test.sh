# shellcheck shell=bash
# The steps test and race of .ci/run, which has their functions and $scratch. Together they are the README's command, go test ./..., with
# BURSAR_TEST_REPEAT=2, and under the race detector what it has something to watch in. No test runs in both without a reason.

# raced prints the packages with tests in which the race detector has something to watch: their own code starts goroutines, sends on channels or
# guards what it shares, or, that of graph, is run by goroutines of the GraphQL server. The tests in the folder test start a program that is built
# without it, and db/dbtest is a kit, which the tests of other packages watch.
raced() {
  go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | grep -xF -f <(
    { echo graph/ && git grep --untracked -lE '\bgo func\b|\.Go\(|\bchan\b|"sync"|"sync/atomic"' -- '*.go' ':!*_test.go' ':!db/dbtest'; } |
      sed -E 's|^(.*)/[^/]*$|bursar/\1|' | sort -u)
}

# reduced prints, for each test that the race detector leaves out or does less of, its package and its name, or a * for the name where not a test but
# the kit of its package says so.
reduced() {
  git ls-files --cached --others --exclude-standard -z -- '*_test.go' | xargs -0 awk '
    FNR == 1 { name = "*"; package = FILENAME; sub(/\/[^\/]*$/, "", package) }
    /^func / { name = $2 ~ /^Test[A-Z]/ ? $2 : "*"; sub(/\(.*/, "", name) }
    /dbtest\.(Long|Unraced|Repeat|Repeated)\(|testing\.Short\(|rapid\.Check\(/ { print "bursar/" package, name }' | sort -u
}

# long_first prints the packages of standard input, first those whose tests take long: go test begins with what it is named first, and none of them is to run
# alone at the end.
long_first() {
  awk '$0 ~ "^bursar/(test|db|graph|cmd/bursar|gateway/proxy)$" { print; next } { others = others $0 "\n" } END { printf "%s", others }'
}

# step_test runs, on one PostgreSQL, the tests that `race` does not run or does less of. The step lint looks at more than go test's vet does.
step_test() {
  need_database
  local -x BURSAR_TEST_REPEAT=2 DATABASE_URL=$database
  local -a whole some
  raced >"$scratch/raced"
  reduced | awk 'NR == FNR { raced[$0]; next } $1 in raced' "$scratch/raced" - >"$scratch/reduced"
  mapfile -t some < <(cut -d' ' -f1 "$scratch/reduced" | sort -u | grep -vxF -f <(sed -n 's/ \*$//p' "$scratch/reduced") | long_first)
  mapfile -t whole < <(go list ./... | grep -vxF -f <(grep -vxF -f <(sed -n 's/ \*$//p' "$scratch/reduced") "$scratch/raced") | long_first)
  go test -vet=off "${whole[@]}"
  go test -vet=off -run "^($(cut -d' ' -f2 "$scratch/reduced" | grep -v '\*' | sort -u | paste -sd '|'))\$" "${some[@]}"
}

step_race() { # long tests kill other processes, fill tables or measure, mostly from one goroutine: `test` runs them
  need_compiler
  need_database
  # without GORACE, every program would sleep for a second before it exits
  # shellcheck disable=SC2046 # one word each
  GORACE="atexit_sleep_ms=0 ${GORACE:-}" CGO_ENABLED=1 DATABASE_URL=$database go test -vet=off -race -short $(raced | long_first)
}
