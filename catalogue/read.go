package catalogue

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Format is the form of a list of prices.
type Format string

// The formats.
const (
	GenAIPrices Format = "genai-prices" // pydantic/genai-prices, version 2 of its data
	LiteLLM     Format = "litellm"      // BerriAI/litellm, model_prices_and_context_window.json
	ModelsDev   Format = "models.dev"   // models.dev's api.json
	CSV         Format = "csv"          // Bursar's own, as Write writes it
	JSON        Format = "json"         // Bursar's own, as Write writes it
)

// Formats returns all formats.
func Formats() []Format { return []Format{GenAIPrices, LiteLLM, ModelsDev, CSV, JSON} }

// maxList is the size of the largest list that is read.
const maxList = 64 << 20

// Origin is what a list does not say of itself.
type Origin struct {
	Source    string    // the name of the list, "" for that of its format; prices of Bursar's own formats bring theirs
	CheckedAt time.Time // the day when somebody looked
}

// Read reads a list. An error is about all of it: nothing of a list that is cut off or of another format is a price. What is wrong with single
// prices stands in Refused.
func Read(format Format, from io.Reader, origin Origin) (*Catalogue, error) {
	list, err := io.ReadAll(io.LimitReader(from, maxList+1))
	if err != nil {
		return nil, err
	}
	if len(list) > maxList {
		return nil, fmt.Errorf("the list has more than %d MiB", maxList>>20)
	}
	list = bytes.TrimPrefix(list, []byte("\ufeff"))
	if format == "" {
		if format, err = Detect(list); err != nil {
			return nil, err
		}
	}
	if origin.Source == "" {
		origin.Source = string(format)
	}
	read := map[Format]func([]byte, Origin, *Catalogue) error{
		GenAIPrices: readGenAI, LiteLLM: readLiteLLM, ModelsDev: readModelsDev, CSV: readCSV, JSON: readJSON,
	}[format]
	if read == nil {
		return nil, fmt.Errorf("there is no format %q", string(format))
	}
	c := &Catalogue{}
	if err := read(list, origin, c); err != nil {
		return nil, fmt.Errorf("it is no list of prices in the format %s: %w", format, err)
	}
	c.settle()
	if len(c.Prices) == 0 && len(c.Damaged()) == 0 {
		return nil, fmt.Errorf("it has no price in the format %s", format)
	}
	return c, nil
}

// errNoFormat is the answer to a list of no known format.
var errNoFormat = errors.New("its format cannot be told, --format says it: genai-prices, litellm, models.dev, csv or json")

// Detect tells the format of a list by its outermost values.
func Detect(list []byte) (Format, error) {
	trimmed := bytes.TrimSpace(list)
	if bytes.HasPrefix(trimmed, []byte(strings.Join(columns()[:2], ","))) {
		return CSV, nil
	}
	if bytes.HasPrefix(trimmed, []byte("[")) {
		return GenAIPrices, validJSON(list)
	}
	if !bytes.HasPrefix(trimmed, []byte("{")) {
		return "", errNoFormat
	}
	var outermost map[string]json.RawMessage
	if err := json.Unmarshal(list, &outermost); err != nil {
		return "", inLine(list, err)
	}
	if _, own := outermost["prices"]; own {
		return JSON, nil
	}
	for _, value := range outermost {
		var fields map[string]json.RawMessage
		if json.Unmarshal(value, &fields) != nil {
			continue
		}
		if fields["litellm_provider"] != nil {
			return LiteLLM, nil
		}
		if fields["models"] != nil {
			return ModelsDev, nil
		}
	}
	return "", errNoFormat
}

// validJSON says where a list is no JSON.
func validJSON(list []byte) error { return decode(list, new(json.RawMessage)) }

// decode decodes JSON with exact numbers, and says in which line it is wrong.
func decode(list []byte, into any) error {
	if err := json.Unmarshal(list, into); err != nil {
		return inLine(list, err)
	}
	return nil
}

// inLine adds the line to an error of JSON.
func inLine(list []byte, err error) error {
	offset := int64(len(list))
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = wrong.Offset
	} else if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = wrong.Offset
	}
	line := 1 + bytes.Count(list[:min(int(offset), len(list))], []byte("\n"))
	return fmt.Errorf("line %d: %w", line, err)
}

// number returns the text of a JSON number.
func number(raw json.RawMessage) (string, error) {
	text := string(bytes.TrimSpace(raw))
	if text == "" || !strings.ContainsAny(text[:1], "-0123456789") {
		return "", damaged("%.50s is no number", text)
	}
	return text, nil
}

// sorted returns the keys of a JSON object, so that a list is read in the same order each time.
func sorted(of map[string]json.RawMessage) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
