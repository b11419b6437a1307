package demomodel

import (
	"encoding/json"
	"slices"
	"strings"
)

// object is a JSON object.
type object = map[string]any

// deepest is how deep a sample is at most, where a schema goes round in a circle.
const deepest = 12

// Sample returns a value that a JSON schema allows, always the same one. What is no schema gives {}.
func Sample(schema json.RawMessage) json.RawMessage {
	var parsed any
	if json.Unmarshal(schema, &parsed) != nil || parsed == nil {
		return json.RawMessage(`{}`)
	}
	root, _ := parsed.(object)
	made, err := json.Marshal(sampler{root}.value(parsed, 0))
	if err != nil {
		panic("demomodel: " + err.Error()) // what was parsed from JSON is JSON again
	}
	return made
}

// sampler makes values of one schema.
type sampler struct{ root object }

func (s sampler) value(schema any, depth int) any {
	node, ok := schema.(object)
	if !ok || depth > deepest {
		return nil
	}
	if path, ok := node["$ref"].(string); ok {
		return s.value(s.find(path), depth+1)
	}
	if fixed, ok := node["const"]; ok {
		return fixed
	}
	if list, ok := node["enum"].([]any); ok && len(list) > 0 {
		return list[0]
	}
	for _, name := range []string{"anyOf", "oneOf", "allOf"} {
		if list, ok := node[name].([]any); ok && len(list) > 0 {
			return s.value(list[0], depth+1)
		}
	}
	return s.ofType(typeOf(node), node, depth)
}

func (s sampler) ofType(kind string, node object, depth int) any {
	switch kind {
	case "object":
		made := object{}
		properties, _ := node["properties"].(object)
		for name, property := range properties {
			if depth < deepest || isRequired(node, name) {
				made[name] = s.value(property, depth+1)
			}
		}
		return made
	case "array":
		list := []any{}
		if least := max(1, whole(node["minItems"], 1)); depth < deepest && node["items"] != nil {
			for range min(least, 100) {
				list = append(list, s.value(node["items"], depth+1))
			}
		}
		return list
	case "integer", "number":
		return whole(node["minimum"], whole(node["exclusiveMinimum"], 0)+1)
	case "boolean":
		return true
	case "string":
		return word(node)
	}
	return nil
}

// typeOf returns the type of a schema in small letters: Gemini writes them in capitals. Of several it is the first that is not null.
func typeOf(node object) string {
	switch kind := node["type"].(type) {
	case string:
		return strings.ToLower(kind)
	case []any:
		for _, each := range kind {
			if name, ok := each.(string); ok && !strings.EqualFold(name, "null") {
				return strings.ToLower(name)
			}
		}
	}
	if node["properties"] != nil {
		return "object"
	}
	return "string"
}

// find returns what a reference within the schema is to.
func (s sampler) find(path string) any {
	var at any = s.root
	for name := range strings.SplitSeq(strings.TrimPrefix(strings.TrimPrefix(path, "#"), "/"), "/") {
		node, ok := at.(object)
		if !ok {
			return nil
		}
		if name != "" {
			at = node[name]
		}
	}
	return at
}

func isRequired(node object, name string) bool {
	list, _ := node["required"].([]any)
	return slices.Contains(list, any(name))
}

// whole returns a number of a schema, or what it is otherwise.
func whole(value any, otherwise int) int {
	if number, ok := value.(float64); ok {
		return int(number)
	}
	return otherwise
}

// word returns a text of a schema.
func word(node object) string {
	format, _ := node["format"].(string)
	if text, ok := map[string]string{"date": "2026-01-01", "date-time": "2026-01-01T00:00:00Z", "time": "00:00:00Z", "email": "demo@example.com",
		"uri": "https://example.com/", "url": "https://example.com/", "uuid": "00000000-0000-4000-8000-000000000000"}[format]; ok {
		return text
	}
	text := "demo"
	if least := min(whole(node["minLength"], 0), 1000); least > len(text) {
		text += strings.Repeat("o", least-len(text))
	}
	if most := whole(node["maxLength"], len(text)); most >= 0 && most < len(text) {
		text = text[:most]
	}
	return text
}
