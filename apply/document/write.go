package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Write writes a document as YAML, which Load reads as the same. Fields that are not given are left out.
func Write(to io.Writer, d *Document) error {
	w := &writer{}
	w.fields(reflect.ValueOf(d).Elem(), 0, false)
	if w.err != nil {
		return w.err
	}
	_, err := to.Write(w.text.Bytes())
	return err
}

// writer writes blocks. Texts that might be taken for something else are in double quotes, as JSON has them: that is YAML, too, and leaves nothing to a library's taste.
type writer struct {
	text bytes.Buffer
	err  error
}

// plain are texts that need no quotes, unless they are words of YAML.
var plain = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*$`)

// words are read as something else, by some reader of YAML.
var words = []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}

func (w *writer) quoted(text string) string {
	if plain.MatchString(text) && !slices.Contains(words, strings.ToLower(text)) {
		return text
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil && w.err == nil {
		w.err = err
	}
	return strings.TrimSuffix(quoted.String(), "\n")
}

// fields writes the fields of a mapping that are given. In a list the first one stands behind the dash.
func (w *writer) fields(of reflect.Value, depth int, listed bool) {
	for _, f := range fieldsOf(of.Type()) {
		given := of.FieldByIndex(f.index)
		if !f.required && (given.IsZero() || given.Kind() == reflect.Slice && given.Len() == 0) {
			continue
		}
		w.key(f.name, depth, listed)
		w.value(given, depth)
		listed = false
	}
}

func (w *writer) key(name string, depth int, listed bool) {
	if !listed {
		w.text.WriteString(strings.Repeat("  ", depth))
	}
	w.text.WriteString(name + ":")
}

// value writes what stands behind a key.
func (w *writer) value(value reflect.Value, depth int) {
	if scalar, ok := w.scalar(value); ok {
		w.text.WriteString(" " + scalar + "\n")
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		w.value(value.Elem(), depth)
	case reflect.Struct:
		w.text.WriteString("\n")
		w.fields(value, depth+1, false)
	case reflect.Map:
		if texts, ok := reflect.TypeAssert[map[string]string](value); ok {
			w.texts(texts, depth)
		}
	case reflect.Slice:
		w.list(value, depth)
	}
}

func (w *writer) texts(of map[string]string, depth int) {
	if len(of) == 0 {
		w.text.WriteString(" {}\n")
		return
	}
	w.text.WriteString("\n")
	for _, name := range slices.Sorted(maps.Keys(of)) {
		w.key(w.quoted(name), depth+1, false)
		w.text.WriteString(" " + w.quoted(of[name]) + "\n")
	}
}

// list writes scalars in a row, and mappings as blocks.
func (w *writer) list(of reflect.Value, depth int) {
	var row []string
	for i := range of.Len() {
		if scalar, ok := w.scalar(of.Index(i)); ok {
			row = append(row, scalar)
		}
	}
	if len(row) == of.Len() {
		w.text.WriteString(" [" + strings.Join(row, ", ") + "]\n")
		return
	}
	w.text.WriteString("\n")
	for i := range of.Len() {
		w.text.WriteString(strings.Repeat("  ", depth+1) + "- ")
		w.fields(reflect.Indirect(of.Index(i)), depth+2, true)
	}
}

// scalar returns a scalar as it is written.
func (w *writer) scalar(value reflect.Value) (text string, ok bool) {
	switch v := value.Interface().(type) {
	case Decimal:
		return string(v), true
	case Time:
		return w.quoted(v.String()), true // without quotes it is no string for parsers of YAML 1.1
	case Nullable[string]:
		if v.Value == nil {
			return "null", true
		}
		return w.quoted(*v.Value), true
	case Nullable[Time]:
		if v.Value == nil {
			return "null", true
		}
		return w.quoted(v.Value.String()), true
	}
	switch value.Kind() {
	case reflect.String:
		return w.quoted(value.String()), true
	case reflect.Bool, reflect.Int64:
		return fmt.Sprint(value.Interface()), true
	case reflect.Pointer:
		return w.scalar(value.Elem())
	}
	return "", false
}
