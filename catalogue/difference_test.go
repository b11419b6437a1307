package catalogue_test

import (
	"strings"
	"testing"
	"time"

	"bursar/catalogue"
)

// priced is a list in Bursar's CSV, of lines without the ends that are the same for all.
func priced(t *testing.T, rows ...string) []catalogue.Price {
	t.Helper()
	list := "provider,model,effective_from,effective_to,service_tier,above_input_tokens,unit,per_million,max_output_tokens,source,checked_at\n"
	for _, row := range rows {
		list += row + ",list 1,2026-08-01\n"
	}
	return read(t, list).Prices
}

// Guarantee: a difference says what is new, what changes and by how much, what is gone and what stays the same, as of an instant; changes to more than
// twice, less than half, nothing or from nothing are large.
func TestCompare(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	current := priced(t, "p,same,,,,,INPUT_TOKENS,1,", "p,twice,,,,,INPUT_TOKENS,1,", "p,much,,,,,INPUT_TOKENS,1,", "p,half,,,,,INPUT_TOKENS,1,", "p,nothing,,,,,INPUT_TOKENS,1,",
		"p,something,,,,,INPUT_TOKENS,0,", "p,cached,,,,,INPUT_TOKENS,1,", "p,gone,,,,,INPUT_TOKENS,1,", "p,over,,2026-02-01,,,INPUT_TOKENS,1,", "p,kept,,,,,INPUT_TOKENS,1,9",
		"p,planned,,2027-01-01,,,INPUT_TOKENS,1,", "p,planned,2027-01-01,,,,INPUT_TOKENS,2,", "p,words,,,,,INPUT_TOKENS,1,")
	current = append(current, catalogue.Price{Provider: "p", Model: "other", Source: "own"})
	list := priced(t, "p,same,2026-01-01,,,,INPUT_TOKENS,1,", "p,twice,,,,,INPUT_TOKENS,2,", "p,much,,,,,INPUT_TOKENS,2.000001,", "p,half,,,,,INPUT_TOKENS,0.499999,", "p,nothing,,,,,INPUT_TOKENS,0,",
		"p,something,,,,,INPUT_TOKENS,0.1,", "p,cached,,,,,INPUT_TOKENS,1,", "p,cached,,,,,CACHED_INPUT_TOKENS,0.1,", "p,kept,,,,,INPUT_TOKENS,1,", "p,new*,,,,,INPUT_TOKENS,0,",
		"p,past,,2026-02-01,,,INPUT_TOKENS,1,", "p,planned,,2027-01-01,,,INPUT_TOKENS,1,", "p,planned,2027-01-01,,,,INPUT_TOKENS,3,", "p,words,,,,,INPUT_TOKENS,1,", "p,words,,,,,OUTPUT_TOKENS,0,")
	d := catalogue.Compare(current, list, at)
	if got, want := d.Summary(), "1 new, 8 changed, 1 gone, 3 the same; 1 of the new ones are free"; got != want {
		t.Errorf("the summary is %q, want %q", got, want)
	}
	var large []string
	for _, change := range d.Large() {
		large = append(large, change.New.Model)
	}
	same(t, "large changes", large, []string{"cached", "half", "much", "nothing", "something"})
	if len(d.Writes()) != 9 {
		t.Errorf("%d prices are written, want the new and the changed ones, 9", len(d.Writes()))
	}
	var table strings.Builder
	if err := d.WriteTable(&table, false); err != nil {
		t.Fatal(err)
	}
	var rows []string
	for row := range strings.SplitSeq(strings.TrimSpace(table.String()), "\n") {
		rows = append(rows, strings.Join(strings.Fields(row), " "))
	}
	same(t, "rows", rows, []string{"PROVIDER MODEL FROM WHAT WAS IS BY",
		"changed p cached CACHED_INPUT_TOKENS 1 0.1 -90.0 % !", "changed p half INPUT_TOKENS 1 0.499999 -50.0 % !", "changed p much INPUT_TOKENS 1 2.000001 +100.0 % !",
		"changed p nothing INPUT_TOKENS 1 0 !", "changed p planned 2027-01-01 INPUT_TOKENS 2 3 +50.0 %", "changed p something INPUT_TOKENS 0 0.1 !",
		"changed p twice INPUT_TOKENS 1 2 +100.0 %", "changed p words rates that cost the same, or the most output tokens",
		"new p new* INPUT_TOKENS / OUTPUT_TOKENS 0 / 0", "gone p gone INPUT_TOKENS / OUTPUT_TOKENS 1 / 0 (stays)"})
	if again := catalogue.Compare(list, list, at); len(again.Writes()) != 0 || again.Same != 12 || len(again.Gone) != 0 {
		t.Errorf("a list differs from itself: %s", again.Summary())
	}
}
