// Package bulk reads and answers the operations that carry many enforcement calls in one request. Their inputs are read out of the request's
// text, without a map for each object; what is unusual in one is read as package coercion reads single calls, whose rules are the same.
package bulk

import (
	"encoding/json"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/fault"
	"bursar/graph/coercion"
	"bursar/graph/model"
	"bursar/graph/rawjson"
)

// MaxItems is how many calls a request may have.
const MaxItems = 1000

// Input is the value of ReserveUsagesInput or RecordUsagesInput: its text, whose list has not been read.
type Input struct {
	list string

	// What gqlgen looks for in a type that stands for these inputs. It does not set them, for there is UnmarshalGQL.
	Requests []*model.ReserveUsageInput
	Events   []*model.RecordUsageInput
}

// listOf returns the only field of an input type; "" for a type that is not read here.
func listOf(inputType string) string {
	switch inputType {
	case "ReserveUsagesInput":
		return requests
	case "RecordUsagesInput":
		return events
	}
	return ""
}

const requests, events = "requests", "events"

// Take returns the value of a variable of an input type that is read here, out of its text, and what stands for it until it is an argument. It
// reports false for a variable of another type, and for a value that is no object with the list alone: package coercion reads, or refuses, those.
func Take(inputType, text string) (input Input, standIn map[string]any, ok bool) {
	list := listOf(inputType)
	if list == "" {
		return Input{}, nil, false
	}
	number := 0
	isObject := rawjson.Members(text, func(name, value string) bool {
		number++
		input.list = value
		return name == list && strings.HasPrefix(value, "[")
	})
	return input, map[string]any{list: []any{}}, isObject && number == 1
}

// UnmarshalGQL implements [graphql.Unmarshaler]. The value is what Take has returned, or an object that package coercion has checked: of a
// document, and of a variable that Take has left.
func (i *Input) UnmarshalGQL(value any) error {
	if taken, isTaken := value.(Input); isTaken {
		*i = taken
		return nil
	}
	object, _ := value.(map[string]any)
	list, isList := object[requests]
	if !isList {
		list = object[events]
	}
	if reflect.ValueOf(list).Kind() != reflect.Slice {
		list = []any{list} // as GraphQL has it: a value is a list of one
	}
	text, err := json.Marshal(list)
	i.list = string(text)
	return err
}

// MarshalGQL implements [graphql.Marshaler], which gqlgen wants of a type with an UnmarshalGQL. An input is never answered.
func (i Input) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, i.list) }

// Item is one call of a request: its input, or why it is refused.
type Item[T any] struct {
	Input *T
	Err   error // a fault that names the field by its path in the request's input
}

// Reserves reads the list of ReserveUsagesInput. Its error is about the list as a whole.
func Reserves(schema *ast.Schema, input Input) ([]Item[model.ReserveUsageInput], error) {
	return read(schema, input, requests, "ReserveUsageInput", reserveFields)
}

// Records reads the list of RecordUsagesInput. Its error is about the list as a whole.
func Records(schema *ast.Schema, input Input) ([]Item[model.RecordUsageInput], error) {
	return read(schema, input, events, "RecordUsageInput", recordFields)
}

func read[T any](schema *ast.Schema, input Input, list, itemType string, fields fields[T]) ([]Item[T], error) {
	number := 0
	isList := rawjson.Elements(input.list, func(string) bool { number++; return number <= MaxItems })
	if !isList || number == 0 {
		return nil, fault.BadInput(list, "must be 1 to %d", MaxItems)
	}
	items, inputs, v, at := make([]Item[T], number), make([]T, number), &values{}, 0
	rawjson.Elements(input.list, func(text string) bool {
		items[at].Input = &inputs[at]
		if !object(v, text, items[at].Input, fields) {
			inputs[at] = *new(T)
			items[at].Err = readCarefully(schema, v, text, []string{"input", list, strconv.Itoa(at)}, itemType, items[at].Input, fields)
		}
		at++
		return true
	})
	return items, nil
}

// readCarefully reads an item as package coercion reads a variable. Its error is the first that a single call would have.
func readCarefully[T any](schema *ast.Schema, v *values, text string, path []string, itemType string, into *T, fields fields[T]) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return fault.ErrInternal.Because(err) // it is a part of a text that was valid
	}
	value, faults := coercion.Value(schema, ast.NonNullNamedType(itemType, nil), path, value)
	if len(faults) > 0 {
		return faults[0]
	}
	exact, err := json.Marshal(value)
	if err == nil && !object(v, string(exact), into, fields) {
		err = errUnread
	}
	if err != nil {
		return fault.ErrInternal.Because(err)
	}
	return nil
}

// errUnread is a value that package coercion accepts and this package does not read.
const errUnread = unread("an item that was checked is not read")

type unread string

func (u unread) Error() string { return string(u) }
