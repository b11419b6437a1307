package bulk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"

	"bursar/graph/coercion"
)

// BenchmarkItems is what reading 256 items costs, with this package, and without it: decoded into maps, checked by package coercion and by
// gqlparser. What gqlgen then does to make structs of the maps is not in it.
func BenchmarkItems(b *testing.B) {
	loaded := schema(b)
	for inputType, item := range map[string]string{
		"ReserveUsagesInput": `{"secret":"bsr_0123456789012345678901234567890123456789012345678","requestId":"request-%d","estimate":{"inputTokens":700,"maxOutputTokens":300,` +
			`"cost":"0.01"},"ttlSeconds":600}`,
		"RecordUsagesInput": `{"reservationId":"res_01a2244c788f710a8d5df8c15de93f6f","requestId":"request-%d","requests":1,"inputTokens":700,"outputTokens":200,` +
			`"cost":"0.008","provider":"openai","model":"gpt-4o"}`,
	} {
		items := make([]string, 256)
		for i := range items {
			items[i] = fmt.Sprintf(item, i)
		}
		text := fmt.Sprintf(`{%q:[%s]}`, listOf(inputType), strings.Join(items, ","))
		b.Run(inputType+"/own", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				input, _, ok := Take(inputType, text)
				var isRead bool
				if inputType == "ReserveUsagesInput" {
					read, err := Reserves(loaded, input)
					isRead = err == nil && len(read) == len(items) && read[9].Err == nil
				} else {
					read, err := Records(loaded, input)
					isRead = err == nil && len(read) == len(items) && read[9].Err == nil
				}
				if !ok || !isRead {
					b.Fatal("not read")
				}
			}
		})
		b.Run(inputType+"/maps", func(b *testing.B) {
			operation := &ast.OperationDefinition{VariableDefinitions: ast.VariableDefinitionList{
				{Variable: "input", Type: ast.NonNullNamedType(inputType, nil), Definition: loaded.Types[inputType]}}}
			b.ReportAllocs()
			for b.Loop() {
				decoder := json.NewDecoder(strings.NewReader(text))
				decoder.UseNumber()
				var value any
				if err := decoder.Decode(&value); err != nil {
					b.Fatal(err)
				}
				variables := map[string]any{"input": value}
				if faults := coercion.Variables(loaded, operation, variables); len(faults) > 0 {
					b.Fatal(faults)
				}
				if _, err := validator.VariableValues(loaded, operation, variables); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
