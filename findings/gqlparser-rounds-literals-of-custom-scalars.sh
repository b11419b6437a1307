#!/usr/bin/env bash
# gqlparser 2.5.64, which gqlgen 0.17.98 executes with: a number in a document reaches a custom scalar as a float64, rounded.
#
# Guess: a custom scalar is given what was written, as it is for variables (json.Number) and as parseLiteral of graphql-js is.
# Seen: 1.0000000000000001 arrives as 1, 0.30000000000000004440 as 0.30000000000000004 and 1e-400 as 0, without an error, and no
# scalar can tell. The same text as a variable arrives with all its digits. An enum's value is the other way round: in another case it
# is refused in a document and accepted as a variable ("cost" for COST), which arrives as it was sent.
#
# Source: Value.Value parses FloatValue with strconv.ParseFloat (ast/value.go); validateVarType compares enums with
# strings.EqualFold (validator/vars.go). Needs Go and its module proxy; runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'G'
package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
)

func main() {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: `scalar Decimal enum Type { COST } type Query { f(d: Decimal, t: Type): Int }`})
	for _, number := range []string{"1.0000000000000001", "0.30000000000000004440", "1e-400"} {
		literal := gqlparser.MustLoadQuery(schema, "{ f(d: "+number+") }").Operations[0].SelectionSet[0].(*ast.Field).ArgumentMap(nil)["d"]
		fmt.Printf("literal %s %T %v\n", number, literal, literal)
		operation := gqlparser.MustLoadQuery(schema, "query($d: Decimal) { f(d: $d) }").Operations[0]
		decoder := json.NewDecoder(strings.NewReader(`{"d": ` + number + `}`))
		decoder.UseNumber()
		variables := map[string]any{}
		if err := decoder.Decode(&variables); err != nil {
			panic(err)
		}
		values, err := validator.VariableValues(schema, operation, variables)
		fmt.Printf("variable %s %T %v %v\n", number, values["d"], values["d"], err)
	}
	_, refused := gqlparser.LoadQuery(schema, "{ f(t: cost) }")
	fmt.Println("enum in a document refused:", len(refused) > 0)
	operation := gqlparser.MustLoadQuery(schema, "query($t: Type) { f(t: $t) }").Operations[0]
	values, err := validator.VariableValues(schema, operation, map[string]any{"t": "cost"})
	fmt.Println("enum as a variable:", values["t"], err)
}
G
{
  go mod init finding
  go get github.com/vektah/gqlparser/v2@v2.5.64
} >/dev/null 2>&1
output=$(go run .)
printf '%s\n' "$output"
for line in 'literal 1.0000000000000001 float64 1' 'literal 0.30000000000000004440 float64 0.30000000000000004' 'literal 1e-400 float64 0' \
  'variable 1.0000000000000001 json.Number 1.0000000000000001 <nil>' 'variable 1e-400 json.Number 1e-400 <nil>' \
  'enum in a document refused: true' 'enum as a variable: cost <nil>'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more \"$line\"" >&2; exit 1; }
done
echo "as described: literals are rounded, variables are not; enums as variables in any case"
