package bulk

import (
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph/model"
)

// Reserve reads one ReserveUsageInput out of its text, which must be JSON, by the rules of a variable of that type. Its error is a fault that names
// the field.
func Reserve(schema *ast.Schema, text string) (*model.ReserveUsageInput, error) {
	return single(schema, text, "ReserveUsageInput", reserveFields)
}

// Record reads one RecordUsageInput, as Reserve does.
func Record(schema *ast.Schema, text string) (*model.RecordUsageInput, error) {
	return single(schema, text, "RecordUsageInput", recordFields)
}

func single[T any](schema *ast.Schema, text, inputType string, fields fields[T]) (*T, error) {
	v, into := &values{}, new(T)
	if object(v, text, into, fields) {
		return into, nil
	}
	*into = *new(T)
	return into, readCarefully(schema, v, text, []string{"input"}, inputType, into, fields)
}
