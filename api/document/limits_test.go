package document

import (
	"strings"
	"testing"

	"bursar/fault"
)

// Check refuses what is too large with QUERY_TOO_COMPLEX, also a document that the parser gives up for its size, and leaves syntax
// errors and names that the schema does not have to validation.
func TestCheck(t *testing.T) {
	t.Parallel()
	for document, refused := range map[string]bool{
		"": false, "{": false, "{a": false, "fragment f on T { ...f }": false, "{ unknown { field } }": false,
		"{a" + strings.Repeat(" ", maxDocumentBytes) + "}":                 true,
		"{" + strings.Repeat("a ", MaxTokens) + "}":                        true,
		strings.Repeat("{a", MaxTokens):                                    true,
		strings.Repeat("{a", maxDepth) + strings.Repeat("}", maxDepth):     false,
		strings.Repeat("{a", maxDepth+1) + strings.Repeat("}", maxDepth+1): true,
		"{...f} fragment f on T {" + strings.Repeat("a{b}", 11) + "}":      true, // at the root
		"{x{" + strings.Repeat("b{c} ", maxRepeated+1) + "}}":              false,
		"{x{" + strings.Repeat("b{c} ", maxRepeated+2) + "}}":              true,
		"{b: __schema {types{name}}}":                                      true,
	} {
		err := Check(document)
		if (err != nil) != refused || refused && fault.CodeOf(err) != fault.QueryTooComplex {
			t.Errorf("%.60q: %v, want it refused: %t", document, err, refused)
		}
	}
}
