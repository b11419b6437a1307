package test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Functions and queries rely on no order of an aggregate's input beside an aggregate with DISTINCT: PostgreSQL 16 and later sort the
// input of all aggregates of a select for it (findings/postgresql-distinct-aggregate-reorders-others.sh). PostgreSQL 15 does not, so
// that nothing else would tell there.
func TestAggregatesBesideDistinctHaveAnOrder(t *testing.T) {
	t.Parallel()
	distinct := regexp.MustCompile(`\b\w+\(distinct\b`)
	ordered := regexp.MustCompile(`\b(?:array|json|jsonb|string)_agg\(`)
	seen := 0
	err := filepath.WalkDir("../sql", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".sql" || strings.Contains(path, "testdata") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil || !distinct.Match(text) {
			return err
		}
		seen++
		for _, at := range ordered.FindAllIndex(text, -1) {
			if call := arguments(string(text[at[1]:])); !strings.HasPrefix(call, "distinct ") && !strings.Contains(call, "order by") {
				t.Errorf("%s: an aggregate of %q has no order of its own beside one with distinct", path, call)
			}
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("%d files have an aggregate with distinct; %v", seen, err)
	}
}

// arguments returns the text up to the parenthesis that closes one that is open at its beginning.
func arguments(text string) string {
	open := 1
	for i, c := range text {
		switch c {
		case '(':
			open++
		case ')':
			open--
		}
		if open == 0 {
			return text[:i]
		}
	}
	return text
}
