package graph_test

import (
	"strings"
	"testing"

	"bursar/graph/sdl"
)

// The description of a mutation names the errors that its input may have, beside those that every operation may have: of an id NOT_FOUND and
// BAD_USER_INPUT, of a version or a prefix that is expected CONFLICT, of a requestId IDEMPOTENCY_MISMATCH, of what adds to a quota
// QUOTA_EXCEEDED, and FORBIDDEN where a MEMBER may do it with their own keys alone.
func TestMutationsDescribeTheirErrors(t *testing.T) {
	t.Parallel()
	schema := sdl.Schema()
	adding := map[string]bool{} // to a quota: the operations of TestQuotas, and those that save a form
	for _, name := range []string{"addMember", "updateMember", "createWorkspace", "createApiKey", "createAccessToken", "createBudgetLimit", "createRateLimit",
		"addRecipients", "updateApiKey", "setLimits"} {
		adding[name] = true
	}
	described := 0
	for _, mutation := range schema.Mutation.Fields {
		if strings.HasPrefix(mutation.Name, "__") {
			continue
		}
		wanted := map[string]bool{}
		if adding[mutation.Name] {
			wanted["QUOTA_EXCEEDED"] = true
		}
		for _, field := range schema.Types[mutation.Arguments[0].Type.Name()].Fields {
			switch field.Name {
			case "expectedVersion", "expectedPrefix":
				wanted["CONFLICT"] = true
			case "requestId":
				wanted["IDEMPOTENCY_MISMATCH"] = true
			}
			if field.Type.Name() == "ID" {
				wanted["BAD_USER_INPUT"] = true
				wanted["NOT_FOUND"] = mutation.Name != "reserveUsage" // which answers a denial
			}
		}
		if auth := mutation.Directives.ForName("auth"); auth.Arguments.ForName("own") != nil && mutation.Directives.ForName("enforcement") == nil {
			wanted["FORBIDDEN"] = true
		}
		for code, is := range wanted {
			if is && !strings.Contains(mutation.Description, code) {
				t.Errorf("%s does not say that it answers %s: %s", mutation.Name, code, mutation.Description)
			}
			described++
		}
	}
	if described < 60 {
		t.Errorf("%d errors were looked for", described)
	}
}
