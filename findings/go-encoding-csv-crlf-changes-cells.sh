#!/usr/bin/env bash
# Go 1.26.8, encoding/csv: with the line ends of RFC 4180 (UseCRLF) a Writer changes what is in cells: a lone carriage return is left out
# without an error, and a line feed becomes CR LF.
#
# Guess: UseCRLF is about the ends of rows, as its comment says ("True to use \r\n as the line terminator"); a quoted cell keeps its bytes, as
# RFC 4180 lets it (escaped = DQUOTE *(TEXTDATA / COMMA / CR / LF / 2DQUOTE) DQUOTE) and as it does without UseCRLF.
# Seen: "a\rb" is written as "ab", quoted; "a\nb" as "a\r\nb". A Reader of the same package gives "ab": two cells that differed are one.
#
# Source: Writer.Write in encoding/csv/writer.go. Needs Go alone; runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >main.go <<'G'
package main

import (
	"encoding/csv"
	"fmt"
	"runtime"
	"strings"
)

func main() {
	for _, crlf := range []bool{false, true} {
		for _, cell := range []string{"a\rb", "a\nb", "a\r\nb"} {
			text := &strings.Builder{}
			w := csv.NewWriter(text)
			w.UseCRLF = crlf
			err := w.Write([]string{cell})
			w.Flush()
			read, readErr := csv.NewReader(strings.NewReader(text.String())).Read()
			fmt.Printf("UseCRLF %t: %q is written as %q, read as %q, %v\n", crlf, cell, text.String(), read, []error{err, w.Error(), readErr})
		}
	}
	fmt.Println(runtime.Version())
}
G
go mod init finding >/dev/null 2>&1
output=$(go run .)
printf '%s\n' "$output"
for line in 'UseCRLF false: "a\rb" is written as "\"a\rb\"\n", read as ["a\rb"], [<nil> <nil> <nil>]' \
  'UseCRLF true: "a\rb" is written as "\"ab\"\r\n", read as ["ab"], [<nil> <nil> <nil>]' \
  'UseCRLF true: "a\nb" is written as "\"a\r\nb\"\r\n", read as ["a\nb"], [<nil> <nil> <nil>]'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: encoding/csv loses carriage returns of cells with UseCRLF"
