package docs

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What the page on clients shows of a file is what the file has, which the tests of web and graph run: each line, in the same order. The file may
// have more lines, such as comments.
func TestClientsShowTheirFiles(t *testing.T) {
	t.Parallel()
	page := string(read("clients.md"))
	for path, beginning := range map[string]string{
		"../web/clients/codegen.ts":                         "import type { CodegenConfig }",
		"../web/clients/apollo.ts":                          "const replace =",
		"../web/clients/relay/relay.config.json":            "{\n  \"src\": \".\",",
		"../graph/testdata/genqlient/portal/genqlient.yaml": "schema: ",
	} {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		block := regexp.MustCompile("(?s)\n```[a-z]+\n(" + regexp.QuoteMeta(beginning) + ".*?)\n```").FindStringSubmatch(page)
		if block == nil {
			t.Errorf("the page shows nothing of %s", path)
			continue
		}
		rest := strings.Split(string(content), "\n")
		for line := range strings.SplitSeq(block[1], "\n") {
			if strings.HasPrefix(line, "schema: ") { // is elsewhere in the repository
				continue
			}
			at := slices.Index(rest, line)
			if at < 0 {
				t.Errorf("%s has not, or not in this place: %s", path, line)
				break
			}
			rest = rest[at+1:]
		}
	}
}
