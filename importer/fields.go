package importer

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"bursar/auth"
)

// Time returns a field that is a time; nil when it is missing or unreadable, which the report says. One without a zone is of UTC, which the report
// says unless zoneless ones are expected.
func (r *Record) Time(field string, zoneless bool) *time.Time {
	v := r.value(field)
	if v == nil {
		return nil
	}
	text := strings.TrimSpace(show(v))
	for _, form := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999-07", "2006-01-02 15:04:05.999999999 -0700 MST"} {
		if at, err := time.Parse(form, text); err == nil {
			return r.bounded(field, at)
		}
	}
	for _, form := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02"} {
		if at, err := time.Parse(form, text); err == nil {
			if !zoneless {
				r.Add(Noted, field, "it has no time zone, and is read as UTC")
			}
			return r.bounded(field, at)
		}
	}
	r.Add(Lost, field, "it is no time that can be read: it is left out")
	return nil
}

// bounded refuses times that the database does not have.
func (r *Record) bounded(field string, at time.Time) *time.Time {
	at = at.UTC()
	if at.Year() < 1970 || at.Year() > 2199 {
		r.Add(Lost, field, "it is before 1970 or after 2199: it is left out")
		return nil
	}
	return &at
}

// Object returns a field that is an object, also one in text; nil when it is missing or none.
func (r *Record) Object(field string) map[string]any {
	switch v := r.value(field).(type) {
	case map[string]any:
		return v
	case string:
		if object, isObject := parsed(v).(map[string]any); isObject {
			return object
		}
		r.Add(Lost, field, "it is no JSON object: it is left out")
	case nil:
	default:
		if r.Has(field) {
			r.Add(Lost, field, "it is no JSON object: it is left out")
		}
	}
	return nil
}

// List returns a field that is a list, also one in text, and also of one object; nil when it is missing or none.
func (r *Record) List(field string) []any {
	switch v := r.value(field).(type) {
	case []any:
		return v
	case map[string]any:
		if len(v) > 0 {
			return []any{v}
		}
	case string:
		switch list := parsed(v).(type) {
		case []any:
			return list
		case map[string]any:
			if len(list) > 0 {
				return []any{list}
			}
			return nil
		}
		r.Add(Lost, field, "it is no JSON list: it is left out")
	case nil:
	default:
		r.Add(Lost, field, "it is no JSON list: it is left out")
	}
	return nil
}

// Part returns an object that stands in a field; its fields are named in the report with that one before them.
func (r *Record) Part(field string, v any) *Record {
	object, isObject := v.(map[string]any)
	if !isObject {
		r.Report.Add(Lost, r.Name, field, "an entry is no JSON object: it is left out", show(v))
		return nil
	}
	return &Record{object, r.Name, r.Report}
}

// parsed returns what a JSON text says; nil when it is none.
func parsed(text string) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil || decoder.More() {
		return nil
	}
	return v
}

// Emails returns those of a list of addresses that are some, each once.
func (r *Record) Emails(field string) (addresses []string) {
	for _, v := range r.List(field) {
		text, isText := v.(string)
		text = strings.TrimSpace(text)
		if !isText || !auth.IsEmail(text) {
			r.Report.Add(Lost, r.Name, field, "it is no e-mail address: it is left out", show(v))
			continue
		}
		if !slices.ContainsFunc(addresses, func(known string) bool { return strings.EqualFold(known, text) }) {
			addresses = append(addresses, text)
		}
	}
	return addresses
}

// Unmapped says in the report that a field is left out, if it has something.
func (r *Record) Unmapped(field, why string) {
	if r.Has(field) {
		r.Add(Lost, field, why)
	}
}
