package scalar

import (
	"encoding/json"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"bursar/fault"
)

// MarshalJSON writes a JSON value as it is; null for none.
func MarshalJSON(j json.RawMessage) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		if len(j) == 0 {
			j = json.RawMessage("null")
		}
		_, _ = w.Write(j)
	})
}

// UnmarshalJSON reads any JSON value.
func UnmarshalJSON(v any) (json.RawMessage, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fault.New(fault.BadUserInput, "must be a JSON value").Because(err)
	}
	return json.RawMessage(text), nil
}
