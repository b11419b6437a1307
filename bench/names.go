package bench

import (
	"fmt"
	"slices"
	"strings"
)

// The rows' letters: all of them, and those that take no more than a minute together.
const (
	AllRows   = "abcdefghijklmnopq"
	QuickRows = "abcdefgh"
)

// rowNames returns the names of the rows, in the order of AllRows. No name but the first, which nobody means as letters, consists
// of row letters alone: --rows tells names from letters.
func rowNames() []string {
	return []string{
		"ceiling", "hot-key", "uniform-keys", "reserve-record", "check-usage", "transaction-per-request",
		"row-update", "open-loop", "concurrency", "two-servers", "many-keys", "long-ledger", "prices", "gathered",
		"batches", "leases", "policies",
	}
}

// RowName returns the name of the row with a letter; "" if there is none.
func RowName(letter string) string {
	if at := strings.Index(AllRows, letter); len(letter) == 1 && at >= 0 {
		return rowNames()[at]
	}
	return ""
}

// ParseRows returns the letters of rows that are given as names and letters, such as "bc", "hot-key,uniform-keys" or
// "bc,open-loop".
func ParseRows(text string) (letters string, err error) {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		at := slices.Index(rowNames(), part)
		switch {
		case at >= 0:
			letters += AllRows[at : at+1]
		case part != "" && strings.Trim(part, AllRows) == "":
			letters += part
		default:
			return "", fmt.Errorf("want letters of %s or names separated by commas (%s), got %q", AllRows,
				strings.Join(rowNames(), ", "), part)
		}
	}
	return letters, nil
}
