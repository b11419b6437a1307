package graph_test

import (
	"slices"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph"
)

// Normalized caches of clients are right about every type: what has an id is found by it with `node`, so that the id is unique over all types, and
// what was deleted is named with its parent. Generators of clients that know no interfaces of interfaces find none.
func TestSchemaIsRightForCaches(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	exceptions := map[string]string{
		"MembershipOrganization": "has the id of the organization, whose other fields are not for who is invited; docs/clients.md says how to keep it apart",
	}
	checked := 0
	for name, definition := range schema.Types {
		if definition.Kind == ast.Interface && len(definition.Interfaces) > 0 {
			t.Errorf("interface %s implements %v: genqlient 0.8.1 refuses every operation that asks for one of these", name, definition.Interfaces)
		}
		if definition.Kind != ast.Object {
			continue
		}
		if definition.Fields.ForName("id") != nil && exceptions[name] == "" {
			checked++
			if !implements(definition, "Node") {
				t.Errorf("%s has an id and does not implement Node", name)
			}
		}
		if definition.Fields.ForName("deletedId") != nil {
			checked++
			if definition.Fields.ForName("subject") == nil && definition.Fields.ForName("organization") == nil {
				t.Errorf("%s has a deletedId, and neither subject nor organization", name)
			}
		}
	}
	if checked < 15 {
		t.Errorf("checked %d types: the test looks in the wrong place", checked)
	}
}

// Whatever limits and recipients stand on is a Node as well, without LimitSubject saying so.
func TestLimitSubjectsAreNodes(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	subjects := schema.GetPossibleTypes(schema.Types["LimitSubject"])
	for _, subject := range subjects {
		if !implements(subject, "Node") {
			t.Errorf("%s is no Node", subject.Name)
		}
	}
	if len(subjects) != 3 {
		t.Errorf("%d types of subjects", len(subjects))
	}
}

func implements(definition *ast.Definition, name string) bool {
	return slices.Contains(definition.Interfaces, name)
}
