#!/usr/bin/env bash
# relay-compiler 21.0.1: a build changes git's index.
#
# Guess: a compiler writes its artifacts into its folder and leaves version control to whoever commits.
# Seen: in a git repository it runs `git add` on the artifacts that it made, so that the next commit has files that nobody added. With
# "noSourceControl": true it does not. What it prints does not say so; the option is described as "Opt out of source control checks/integration".
#
# Source: add_command in compiler/crates/relay-compiler/src/build_project/source_control.rs. Needs npm and git; runs in a temporary folder that it removes.
set -euo pipefail

version=21.0.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/repository"
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder/packages" "relay-compiler@$version" >/dev/null
cd repository
git init --quiet
cat >schema.graphql <<'G'
type Query { hello: String }
G
cat >App.js <<'J'
graphql`query AppQuery { hello }`;
J

compile() { # FLAGS: further lines of the configuration; prints what is staged afterwards
  rm -rf __generated__
  mkdir __generated__
  printf '{"src": ".", "schema": "schema.graphql", "language": "javascript", "artifactDirectory": "__generated__"%s}\n' "$1" >relay.config.json
  "$folder/packages/node_modules/.bin/relay-compiler" relay.config.json >/dev/null 2>&1
  [[ -f __generated__/AppQuery.graphql.js ]] || { echo 'changed: no artifact' >&2; exit 1; }
  git diff --cached --name-only
}

printf 'relay-compiler %s\n' "$version"
without=$(compile ', "noSourceControl": true')
printf 'staged with noSourceControl: %s\n' "${without:-nothing}"
staged=$(compile '')
printf 'staged by default: %s\n' "${staged:-nothing}"
[[ -z $without ]] || { echo 'changed: noSourceControl stages' >&2; exit 1; }
[[ $staged == __generated__/AppQuery.graphql.js ]] || { echo 'changed: nothing is staged' >&2; exit 1; }
