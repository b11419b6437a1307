package api_test

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// writer writes a document that is valid by the schema; each byte decides one choice in it, and when they are used up it
// takes the first of everything and comes to an end.
type writer struct {
	schema  *ast.Schema
	choices []byte
	ids     []string
	root    string // the field of Query or Mutation that is being written
	text    strings.Builder
}

// choose returns a number below n.
func (w *writer) choose(n int) int {
	if len(w.choices) == 0 || n == 0 {
		return 0
	}
	choice := int(w.choices[0])
	w.choices = w.choices[1:]
	return choice % n
}

func (w *writer) document(operation ast.Operation) string {
	root := w.schema.Query
	if operation == ast.Mutation {
		root = w.schema.Mutation
	}
	w.text.WriteString(string(operation) + "{")
	for i := range 1 + w.choose(3) {
		field := root.Fields[w.choose(len(root.Fields))]
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		w.root = field.Name
		fmt.Fprintf(&w.text, "a%d:", i)
		w.field(field, 0)
	}
	w.text.WriteString("__typename}")
	return w.text.String()
}

func (w *writer) field(field *ast.FieldDefinition, depth int) {
	w.text.WriteString(field.Name)
	open := "(" // GraphQL has no empty list of arguments
	for _, argument := range field.Arguments {
		if required(argument.Type, argument.DefaultValue) || w.choose(2) == 1 {
			w.text.WriteString(open + argument.Name + ":")
			w.value(argument.Type, argument.Name)
			open = " "
		}
	}
	if open == " " {
		w.text.WriteString(")")
	}
	if of := w.schema.Types[field.Type.Name()]; of.IsCompositeType() {
		w.selection(of, depth+1)
	}
	w.text.WriteString(" ")
}

// selection writes what is asked for of an object; nothing but its type below a depth, or when the choices are used up. Of
// several possible types it takes one, since fields of one name may differ between them.
func (w *writer) selection(of *ast.Definition, depth int) {
	w.text.WriteString("{__typename ")
	if of.IsAbstractType() {
		possible := w.schema.GetPossibleTypes(of)
		of = possible[w.choose(len(possible))]
		w.text.WriteString("...on " + of.Name + "{__typename ")
		defer w.text.WriteString("}")
	}
	if depth <= 6 && len(w.choices) > 0 {
		for _, field := range of.Fields {
			leaf := !w.schema.Types[field.Type.Name()].IsCompositeType()
			if !strings.HasPrefix(field.Name, "__") && (leaf && w.choose(4) > 0 || !leaf && w.choose(3) == 1) {
				w.field(field, depth)
			}
		}
	}
	w.text.WriteString("}")
}

func required(of *ast.Type, byDefault *ast.Value) bool { return of.NonNull && byDefault == nil }

// scalars are values of the built-in and own scalars: usual ones, bounds, and what is none.
var scalars = map[string][]string{
	"String": {`"a"`, `""`, `"a@acme.test"`, `"acme-2"`, `" \t "`, `"\u0000"`, `"🚀 é"`, `"%_\\"`, `"` + strings.Repeat("x", 201) + `"`,
		`"AZ3kEAAAcACAAAAAAAAAAQ"`, `"Mw"`, `"MA"`, `"SECRET"`, `"KEY_ID"`, `"\ufeff\u202e"`, `"` + strings.Repeat("é", 255) + `"`, `"\ud800"`, `null`},
	"Int":      {"1", "0", "-1", "100", "101", "2147483647", "-2147483648", "604800", "2147483648", "null"},
	"Int64":    {"1", "0", "-1", "1000000000", "1000000001", "1000000000000000", "9223372036854775807", "-9223372036854775808", "9223372036854775808", `"5"`},
	"Decimal":  {`"1"`, `"0"`, `"-1"`, `"0.000000001"`, `"0.0000000001"`, `"9223372036.854775807"`, `"9223372037"`, `"1e40"`, `"1e-99"`, "1.5", "100", `"9999999999999999999999999999999999999999"`, "9000000000", `"NaN"`},
	"Boolean":  {"true", "false", "null"},
	"Time":     {`"2026-01-01T00:00:00Z"`, `"2026-01-02T00:00:00+14:00"`, `"1970-01-01T00:00:00Z"`, `"9999-12-31T23:59:59.999999999Z"`, `"2099-02-28T23:59:60Z"`, `"2030-01-01T00:00:00.000000001Z"`, `"x"`},
	"Date":     {`"2026-01-31"`, `"1970-01-01"`, `"2199-12-31"`, `"2200-01-01"`, `"2026-02-30"`, `"x"`, `null`},
	"Metadata": {`{a:"b"}`, `{}`, `{a:1}`, `{a:"\u0000"}`, `{a:{b:"c"}}`, `"x"`, `null`},
	"JSON":     {`{a:[1,2.5,"x",null,true]}`, `null`},
}

// value writes a value of an input type.
func (w *writer) value(of *ast.Type, name string) {
	if of.Elem != nil {
		w.text.WriteString("[")
		for range w.choose(4) {
			w.value(of.Elem, name)
			w.text.WriteString(" ")
		}
		w.text.WriteString("]")
		return
	}
	definition := w.schema.Types[of.NamedType]
	switch {
	case definition.Name == "ID":
		w.text.WriteString(strconv.Quote(w.id(name)))
	case (name == "key" || name == "secret") && w.choose(4) > 0:
		w.text.WriteString([]string{`"SECRET"`, `"KEY_ID"`}[w.choose(2)])
	case name == "emails" || name == "email" || name == "recipients":
		w.text.WriteString([]string{`"a@acme.test"`, `"A@ACME.test"`, `"\u0000@a.test"`, `"\"a b\"@a.test"`, `"é@a.test"`, `"a@a"`, `""`}[w.choose(7)])
	case definition.Kind == ast.Enum:
		w.text.WriteString(definition.EnumValues[w.choose(len(definition.EnumValues))].Name)
	case definition.Kind == ast.InputObject:
		w.text.WriteString("{")
		for _, field := range definition.Fields {
			if required(field.Type, field.DefaultValue) || w.choose(2) == 1 {
				w.text.WriteString(field.Name + ":")
				w.value(field.Type, field.Name)
				w.text.WriteString(" ")
			}
		}
		w.text.WriteString("}")
	default:
		w.text.WriteString(scalars[definition.Name][w.choose(len(scalars[definition.Name]))])
	}
}

// id returns the id of a thing that an argument, or the operation that it is an argument of, is about; now and then any.
func (w *writer) id(name string) string {
	for _, known := range []struct{ about, id string }{
		{"ownerId", "WORKSPACE_ID"}, {"organizationId", "ORGANIZATION_ID"}, {"createdById", "MEMBER_ID"}, {"memberId", "MEMBER_ID"},
		{"subjectId", "KEY_ID"}, {"reservationId", "RESERVATION_ID"}, {"ApiKey", "KEY_ID"}, {"apiKey", "KEY_ID"}, {"BudgetLimit", "BUDGET_ID"},
		{"RateLimit", "RATE_ID"}, {"Member", "MEMBER_ID"}, {"AccessToken", "TOKEN_ID"}, {"Organization", "ORGANIZATION_ID"},
	} {
		if (name == known.about || name == "id" && strings.HasSuffix(w.root, known.about)) && w.choose(4) > 0 {
			return known.id
		}
	}
	return w.ids[w.choose(len(w.ids))]
}
