package coercion

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/fault"
)

// Variables checks the variables of a validated operation, as they were decoded with json.Decoder.UseNumber, and brings their numbers
// into the form that gqlgen coerces exactly; a wrong one becomes null, or an empty object. It returns a BAD_USER_INPUT fault for each
// wrong value, in the order of the operation's variables and the schema's fields. A fault names the argument that the variable stands
// for, whatever the variable is called.
func Variables(schema *ast.Schema, operation *ast.OperationDefinition, variables map[string]any) []*fault.Fault {
	var faults []*fault.Fault
	for _, variable := range operation.VariableDefinitions {
		c := checker{schema: schema, path: []string{variable.Variable}}
		value, isGiven := variables[variable.Variable]
		switch {
		case isGiven:
			variables[variable.Variable] = c.check(variable.Type, value)
		case variable.Type.NonNull && variable.DefaultValue == nil:
			c.refuse("must be given")
		}
		if len(c.faults) == 0 {
			continue
		}
		path := []string{variable.Variable}
		if used := pathOf(operation.SelectionSet, variable.Variable, map[string]bool{}); used != nil {
			path = used
		}
		for _, f := range c.faults {
			faults = append(faults, moved(f, variable.Variable, path))
		}
	}
	return faults
}

// moved returns a fault about the value of a variable as one about the argument at a path.
func moved(f *fault.Fault, variable string, path []string) *fault.Fault {
	nested := f.Field
	if nested == variable {
		nested = ""
	} else if after, found := strings.CutPrefix(nested, variable+"."); found {
		nested = after
	}
	message := strings.TrimPrefix(f.Message, f.Field+": ")
	if nested != "" {
		path = append(append([]string{}, path...), nested)
	}
	return fault.BadInput(field(path), "%s", message)
}

// pathOf returns the path of the first argument in a selection set that a variable stands for, or stands within; nil where none is.
func pathOf(selections ast.SelectionSet, variable string, visited map[string]bool) []string {
	for _, selection := range selections {
		var path []string
		switch selected := selection.(type) {
		case *ast.Field:
			for _, argument := range selected.Arguments {
				if path = pathIn(argument.Value, variable, []string{argument.Name}); path != nil {
					return path
				}
			}
			path = pathOf(selected.SelectionSet, variable, visited)
		case *ast.InlineFragment:
			path = pathOf(selected.SelectionSet, variable, visited)
		case *ast.FragmentSpread:
			if selected.Definition != nil && !visited[selected.Name] {
				visited[selected.Name] = true
				path = pathOf(selected.Definition.SelectionSet, variable, visited)
			}
		}
		if path != nil {
			return path
		}
	}
	return nil
}

// pathIn is pathOf for a value of an argument. Elements of lists are named by their index.
func pathIn(value *ast.Value, variable string, path []string) []string {
	if value.Kind == ast.Variable && value.Raw == variable {
		return path
	}
	for i, child := range value.Children {
		name := child.Name
		if value.Kind == ast.ListValue {
			name = strconv.Itoa(i)
		}
		if found := pathIn(child.Value, variable, append(append([]string{}, path...), name)); found != nil {
			return found
		}
	}
	return nil
}

// Value checks a value of a type that was decoded with json.Decoder.UseNumber and stands at a path in an operation's arguments, beginning with
// the argument's name. It returns the value in the form that gqlgen coerces exactly, and a BAD_USER_INPUT fault for each wrong value in it.
func Value(schema *ast.Schema, t *ast.Type, path []string, value any) (any, []*fault.Fault) {
	c := checker{schema: schema, path: path}
	value = c.check(t, value)
	return value, c.faults
}
