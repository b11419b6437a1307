#!/usr/bin/env bash
# goccy/go-yaml 1.19.2: in a flow list within a flow mapping, a plain http://localhost:8080 is not a text but a mapping from http://localhost to 8080.
#
# Guess: a colon that no blank follows is a part of a plain scalar, wherever it stands (YAML 1.2.2, 7.3.3: ns-plain-char has ":" before a character
# that is safe), as after "http" in the same text. An address needs no quotes.
# Seen: [http://localhost:8080] and {url: http://localhost:8080} have the text; {urls: [http://localhost:8080]} has {"http://localhost": 8080}. In blocks
# and in quotes it is always the text, and gopkg.in/yaml.v3 has the text everywhere.
#
# Source: scanner/scanner.go, scanMapDelim: while any flow mapping is open, each ":" ends a key, unless a "/" follows or the last token is the ":" before a
# value, which in a nested list it is not. Needs Go and its module proxy;
# runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'GO'
package main

import (
	"fmt"

	"github.com/goccy/go-yaml"
	reference "gopkg.in/yaml.v3"
)

func main() {
	for _, text := range []string{"[http://localhost:8080]", "{url: http://localhost:8080}", "{urls: [http://localhost:8080]}", "urls:\n- http://localhost:8080", `{urls: ["http://localhost:8080"]}`} {
		var goccy, other any
		if err := yaml.Unmarshal([]byte(text), &goccy); err != nil {
			panic(err)
		}
		if err := reference.Unmarshal([]byte(text), &other); err != nil {
			panic(err)
		}
		fmt.Printf("%q: goccy %v, yaml.v3 %v\n", text, goccy, other)
	}
}
GO
go mod init finding >/dev/null 2>&1
go get github.com/goccy/go-yaml@v1.19.2 gopkg.in/yaml.v3@v3.0.1 >/dev/null 2>&1
seen=$(go run .)
echo "$seen"
grep -qF '"{urls: [http://localhost:8080]}": goccy map[urls:[map[http://localhost:8080]]], yaml.v3 map[urls:[http://localhost:8080]]' <<<"$seen" ||
  { echo "changed: the nested list is read otherwise" >&2; exit 1; }
grep -qF '"[http://localhost:8080]": goccy [http://localhost:8080], yaml.v3 [http://localhost:8080]' <<<"$seen" || { echo "changed: a list alone is read otherwise" >&2; exit 1; }
echo "as described: goccy/go-yaml 1.19.2 splits an address in a list within a flow mapping"
