# shellcheck shell=bash
# Steps that .ci/run takes beside the others when it runs all of them. They wait for networks, browsers and clients most of the time, and use one
# processor when they do not.

beside=(web clients vulnerabilities audit)

# start_beside starts these steps in a copy of the checkout: they install packages of npm, among whose folders `go list ./...` would look for packages
# of Go, and the files that they build are embedded by the program.
start_beside() {
  need_program
  mkdir "$scratch/checkout"
  git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do
      [[ ! -f $file ]] || printf '%s\0' "$file"
    done | tar --null --files-from=- -cf - | tar -xf - -C "$scratch/checkout"
  git init --quiet "$scratch/checkout" # for the lists of files
  set -m # a group of processes of its own, to end them together
  (
    cd "$scratch/checkout"
    export GOFLAGS="${GOFLAGS:-} -buildvcs=false"
    run_steps "${beside[@]}"
  ) >"$scratch/beside" 2>&1 &
  besides=$!
  set +m
  trap 'kill -- "-$besides" 2>/dev/null || true; wait "$besides" 2>/dev/null || true; rm -rf "$scratch"' EXIT
}

# end_beside waits for the steps and prints what they have printed. What they have built anew is in web/dist then, as after a step that runs alone.
end_beside() {
  local code=0
  wait "$besides" || code=$?
  cat "$scratch/beside"
  if ((code != 0)); then
    diff -rq "$scratch/checkout/web/dist" web/dist >/dev/null || { rm -rf web/dist && cp -a "$scratch/checkout/web/dist" web/dist; }
    fail "a step of ${beside[*]} (above)"
  fi
}
