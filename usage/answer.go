package usage

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// object is a decoded JSON object; its numbers are json.Number.
type object = map[string]any

// answer is a provider's answer, decoded as far as it is asked for: it may carry megabytes of pictures. The first error sticks.
type answer struct {
	fields map[string]json.RawMessage
	err    error
}

// open decodes the outermost object.
func open(body []byte) (*answer, error) {
	a := &answer{}
	if start := spaces(body); start < len(body) && body[start] == '{' && json.Valid(body) {
		a.fields = fieldsOf(body[start:])
		return a, nil
	}
	if err := json.Unmarshal(body, &a.fields); err != nil { // which says what is wrong with it
		return nil, fmt.Errorf("usage: the answer is no JSON object: %w", err)
	}
	return a, nil
}

// fail keeps the first error.
func (a *answer) fail(format string, values ...any) {
	if a.err == nil {
		a.err = fmt.Errorf("usage: "+format, values...)
	}
}

// field decodes one of the outermost fields; nil when it is absent or null.
func (a *answer) field(name string) any {
	raw, ok := a.fields[name]
	if !ok {
		return nil
	}
	return valueOf(raw)
}

// text returns the first of the outermost fields that is a text; another kind of value is none.
func (a *answer) text(names ...string) string {
	for _, name := range names {
		if raw := a.fields[name]; len(raw) > 0 && raw[0] == '"' {
			if text := textOf(raw); text != "" {
				return text
			}
		}
	}
	return ""
}

// root returns the object at a path of field names, or the answer itself if that has one of the marks: then it is a usage object alone.
// It is nil when there is neither.
func (a *answer) root(path string, marks ...string) object {
	names := strings.Split(path, ".")
	found := a.field(names[0])
	for _, name := range names[1:] {
		parent, _ := found.(object)
		found = parent[name]
	}
	if found, ok := found.(object); ok {
		return found
	}
	for _, mark := range marks {
		if _, ok := a.fields[mark]; ok {
			whole := object{}
			for name := range a.fields {
				whole[name] = a.field(name)
			}
			return whole
		}
	}
	return nil
}

// count returns the quantity at a path below an object, and whether there is one. An absent or null step is none; everything else but a
// whole number from 0 to MaxQuantity is an error.
func (a *answer) count(of object, path ...string) (int64, bool) {
	var value any = of
	for i, name := range path {
		parent, ok := value.(object)
		if !ok {
			a.fail("%s is no object", strings.Join(path[:i], "."))
			return 0, false
		}
		if value = parent[name]; value == nil {
			return 0, false
		}
	}
	number, ok := value.(json.Number)
	if !ok {
		a.fail("%s is no number", strings.Join(path, "."))
		return 0, false
	}
	n, err := quantity(number)
	if err != nil {
		a.fail("%s %w", strings.Join(path, "."), err)
		return 0, false
	}
	return n, true
}

// optional is count for what may be missing: 0 then.
func (a *answer) optional(of object, path ...string) int64 {
	n, _ := a.count(of, path...)
	return n
}

// required is count for what an API always has.
func (a *answer) required(of object, path ...string) int64 {
	n, ok := a.count(of, path...)
	if !ok {
		a.fail("%s is missing", strings.Join(path, "."))
	}
	return n
}

// largest is count for a number that may stand in several places: the largest of them. It is the same number, so they are never added.
func (a *answer) largest(of object, paths ...[]string) int64 {
	var most int64
	for _, path := range paths {
		most = max(most, a.optional(of, path...))
	}
	return most
}

// plainDigits is how many digits a number has at most that is surely a quantity.
const plainDigits = 12

// quantity reads a number: some providers write whole numbers as 12.0 or 1.2e1.
func quantity(number json.Number) (int64, error) {
	text := number.String()
	if len(text) <= plainDigits && strings.Trim(text, "0123456789") == "" {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
	}
	if len(text) > 40 || exponentDigits(text) > 2 { // more would only make work
		return 0, fmt.Errorf("is no quantity: %.40s", text)
	}
	exact, ok := new(big.Rat).SetString(text)
	switch {
	case !ok:
		return 0, fmt.Errorf("is no number: %s", text)
	case exact.Sign() < 0:
		return 0, fmt.Errorf("is negative: %s", text)
	case !exact.IsInt():
		return 0, fmt.Errorf("is no whole number: %s", text)
	case exact.Cmp(big.NewRat(MaxQuantity, 1)) > 0:
		return 0, fmt.Errorf("is more than %d: %s", int64(MaxQuantity), text)
	}
	return exact.Num().Int64(), nil
}

// exponentDigits returns how many digits a number's exponent has.
func exponentDigits(text string) int {
	at := strings.IndexAny(text, "eE")
	if at < 0 {
		return 0
	}
	return len(strings.TrimLeft(text[at+1:], "+-0"))
}

// list returns the objects of an array; other values in it are left out.
func list(value any) []object {
	values, _ := value.([]any)
	objects := make([]object, 0, len(values))
	for _, value := range values {
		if o, ok := value.(object); ok {
			objects = append(objects, o)
		}
	}
	return objects
}

// plus adds quantities of a list of any length: a sum that is too large to be believed stays so, and does not overflow.
func plus(sum, n int64) int64 { return min(sum+n, 8*MaxQuantity) }
