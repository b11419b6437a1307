package export

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// A text that a spreadsheet would take for a formula has an apostrophe in front; numbers and what Bursar has made have not.
func TestFormulasAreGuarded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "\"'\r=1\"", "a=1": "a=1", "": "", "'=1": "'=1",
		"=HYPERLINK(\"x\",\"y\")": `"'=HYPERLINK(""x"",""y"")"`,
	} {
		p := &page{}
		p.label(text)
		if got := p.text.String(); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	p := &page{}
	p.decimals(decimal.New(-15, -1))
	p.numbers(-7)
	p.cell("-")
	p.end()
	if got := p.text.String(); got != "-1.5,-7,-\r\n" {
		t.Errorf("numbers are %q", got)
	}
}

// What is written is read back as it was by a reader of RFC 4180, but for CR LF, which Go's reader makes LF.
func FuzzCells(f *testing.F) {
	for _, seed := range []string{"", "plain", "a,b", `say "x"`, "two\nlines", "\r", "a\rb", " padded ", "=1", "ü", "\ufeff", "\x00", `"`, `\.`} {
		f.Add(seed, "next")
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		p := &page{}
		p.cell(one)
		p.cell(two)
		p.cell("last")
		p.end()
		records, err := csv.NewReader(strings.NewReader(p.text.String())).ReadAll()
		if err != nil || len(records) != 1 || len(records[0]) != 3 {
			t.Fatalf("%q: %v, %v", p.text.String(), records, err)
		}
		for i, want := range []string{one, two, "last"} {
			if want = strings.ReplaceAll(want, "\r\n", "\n"); records[0][i] != want {
				t.Errorf("%q is read as %q", want, records[0][i])
			}
		}
	})
}
