package bulk

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"bursar/graph/model"
)

// schema returns the schema, which package sdl has out of code that imports this package.
func schema(t testing.TB) *ast.Schema {
	t.Helper()
	files, err := filepath.Glob("../schema/*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	return gqlparser.MustLoadSchema(sources...)
}

// seeds are items as gateways send them, and as they should not.
func seeds() []string {
	return []string{
		`{"secret":"bsr_x","requestId":"r","estimate":{"tokens":1000,"cost":"0.01"},"ttlSeconds":600}`,
		`{"key":"key_1","estimate":{"requests":1e3,"inputTokens":1000.0,"maxOutputTokens":null,"images":0},"metadata":{"a":"b","a":"c"},"model":"x"}`,
		`{"estimate":{"cost":0.5},"estimate":{"tokens":-0},"provider":"é\u0301\ud800","serviceTier":"BATCH","__typename":[]}`,
		`{"estimate":[{"allowZeroRequests":true}],"serviceTier":"batch","ttlSeconds":9223372036854775808}`,
		`{"reservationId":"res_1","inputTokens":700,"outputTokens":200,"cost":1e-7,"provider":"openai","occurredAt":"2026-01-02T03:04:05.6+07:00"}`,
		`{"reservationId":12,"cost":"9223372036.8547758071","webSearches":"1","occurredAt":5}`, `{"reservationId":-1.5,"audioInputTokens":true}`,
		`{"leaseId":"lea_1","requestId":"r","requests":1,"inputTokens":7}`,
		`{"cost":"","metadata":{"a":1},"x":1}`, `{"sec\u0072et":"bsr_y","cost":"007.10"}`, `{"cost":".5"}`, `{"cost":"5."}`, `{"cost":"1.2.3"}`, `null`, `[]`, `5`,
	}
}

// What is read without a map is what package coercion accepts, with the same values: whatever is read of any item is what is read of it
// carefully, and an item with a fault is not read at all.
func FuzzFields(f *testing.F) {
	for _, seed := range seeds() {
		f.Add(seed)
	}
	loaded := schema(f)
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		compare(t, loaded, "ReserveUsageInput", text, reserveFields)
		compare(t, loaded, "RecordUsageInput", text, recordFields)
	})
}

func compare[T any](t *testing.T, schema *ast.Schema, itemType, text string, fields fields[T]) {
	t.Helper()
	var quick, careful T
	if !object(&values{}, text, &quick, fields) {
		quick = *new(T)
	} else if err := readCarefully(schema, &values{}, text, []string{"input"}, itemType, &careful, fields); err != nil {
		t.Fatalf("%s is read, and refused: %v", text, err)
	} else if a, b := encoded(t, quick), encoded(t, careful); !bytes.Equal(a, b) {
		t.Fatalf("%s is read as %s, and carefully as %s", text, a, b)
	}
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The careful way reads what package coercion accepts, whatever its form.
func TestCarefulReadingReadsWhatIsRight(t *testing.T) {
	t.Parallel()
	var input model.ReserveUsageInput
	text := `{"estimate":{"requests":1e3,"inputTokens":1000.0,"cost":25e-2},"ttlSeconds":6e1,"sec\u0072et":"bsr_\u0079"}`
	if object(&values{}, text, &model.ReserveUsageInput{}, reserveFields) {
		t.Error("an exponent is read without care")
	}
	err := readCarefully(schema(t), &values{}, text, []string{"input"}, "ReserveUsageInput", &input, reserveFields)
	if err != nil || *input.Estimate.Requests != 1000 || *input.Estimate.InputTokens != 1000 || input.Estimate.Cost.String() != "0.25" ||
		*input.TTLSeconds != 60 || *input.Secret != "bsr_y" {
		t.Errorf("%s is read as %s: %v", text, encoded(t, input), err)
	}
}

// Every field that the schema gives the inputs of single calls is read in bulk.
func TestEveryFieldIsRead(t *testing.T) {
	t.Parallel()
	loaded := schema(t)
	for _, field := range loaded.Types["ReserveUsageInput"].Fields {
		if !reserveFields(&values{}, &model.ReserveUsageInput{}, field.Name, null) {
			t.Errorf("%s of a request is not read", field.Name)
		}
	}
	for _, field := range loaded.Types["UsageEstimateInput"].Fields {
		if !estimateFields(&values{}, &model.UsageEstimateInput{}, field.Name, null) {
			t.Errorf("%s of an estimate is not read", field.Name)
		}
	}
	for _, field := range loaded.Types["RecordUsageInput"].Fields {
		if !recordFields(&values{}, &model.RecordUsageInput{}, field.Name, null) {
			t.Errorf("%s of an event is not read", field.Name)
		}
	}
}
