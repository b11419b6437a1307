package scalar

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"bursar/fault"
)

// MarshalDate writes a day, which is kept as its text.
func MarshalDate(day string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(day)) })
}

// UnmarshalDate reads a day of the years 1970 to 2199.
func UnmarshalDate(v any) (string, error) {
	s, isString := v.(string)
	day, err := time.Parse(time.DateOnly, s)
	if !isString || err != nil || day.Year() < 1970 || day.Year() > 2199 {
		return "", fault.New(fault.BadUserInput, "must be a day of the years 1970 to 2199, such as \"2026-01-31\"")
	}
	return s, nil
}
