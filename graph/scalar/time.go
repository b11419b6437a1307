package scalar

import (
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"bursar/fault"
)

// MarshalTime writes an instant as RFC 3339 in UTC, to the microsecond that PostgreSQL keeps.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		_, _ = io.WriteString(w, strconv.Quote(t.UTC().Format(time.RFC3339Nano)))
	})
}

// UnmarshalTime reads an instant in RFC 3339, of the years 1970 to 9999 in UTC.
func UnmarshalTime(v any) (time.Time, error) {
	s, isString := v.(string)
	if !isString {
		return time.Time{}, fault.New(fault.BadUserInput, "must be an instant such as \"2026-01-31T12:00:00Z\"")
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if t = t.UTC(); err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}, fault.New(fault.BadUserInput, "must be an instant such as \"2026-01-31T12:00:00Z\"")
	}
	return t, nil
}
