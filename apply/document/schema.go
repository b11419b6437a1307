package document

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/google/jsonschema-go/jsonschema"
)

// field is a field of a mapping: the decoder and the JSON schema are made of the same.
type field struct {
	name, description string
	words             []string // that it may be; nil: it is no enumeration
	required          bool
	index             []int // in the struct
	of                reflect.Type
}

// fieldsOf returns the fields that a mapping of a type has, in the order of the type.
func fieldsOf(t reflect.Type) []field {
	var fields []field
	for _, each := range reflect.VisibleFields(t) {
		tag, tagged := each.Tag.Lookup("json")
		if !tagged || tag == "-" || !each.IsExported() {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		f := field{name: name, description: each.Tag.Get("jsonschema"), required: options == "", index: each.Index, of: each.Type}
		if words := each.Tag.Get("enum"); words != "" {
			f.words = strings.Split(words, ",")
		}
		fields = append(fields, f)
	}
	return fields
}

func names(fields []field) string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.name
	}
	return strings.Join(all, ", ")
}

// Schema returns the JSON schema (draft 2020-12) of a document: editors complete and check files with it.
func Schema() ([]byte, error) {
	schema := schemaOf(reflect.TypeFor[Document]())
	schema.Schema = "https://json-schema.org/draft/2020-12/schema"
	schema.Title = "An organization as bursar apply makes it"
	return json.MarshalIndent(schema, "", "  ")
}

func schemaOf(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[Decimal]():
		return &jsonschema.Schema{Types: []string{"number", "string"}, Pattern: numbers.String(), Minimum: new(float64)}
	case reflect.TypeFor[Time]():
		return &jsonschema.Schema{Type: "string", Format: "date-time"}
	case reflect.TypeFor[Nullable[string]]():
		return &jsonschema.Schema{Types: []string{"string", "null"}}
	case reflect.TypeFor[Nullable[Time]]():
		return &jsonschema.Schema{Types: []string{"string", "null"}, Format: "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem())
	case reflect.Slice:
		return &jsonschema.Schema{Type: "array", Items: schemaOf(t.Elem())}
	case reflect.Map:
		return &jsonschema.Schema{Type: "object", AdditionalProperties: schemaOf(t.Elem())}
	case reflect.Bool:
		return &jsonschema.Schema{Type: "boolean"}
	case reflect.Int64:
		return &jsonschema.Schema{Type: "integer"}
	case reflect.String:
		return &jsonschema.Schema{Type: "string"}
	}
	object := &jsonschema.Schema{Type: "object", Properties: map[string]*jsonschema.Schema{}, AdditionalProperties: &jsonschema.Schema{Not: &jsonschema.Schema{}}}
	for _, f := range fieldsOf(t) {
		property := schemaOf(f.of)
		property.Description = f.description
		for _, word := range f.words {
			property.Enum = append(property.Enum, word)
		}
		object.Properties[f.name] = property
		object.PropertyOrder = append(object.PropertyOrder, f.name)
		if f.required {
			object.Required = append(object.Required, f.name)
		}
	}
	return object
}
