# shellcheck shell=bash
# The step fuzz of .ci/run, which has its functions and $scratch.

# fuzz_folder FOLDER TARGET... builds the folder's tests once and fuzzes one target after the other. For the moment that FUZZ_TIME leaves unset, inputs are
# changed at random: in it, to be guided by coverage finds nothing more, and would have every package compiled once again. Before 1.27, Go may take the end of the time
# for a failure (golang/go#75804): it says no more than "context deadline exceeded" then, and writes no input that fails.
fuzz_folder() {
  local folder=$1 program=$scratch/fuzz-${1//\//-} target code guided=()
  [[ -z ${FUZZ_TIME:-} ]] || guided=(-fuzz=.)
  go test -c -vet=off "${guided[@]}" -o "$program" "./$folder"
  for target in "${@:2}"; do
    code=0 # no time is spent on shortening inputs that are merely new
    (cd "$folder" && DATABASE_URL=$database "$program" -test.run='^$' -test.fuzz="^$target\$" -test.fuzztime="${FUZZ_TIME:-500ms}" -test.parallel=1 \
      -test.fuzzminimizetime=10x -test.fuzzcachedir="$(go env GOCACHE)/fuzz/bursar/$folder") >"$program-$target" 2>&1 || code=$?
    printf '%s in %s\n' "$target" "$folder"
    cat "$program-$target"
    if ((code != 0)); then
      grep -qx ' *context deadline exceeded' "$program-$target" && ! grep -q 'Failing input written' "$program-$target" ||
        fail "$target: mend what it found and commit the input in $folder/testdata/fuzz, which every go test then tries"
      echo "$target: the time was over; no input fails"
    fi
  done
}

step_fuzz() { # every target that there is, two folders with about as many at a time, for a moment; FUZZ_TIME=2m .ci/run fuzz for longer
  need_database
  local folders folder i running code=0
  mapfile -t folders < <(git grep --untracked -oE '^func Fuzz[A-Z][A-Za-z0-9]*' -- '*_test.go' | sed -E 's|/[^/]*:func | |' |
    awk '{ targets[$1] = targets[$1] " " $2; number[$1]++ } END { for (folder in targets) print number[folder], folder targets[folder] }' | sort -rn)
  ((${#folders[@]} > 0)) || fail 'there is no fuzz target'
  for ((i = 0; i < ${#folders[@]}; i += 2)); do
    running=()
    for folder in "${folders[@]:i:2}"; do
      # shellcheck disable=SC2086 # one word each; the first is the number of targets
      fuzz_folder ${folder#* } &
      running+=($!)
    done
    for folder in "${running[@]}"; do wait "$folder" || code=1; done
  done
  ((code == 0)) || fail 'a target failed'
}
