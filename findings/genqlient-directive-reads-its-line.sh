#!/usr/bin/env bash
# genqlient 0.8.1: whether a directive above an operation is valid depends on a line break behind the operation's name.
#
# Guess: `# @genqlient(for: "Input.field", omitempty: true)` above `mutation M($input: Input!) {` is about the operation, wherever its
# variables stand: the manual says that a directive on the line before a query applies to the query.
# Seen: it is refused with "for is only applicable to operations and arguments". With the variable on a line of its own the same tokens are
# generated. The comments above a node's line are read for each node on it, and so for the variable as well.
#
# Source: parsePrecedingComment in generate/genqlient_directive.go. Needs Go and its module proxy; in a temporary folder that it removes.
set -euo pipefail

version=v0.8.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >go.mod <<'M'
module example.test/finding

go 1.25
M
# its own golang.org/x/tools does not compile with Go 1.25 and later
go get -tool "github.com/Khan/genqlient@$version" golang.org/x/tools@v0.52.0 >/dev/null 2>&1
cat >schema.graphql <<'G'
type Query { f(input: Input!): Int }
input Input { id: ID!, note: String }
G
cat >genqlient.yaml <<'Y'
schema: schema.graphql
operations: [operation.graphql]
generated: generated.go
package: finding
optional: pointer
Y

generate() { # VARIABLES: how they are written behind the name
  rm -f generated.go
  # shellcheck disable=SC2016 # GraphQL's own variable
  printf '# @genqlient(for: "Input.note", omitempty: true)\nquery Q(%b) {\n  f(input: $input)\n}\n' "$1" >operation.graphql
  go tool genqlient 2>&1 || true
}

printf 'genqlient %s\n' "$version"
# shellcheck disable=SC2016
one=$(generate '$input: Input!')
printf 'variable on the line of the name: %s\n' "$one"
[[ $one == *'for is only applicable to operations and arguments'* ]] || { echo 'changed: it is accepted' >&2; exit 1; }
# shellcheck disable=SC2016
own=$(generate '\n  $input: Input!\n')
printf 'variable on a line of its own: %s\n' "${own:-generated, $(grep -o '`json:"note[^`]*`' generated.go | head -1)}"
[[ -z $own ]] && grep -q '"note,omitempty"' generated.go || { echo 'changed: it is refused, or not omitted' >&2; exit 1; }
