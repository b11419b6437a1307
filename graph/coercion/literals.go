package coercion

import (
	"encoding/json"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"bursar/graph/scalar"
)

// Parse parses and validates a document. Its literals are checked as variables are, each wrong one is an error of its own with a
// BAD_USER_INPUT fault that names it, and its numbers are brought into the form that gqlgen coerces exactly. suggest has errors about
// names that the schema does not have suggest others. The document is nil for one that cannot be parsed, or has no operation: gqlgen
// reports that.
func Parse(schema *ast.Schema, text string, maxTokens int, suggest bool) (*ast.QueryDocument, gqlerror.List) {
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, maxTokens)
	if err != nil || len(document.Operations) == 0 {
		return nil, nil //nolint:nilerr // gqlgen parses it again, and reports the error
	}
	literals := &literals{seen: map[*ast.Value]bool{}}
	if errs := validator.ValidateWithRules(schema, document, literals.rules(suggest)); len(errs) > 0 {
		return nil, errs
	}
	for _, rewrite := range literals.rewrites {
		rewrite()
	}
	return document, nil
}

// literals checks the literals of a document while it is validated.
type literals struct {
	seen     map[*ast.Value]bool // fragments are walked once for each operation that spreads them
	rewrites []func()            // of numbers, when the document has been validated as it is
}

// rules returns gqlparser's rules, with another one about literals.
func (l *literals) rules(suggest bool) *rules.Rules {
	all := rules.NewDefaultRules()
	all.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, l.rule)
	if !suggest {
		for _, rule := range []core.Rule{rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.ScalarLeafsRuleWithoutSuggestions} {
			all.AddRule(rule.Name, rule.RuleFunc)
		}
		all.RemoveRule(rules.FieldsOnCorrectTypeRule.Name)
		all.RemoveRule(rules.ScalarLeafsRule.Name)
	}
	return all
}

// rule is a rule of gqlparser.
func (l *literals) rule(observers *core.Events, addError core.AddErrFunc) {
	check := func(w *core.Walker, name string, t *ast.Type, value *ast.Value) {
		if l.seen[value] {
			return
		}
		l.seen[value] = true
		c := checker{schema: w.Schema, literal: true, path: []string{name}}
		c.check(t, decoded(value))
		for _, f := range c.faults {
			addError(core.At(value.Position), func(err *gqlerror.Error) { err.Err, err.Message = f, f.Message })
		}
		if len(c.faults) == 0 {
			l.exact(w.Schema, t, value)
		}
	}
	arguments := func(w *core.Walker, definitions ast.ArgumentDefinitionList, arguments ast.ArgumentList) {
		for _, argument := range arguments {
			if definition := definitions.ForName(argument.Name); definition != nil {
				check(w, argument.Name, definition.Type, argument.Value)
			}
		}
	}
	observers.OnField(func(w *core.Walker, field *ast.Field) {
		if field.Definition != nil {
			arguments(w, field.Definition.Arguments, field.Arguments)
		}
	})
	observers.OnDirective(func(w *core.Walker, directive *ast.Directive) {
		if directive.Definition != nil {
			arguments(w, directive.Definition.Arguments, directive.Arguments)
		}
	})
	observers.OnOperation(func(w *core.Walker, operation *ast.OperationDefinition) {
		for _, variable := range operation.VariableDefinitions {
			known := w.Schema.Types[variable.Type.Name()]
			if variable.DefaultValue != nil && known != nil && known.IsInputType() {
				check(w, variable.Variable, variable.Type, variable.DefaultValue)
			}
		}
	})
}

// decoded returns a literal as a value.
func decoded(value *ast.Value) any {
	switch value.Kind {
	case ast.Variable:
		return reference{}
	case ast.IntValue, ast.FloatValue:
		return json.Number(value.Raw)
	case ast.BooleanValue:
		return value.Raw == "true"
	case ast.NullValue:
		return nil
	case ast.EnumValue:
		return enumName(value.Raw)
	case ast.ListValue:
		list := make([]any, len(value.Children))
		for i, child := range value.Children {
			list[i] = decoded(child.Value)
		}
		return list
	case ast.ObjectValue:
		object := make(map[string]any, len(value.Children))
		for _, child := range value.Children {
			object[child.Name] = decoded(child.Value)
		}
		return object
	}
	return value.Raw
}

// exact notes the rewrites of a literal that was checked. gqlgen parses each number with a point or an exponent as a float, and cannot
// parse a whole one of more than 64 bits: a Decimal becomes a string of the same digits, and a whole number loses its point.
func (l *literals) exact(schema *ast.Schema, t *ast.Type, value *ast.Value) {
	switch {
	case value.Kind == ast.ListValue && t.Elem != nil:
		for _, child := range value.Children {
			l.exact(schema, t.Elem, child.Value)
		}
	case t.Elem != nil:
		l.exact(schema, t.Elem, value)
	case value.Kind == ast.ObjectValue:
		for _, child := range value.Children {
			if field := schema.Types[t.NamedType].Fields.ForName(child.Name); field != nil {
				l.exact(schema, field.Type, child.Value)
			}
		}
	case value.Kind != ast.IntValue && value.Kind != ast.FloatValue:
	case t.NamedType == "Decimal":
		l.rewrites = append(l.rewrites, func() { value.Kind = ast.StringValue })
	case t.NamedType == "Int" || t.NamedType == "Int64":
		if number, err := scalar.WholeNumber(json.Number(value.Raw)); err == nil {
			l.rewrites = append(l.rewrites, func() { value.Kind, value.Raw = ast.IntValue, strconv.FormatInt(number, 10) })
		}
	}
}
