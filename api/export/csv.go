package export

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// page is the CSV text of some rows, by RFC 4180. Not encoding/csv: with its line ends of RFC 4180 it changes those within cells.
type page struct {
	text  bytes.Buffer
	cells int // of the current row
}

// The forms of instants: as the API answers them, and as FOCUS writes them, in whole seconds.
const (
	instantForm = time.RFC3339Nano
	secondForm  = "2006-01-02T15:04:05Z"
)

// label adds a cell with a text that people or gateways have chosen. One that a spreadsheet would take for a formula gets an apostrophe in
// front.
func (p *page) label(s string) {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		s = "'" + s
	}
	p.cell(s)
}

// labelPointer is label for a text that may be missing: the cell is empty then.
func (p *page) labelPointer(s *string) {
	if s == nil {
		p.cell("")
		return
	}
	p.label(*s)
}

// cell adds a cell whose text Bursar has made.
func (p *page) cell(s string) {
	if p.cells > 0 {
		p.text.WriteByte(',')
	}
	p.cells++
	if !strings.ContainsAny(s, "\",\r\n") && strings.TrimSpace(s) == s {
		p.text.WriteString(s)
		return
	}
	p.text.WriteByte('"')
	p.text.WriteString(strings.ReplaceAll(s, `"`, `""`))
	p.text.WriteByte('"')
}

// cellPointer is cell for a text that may be missing: the cell is empty then.
func (p *page) cellPointer(s *string) {
	if s == nil {
		p.cell("")
		return
	}
	p.cell(*s)
}

func (p *page) decimal(d decimal.Decimal) { p.cell(d.String()) }

func (p *page) decimals(list ...decimal.Decimal) {
	for _, d := range list {
		p.decimal(d)
	}
}

func (p *page) numbers(list ...int64) {
	for _, n := range list {
		p.cell(strconv.FormatInt(n, 10))
	}
}

func (p *page) instant(t time.Time) { p.cell(t.UTC().Format(instantForm)) }

func (p *page) second(t time.Time) { p.cell(t.UTC().Format(secondForm)) }

// end ends a row.
func (p *page) end() {
	p.text.WriteString("\r\n")
	p.cells = 0
}

// row adds a row of cells.
func (p *page) row(cells ...string) {
	for _, c := range cells {
		p.cell(c)
	}
	p.end()
}
