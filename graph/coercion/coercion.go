// Package coercion checks input values against the schema before gqlgen coerces them: gqlgen takes an enum in any case, a number for a
// string and a string for a number, rounds numbers that stand in a document, and stops at the first error. A value means the same
// whether it is a variable or a literal, and every wrong one is found.
package coercion

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/fault"
	"bursar/graph/scalar"
)

// A value is what encoding/json decodes with UseNumber, or, in a document, one of these.
type (
	enumName  string   // the name of an enum's value, which has no quotes in a document
	reference struct{} // a variable, whose value is checked by the type that it is declared with
)

// maxFaults is how many faults of one argument or variable are noted; the answer has no more errors.
const maxFaults = 100

// checker collects what is wrong with the value of one argument or variable.
type checker struct {
	schema  *ast.Schema
	literal bool     // whether the value stands in the document
	path    []string // of the value that is being checked, from the argument's name on
	faults  []*fault.Fault
}

// refuse notes that the value at the current path is wrong.
func (c *checker) refuse(format string, args ...any) {
	if len(c.faults) < maxFaults {
		c.faults = append(c.faults, fault.BadInput(field(c.path), format, args...))
	}
}

// at checks a value one level below the current path.
func (c *checker) at(name string, t *ast.Type, value any) any {
	c.path = append(c.path, name)
	value = c.check(t, value)
	c.path = c.path[:len(c.path)-1]
	return value
}

// check notes what is wrong with a value, and returns it in the form that gqlgen coerces exactly; nil, or an empty object, where it is
// wrong.
func (c *checker) check(t *ast.Type, value any) any {
	if _, isReference := value.(reference); isReference {
		return value
	}
	definition, before := c.schema.Types[t.Name()], len(c.faults)
	switch {
	case value == nil && t.NonNull:
		c.refuse("must not be null")
		if t.Elem == nil && definition.Kind == ast.InputObject {
			return map[string]any{}
		}
		return nil
	case value == nil:
		return nil
	case t.Elem != nil:
		return c.list(t.Elem, value)
	}
	switch definition.Kind {
	case ast.Enum:
		c.enum(definition, value)
	case ast.InputObject:
		return c.object(definition, value)
	default:
		value = c.scalar(definition.Name, value)
	}
	if len(c.faults) > before {
		return nil
	}
	return value
}

// list checks the elements of a list. A value that is no list is the only element of one.
func (c *checker) list(element *ast.Type, value any) any {
	list, isList := value.([]any)
	if !isList {
		return c.check(element, value)
	}
	for i, value := range list {
		list[i] = c.at(strconv.Itoa(i), element, value)
	}
	return value
}

// enum checks the name of an enum's value: it has quotes in variables and none in a document.
func (c *checker) enum(definition *ast.Definition, value any) {
	name, isName := value.(enumName)
	text, isText := value.(string)
	switch {
	case isName && definition.EnumValues.ForName(string(name)) != nil:
		return
	case isText && !c.literal && definition.EnumValues.ForName(text) != nil:
		return
	}
	names := make([]string, len(definition.EnumValues))
	for i, v := range definition.EnumValues {
		names[i] = v.Name
	}
	hint := ""
	switch upper := strings.ToUpper(string(name) + text); {
	case isText && c.literal:
		hint = ", without quotes"
	case definition.EnumValues.ForName(upper) != nil:
		hint = ", in upper case"
	}
	c.refuse("must be %s%s", oneOf(names), hint)
}

// oneOf returns a list for a sentence.
func oneOf(names []string) string {
	last := len(names) - 1
	if last <= 0 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// object checks the fields of an input object: those that it does not have first, then its own in the schema's order.
func (c *checker) object(definition *ast.Definition, value any) map[string]any {
	given, isObject := value.(map[string]any)
	if !isObject {
		c.refuse("must be an object with the fields of %s", definition.Name)
		return map[string]any{}
	}
	for _, name := range unknown(definition, given) {
		c.path = append(c.path, name)
		c.refuse("%s has no such field", definition.Name)
		c.path = c.path[:len(c.path)-1]
	}
	for _, f := range definition.Fields {
		value, isGiven := given[f.Name]
		switch {
		case isGiven:
			given[f.Name] = c.at(f.Name, f.Type, value)
		case f.Type.NonNull && f.DefaultValue == nil:
			c.path = append(c.path, f.Name)
			c.refuse("must be given")
			c.path = c.path[:len(c.path)-1]
		}
	}
	return given
}

// unknown returns the names in an object that its type does not have, in order.
func unknown(definition *ast.Definition, given map[string]any) []string {
	var names []string
	for name := range given {
		if definition.Fields.ForName(name) == nil && name != "__typename" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// scalar checks a value of a scalar type. A whole number such as 1000.0 or 1e3 becomes one of digits alone.
func (c *checker) scalar(name string, value any) any {
	if holdsReference(value) {
		return value // it is checked when it is coerced
	}
	switch name {
	case "Int", "Int64":
		number, err := scalar.WholeNumber(value)
		if err != nil {
			c.add(err)
			return value
		}
		if text, _ := value.(json.Number); strings.ContainsAny(text.String(), ".eE") {
			return json.Number(strconv.FormatInt(number, 10))
		}
	case "String":
		if _, isText := value.(string); !isText {
			c.refuse("must be a string")
		}
	case "ID":
		switch value := value.(type) {
		case string:
		case json.Number: // as the specification has it
			if strings.ContainsAny(value.String(), ".eE") {
				c.refuse("must be an id, as a string")
			}
		default:
			c.refuse("must be an id, as a string")
		}
	case "Boolean":
		if _, isBoolean := value.(bool); !isBoolean {
			c.refuse("must be true or false")
		}
	default:
		c.add(scalar.Check(name, value))
	}
	return value
}

// add notes a scalar's error about the value at the current path.
func (c *checker) add(err error) {
	if f, isFault := errors.AsType[*fault.Fault](err); isFault {
		c.refuse("%s", f.Message)
	} else if err != nil {
		c.refuse("is malformed")
	}
}

// holdsReference tells whether a variable stands within the value of a scalar, as in {team: $team} for Metadata.
func holdsReference(value any) bool {
	switch value := value.(type) {
	case reference:
		return true
	case []any:
		return slices.ContainsFunc(value, holdsReference)
	case map[string]any:
		for _, nested := range value {
			if holdsReference(nested) {
				return true
			}
		}
	}
	return false
}

// field returns a path as extensions.field has it: without the argument's name where that is input.
func field(path []string) string {
	if len(path) > 1 && path[0] == "input" {
		path = path[1:]
	}
	return strings.Join(path, ".")
}
