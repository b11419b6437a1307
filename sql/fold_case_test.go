package sql_test

import (
	"testing"
	"unicode"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/dbtest"
)

// locales are the extremes of what a database may have: C classifies the letters of ASCII alone, C.UTF-8 those of Unicode.
func locales() []string { return []string{"C", "C.UTF-8"} }

// folded returns what fold_case makes of each text.
func folded(t *testing.T, pool *pgxpool.Pool, texts []string) []string {
	t.Helper()
	var results []string
	err := pool.QueryRow(t.Context(), `select array_agg(fold_case(q.t) order by q.n) from unnest($1::text[]) with ordinality q (t, n)`, texts).Scan(&results)
	if err != nil || len(results) != len(texts) {
		t.Fatalf("%d results for %d texts: %v", len(results), len(texts), err)
	}
	return results
}

// fold_case makes letters equal that Unicode's simple case folding makes equal, and no others, in a database of any locale. It is
// compared with Go's tables, for every letter.
func TestFoldCaseIsUnicodes(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about what PostgreSQL has after an upgrade")
	var letters []string
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if unicode.IsLetter(r) || unicode.SimpleFold(r) != r {
			letters = append(letters, string(r))
		}
	}
	for _, locale := range locales() {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			results := folded(t, server.NewIn(t, locale), letters)
			of := map[rune]string{}
			for i, letter := range letters {
				of[[]rune(letter)[0]] = results[i]
			}
			changed := 0
			for r, got := range of {
				if got != string(r) {
					changed++
				}
				if unicode.SimpleFold(r) == r && got != string(r) {
					t.Errorf("%q (%U) becomes %q, and has no other case", r, r, got)
				}
				for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
					if of[other] == got {
						continue
					}
					// Go may know letters that came to Unicode after the function's table
					if unicode.Version == "15.0.0" || got != string(r) || of[other] != string(other) {
						t.Errorf("%q (%U) becomes %q, and %q (%U) %q", r, r, got, other, other, of[other])
					}
				}
			}
			if changed < 1400 {
				t.Errorf("%d letters are changed", changed)
			}
		})
	}
}

// Texts that differ in case alone become the same text, which stays as it is when it is folded again; what differs otherwise stays
// different.
func TestFoldCaseOfTexts(t *testing.T) {
	t.Parallel()
	same := [][]string{
		{"jörg@example.test", "JÖRG@example.test", "Jörg@EXAMPLE.test"}, {"élise@acme.test", "ÉLISE@acme.test"}, {"ärger", "ÄRGER"},
		{"σίσυφοσ", "ΣΊΣΥΦΟΣ", "σίσυφος"}, {"москва", "МОСКВА"}, {"ß", "ẞ"}, {"ss"}, {"İ"}, {"ı"}, {"i", "I"}, {"k", "K", "\u212a"}, {"s", "\u017f"},
		{"密钥 key", "密钥 KEY"}, {""}, {"é"}, {"e\u0301", "E\u0301"}, {"𐐨", "𐐀"}, {"%_\\", "%_\\"}, {"ꭰ", "Ꭰ"},
	}
	for _, locale := range locales() {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			pool := server.NewIn(t, locale)
			seen := map[string]string{}
			for _, texts := range same {
				results := folded(t, pool, texts)
				for i, result := range results {
					if result != results[0] {
						t.Errorf("%q becomes %q, and %q %q", texts[i], result, texts[0], results[0])
					}
				}
				if again := folded(t, pool, results[:1]); again[0] != results[0] {
					t.Errorf("%q becomes %q", results[0], again[0])
				}
				if other, taken := seen[results[0]]; taken {
					t.Errorf("%q and %q both become %q", texts[0], other, results[0])
				}
				seen[results[0]] = texts[0]
			}
		})
	}
}
