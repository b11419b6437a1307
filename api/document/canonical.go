package document

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// canonical returns a text that is the same for all operations that ask for the same, with the fragments that they need: clients add
// __typename to selections and sort what they send. It leaves __typename out, unless it has another name or a directive, and sorts
// selections, arguments, fields of input objects and definitions of variables. The text is compared and never parsed.
func canonical(document *ast.QueryDocument, operation *ast.OperationDefinition) string {
	var text strings.Builder
	text.WriteString(string(operation.Operation) + " " + operation.Name)
	variables := make([]string, len(operation.VariableDefinitions))
	for i, variable := range operation.VariableDefinitions {
		variables[i] = "$" + variable.Variable + ":" + variable.Type.String()
		if variable.DefaultValue != nil {
			variables[i] += "=" + canonicalValue(variable.DefaultValue)
		}
		variables[i] += canonicalDirectives(variable.Directives)
	}
	text.WriteString(sorted("(", variables, ")") + canonicalDirectives(operation.Directives) + canonicalSelections(operation.SelectionSet))
	for _, fragment := range fragmentsOf(document, operation) {
		text.WriteString(" fragment " + fragment.Name + " on " + fragment.TypeCondition)
		text.WriteString(canonicalDirectives(fragment.Directives) + canonicalSelections(fragment.SelectionSet))
	}
	return text.String()
}

// fragmentsOf returns the fragments that an operation needs, by name.
func fragmentsOf(document *ast.QueryDocument, operation *ast.OperationDefinition) (fragments ast.FragmentDefinitionList) {
	seen := map[string]bool{}
	var visit func(ast.SelectionSet)
	visit = func(selections ast.SelectionSet) {
		for _, selection := range selections {
			switch selected := selection.(type) {
			case *ast.Field:
				visit(selected.SelectionSet)
			case *ast.InlineFragment:
				visit(selected.SelectionSet)
			case *ast.FragmentSpread:
				if fragment := document.Fragments.ForName(selected.Name); fragment != nil && !seen[selected.Name] {
					seen[selected.Name] = true
					fragments = append(fragments, fragment)
					visit(fragment.SelectionSet)
				}
			}
		}
	}
	visit(operation.SelectionSet)
	slices.SortFunc(fragments, func(a, b *ast.FragmentDefinition) int { return strings.Compare(a.Name, b.Name) })
	return fragments
}

func canonicalSelections(selections ast.SelectionSet) string {
	var texts []string
	for _, selection := range selections {
		switch selected := selection.(type) {
		case *ast.Field:
			if selected.Name == "__typename" && selected.Alias == "__typename" && len(selected.Directives) == 0 {
				continue
			}
			texts = append(texts, selected.Alias+":"+selected.Name+canonicalArguments(selected.Arguments)+
				canonicalDirectives(selected.Directives)+canonicalSelections(selected.SelectionSet))
		case *ast.InlineFragment:
			texts = append(texts, "... on "+selected.TypeCondition+canonicalDirectives(selected.Directives)+canonicalSelections(selected.SelectionSet))
		case *ast.FragmentSpread:
			texts = append(texts, "..."+selected.Name+canonicalDirectives(selected.Directives))
		}
	}
	return sorted("{", texts, "}")
}

func canonicalArguments(arguments ast.ArgumentList) string {
	texts := make([]string, len(arguments))
	for i, argument := range arguments {
		texts[i] = argument.Name + ":" + canonicalValue(argument.Value)
	}
	return sorted("(", texts, ")")
}

// canonicalDirectives keeps the order of directives, which may mean something.
func canonicalDirectives(directives ast.DirectiveList) string {
	var text strings.Builder
	for _, directive := range directives {
		text.WriteString("@" + directive.Name + canonicalArguments(directive.Arguments))
	}
	return text.String()
}

func canonicalValue(value *ast.Value) string {
	if value.Kind != ast.ObjectValue && value.Kind != ast.ListValue {
		return value.String()
	}
	texts := make([]string, len(value.Children))
	for i, child := range value.Children {
		texts[i] = child.Name + ":" + canonicalValue(child.Value) // elements of lists have no name
	}
	if value.Kind == ast.ListValue {
		return "[" + strings.Join(texts, ",") + "]"
	}
	return sorted("{", texts, "}")
}

// sorted joins texts in alphabetic order, within brackets; "": there are none.
func sorted(left string, texts []string, right string) string {
	if len(texts) == 0 {
		return ""
	}
	slices.Sort(texts)
	return left + strings.Join(texts, ",") + right
}
