package yamlfile

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Duration reads a time such as 90s, from a least one to a day.
func (r *Reader) Duration(where string, least time.Duration, into *time.Duration) func(ast.Node) {
	return func(node ast.Node) {
		value, ok := r.Scalar(node, where)
		if !ok {
			return
		}
		d, err := time.ParseDuration(value)
		if err != nil || d < least || d > 24*time.Hour {
			r.Note(node.GetToken(), "%s is %q, want a time from %s to 24h such as 90s", where, value, least)
			return
		}
		*into = d
	}
}

// Number reads a whole number within bounds.
func (r *Reader) Number(where string, least, most int64, into *int64) func(ast.Node) {
	return func(node ast.Node) {
		value, ok := r.Scalar(node, where)
		if !ok {
			return
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < least || n > most {
			r.Note(node.GetToken(), "%s is %q, want a whole number from %d to %d", where, value, least, most)
			return
		}
		*into = n
	}
}

// Bytes reads a number of bytes such as 64MiB, within bounds.
func (r *Reader) Bytes(where string, least, most int64, into *int64) func(ast.Node) {
	return func(node ast.Node) {
		value, ok := r.Scalar(node, where)
		if !ok {
			return
		}
		digits, factor := value, int64(1)
		for suffix, size := range map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
			if before, found := strings.CutSuffix(value, suffix); found {
				digits, factor = strings.TrimSpace(before), size
			}
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 0 || n > most/factor || n*factor < least {
			r.Note(node.GetToken(), "%s is %q, want %d to %d bytes, as a number or such as 64MiB", where, value, least, most)
			return
		}
		*into = n * factor
	}
}

// dollars is an exact number of dollars.
var dollars = regexp.MustCompile(`^[0-9]{1,10}(\.[0-9]{1,9})?$`)

// Money reads an amount of US dollars, 0 or more.
func (r *Reader) Money(where string, into *string) func(ast.Node) {
	return func(node ast.Node) {
		if value, ok := r.Scalar(node, where); ok && !dollars.MatchString(value) {
			r.Note(node.GetToken(), "%s is %q, want US dollars such as 0.25", where, value)
		} else if ok {
			*into = value
		}
	}
}
