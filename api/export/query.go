package export

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"bursar/fault"
	"bursar/graph/validate"
)

// query reads the parameters of a request, and collects what is wrong with them.
type query struct {
	values url.Values
	known  []string
	errs   []error
}

// newQuery parses a query string. Its error is about the request as a whole.
func newQuery(raw string) (*query, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fault.New(fault.BadUserInput, "the query string could not be read")
	}
	return &query{values: values}, nil
}

func (q *query) refuse(field, message string, arguments ...any) {
	q.errs = append(q.errs, fault.BadInput(field, message, arguments...))
}

// one returns a parameter that is given at most once; nil when it is not, or empty.
func (q *query) one(name string) *string {
	q.known = append(q.known, name)
	given := q.values[name]
	if len(given) > 1 {
		q.refuse(name, "is given %d times", len(given))
		return nil
	}
	if len(given) == 0 || given[0] == "" {
		return nil
	}
	return &given[0]
}

// names returns the values of a parameter that may be given several times; nil when it is not.
func (q *query) names(name string) []string {
	q.known = append(q.known, name)
	given := q.values[name]
	if len(given) == 0 {
		return nil
	}
	q.errs = append(q.errs, validate.Names(name, given))
	return given
}

// instant returns an instant in RFC 3339, or the first one of a date in UTC; nil when it is not given.
func (q *query) instant(name string) *time.Time {
	text := q.one(name)
	if text == nil {
		return nil
	}
	for _, form := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(form, *text); err == nil && at.Year() >= 1 && at.Year() <= 9999 {
			return &at
		}
	}
	q.refuse(name, "must be an instant such as 2026-03-01T00:00:00Z, or a date such as 2026-03-01, which begins at 00:00 UTC")
	return nil
}

// span returns the parameters from and to.
func (q *query) span() (from, to *time.Time) {
	from, to = q.instant("from"), q.instant("to")
	if from != nil && to != nil && !to.After(*from) {
		q.refuse("to", "must be after from")
	}
	return from, to
}

// require refuses parameters that are not given.
func (q *query) require(names ...string) {
	for _, name := range names {
		if given := q.values[name]; len(given) == 0 || len(given) == 1 && given[0] == "" {
			q.refuse(name, "must be given")
		}
	}
}

// isFOCUS tells whether format asks for the columns of FOCUS.
func (q *query) isFOCUS() bool { return oneOf(q, "format", "csv", "csv", "focus") == "focus" }

// oneOf returns a parameter that has one of some values, whatever its case; standard when it is not given.
func oneOf[T ~string](q *query, name string, standard T, values ...T) T {
	text := q.one(name)
	if text == nil {
		return standard
	}
	value, known := among(*text, values)
	if !known {
		q.refuse(name, "must be %s", alternatives(values))
	}
	return value
}

// list returns the values of a parameter that may be given several times, and may have several between commas; nil when there are none.
func (q *query) list(name string) (list []string) {
	q.known = append(q.known, name)
	for _, given := range q.values[name] {
		for text := range strings.SplitSeq(given, ",") {
			if text != "" {
				list = append(list, text)
			}
		}
	}
	return list
}

// someOf is list for values each of which must be one of some.
func someOf[T ~string](q *query, name string, values ...T) (chosen []T) {
	for _, text := range q.list(name) {
		value, known := among(text, values)
		if !known {
			q.refuse(name, "must be %s", alternatives(values))
			return nil
		}
		if !slices.Contains(chosen, value) {
			chosen = append(chosen, value)
		}
	}
	return chosen
}

func among[T ~string](text string, values []T) (value T, known bool) {
	for _, v := range values {
		if strings.EqualFold(text, string(v)) {
			return v, true
		}
	}
	return value, false
}

func alternatives[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " or " + texts[last]
}

// err returns what is wrong with the parameters, with those that nobody has asked for.
func (q *query) err() error {
	unknown := []error{}
	for name := range q.values {
		if !slices.Contains(q.known, name) {
			unknown = append(unknown, fault.BadInput(name, "is no parameter of this export: there are %s", strings.Join(q.known, ", ")))
		}
	}
	return validate.Together(append(q.errs, unknown...)...)
}
