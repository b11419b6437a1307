package bench

import (
	"strings"
	"testing"
)

// Guarantee: rows are chosen by letters, by names and by both, and anything else is an error that shows what there is.
func TestRowsAreChosenByLetterAndName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"bc": "bc", "b,c": "bc", "hot-key": "b", "uniform-keys, hot-key": "cb", "bc,open-loop": "bch", "check-usage": "e",
	} {
		if got, err := ParseRows(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "bz", "b,", "hot", "b c"} {
		if got, err := ParseRows(text); err == nil || !strings.Contains(err.Error(), "hot-key") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// Guarantee: each row has one name, which is no row's letters but for the first.
func TestEveryRowHasAName(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for letter := range strings.SplitSeq(AllRows, "") {
		name := RowName(letter)
		if name == "" || seen[name] || strings.Trim(name, AllRows) == "" && letter != ceilingRow {
			t.Errorf("row %s is called %q", letter, name)
		}
		seen[name] = true
	}
	if len(rowNames()) != len(AllRows) || RowName("z") != "" || RowName("") != "" || RowName("ab") != "" {
		t.Errorf("%d names for %d rows", len(rowNames()), len(AllRows))
	}
}
