package importer

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"bursar/auth"
)

// Record is an object of an export. Its getters read what people's exports have: numbers as text, dates without a zone, JSON in text. What cannot be
// read is a line of the report, and counts as missing.
type Record struct {
	Fields map[string]any // as encoding/json reads them, with json.Number
	Name   string         // how the report names the object
	Report *Report
}

const (
	nanoDigits = 9
	maxDollars = 9_000_000_000 // so that nano-dollars fit into 64 bits
	maxID      = 255           // bytes
)

// value returns what a field has; nil when it is missing, null or empty.
func (r *Record) value(field string) any {
	v := r.Fields[field]
	if text, isText := v.(string); isText && strings.TrimSpace(text) == "" {
		return nil
	}
	return v
}

// Has tells whether a field has something: not null, and no empty text, list or object.
func (r *Record) Has(field string) bool {
	switch v := r.value(field).(type) {
	case nil:
		return false
	case []any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	case string:
		return v != "{}" && v != "[]" && v != "null"
	}
	return true
}

// show returns what a field has as text.
func show(v any) string {
	if text, isText := v.(string); isText {
		return text
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Show returns what a field has as text, for a line of the report.
func (r *Record) Show(field string) string { return show(r.value(field)) }

// Add adds a line about a field to the report.
func (r *Record) Add(level Level, field, message string) {
	r.Report.Add(level, r.Name, field, message, r.Show(field))
}

// ID returns a field that names an object; "" when it is missing or is no text.
func (r *Record) ID(field string) string {
	switch v := r.value(field).(type) {
	case string:
		if strings.ContainsFunc(v, unicode.IsControl) || !utf8.ValidString(v) || len(v) > maxID {
			r.Report.Add(Lost, r.Name, field, "it has control characters or more than 255 bytes, as no id has: it counts as missing", strconv.Quote(v))
			return ""
		}
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	}
	return ""
}

// Text returns a field without control characters, and no longer than max characters, which the report says; "" when it is missing.
func (r *Record) Text(field string, max int) string {
	v := r.value(field)
	if v == nil {
		return ""
	}
	text := strings.ToValidUTF8(show(v), "")
	clean := strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return -1
		}
		return c
	}, text))
	if clean != strings.TrimSpace(text) {
		r.Report.Add(Changed, r.Name, field, "its control characters, such as NUL, are left out", strconv.Quote(text))
	}
	if auth.HoldsSecret(clean) {
		r.Report.Add(Lost, r.Name, field, "it holds the secret of an API key or a token, which would be stored and shown: it is left out", "")
		return ""
	}
	if utf8.RuneCountInString(clean) > max {
		clean = string([]rune(clean)[:max])
		r.Report.Add(Changed, r.Name, field, "it is longer than "+strconv.Itoa(max)+" characters, and cut", text)
	}
	return clean
}

// Flag returns whether a field is true; unreadable and missing ones are false.
func (r *Record) Flag(field string) bool {
	switch v := r.value(field).(type) {
	case nil:
	case bool:
		return v
	default:
		switch strings.ToLower(show(v)) {
		case "true", "t", "1", "yes":
			return true
		case "false", "f", "0", "no":
			return false
		}
		r.Add(Lost, field, "it is neither true nor false: it counts as false")
	}
	return false
}

// Number returns a field that is a number from 0 on; false when it is missing or unreadable, which the report says.
func (r *Record) Number(field string) (decimal.Decimal, bool) {
	v := r.value(field)
	if v == nil {
		return decimal.Zero, false
	}
	text := strings.TrimSpace(show(v))
	size, err := strconv.ParseFloat(text, 64) // bounds what decimal is asked to read
	if err != nil || len(text) > 64 || strings.ContainsAny(text, "xX_pPiInN") {
		r.Add(Lost, field, "it is no number that can be read: it is left out")
		return decimal.Zero, false
	}
	if size < 0 {
		r.Add(Lost, field, "it is less than 0: it is left out")
		return decimal.Zero, false
	}
	if size > 1e18 {
		r.Add(Changed, field, "it is so large that it limits nothing: it is left out")
		return decimal.Zero, false
	}
	if size < 1e-12 {
		return decimal.Zero, true
	}
	d, err := decimal.NewFromString(text)
	if err != nil {
		r.Add(Lost, field, "it is no number that can be read: it is left out")
		return decimal.Zero, false
	}
	return d, true
}

// Nanos returns a field of dollars in nano-dollars, rounded to the nearest; false as Number.
func (r *Record) Nanos(field string) (int64, bool) {
	d, ok := r.Number(field)
	if ok && d.GreaterThan(decimal.NewFromInt(maxDollars)) {
		r.Add(Changed, field, "it is so large that it limits nothing: it is left out")
		return 0, false
	}
	return d.Shift(nanoDigits).Round(0).IntPart(), ok
}

// Whole returns a field that is a whole number, rounded down; false as Number.
func (r *Record) Whole(field string) (int64, bool) {
	d, ok := r.Number(field)
	if ok && !d.IsInteger() {
		r.Add(Changed, field, "it is no whole number, and rounded down")
	}
	return d.Floor().IntPart(), ok
}
