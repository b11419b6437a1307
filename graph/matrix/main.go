// Command matrix writes into the manual's page on access which role may call which field, out of the schema. make generate
// runs it; the tests of graph run every cell.
package main

import (
	"fmt"
	"os"
	"strings"

	"bursar/graph/exec"
)

// The lines of the page between which the table stands.
const (
	begin = "<!-- written by make generate: what follows is the schema's @auth -->\n"
	end   = "<!-- until here -->\n"
)

func main() {
	if err := write("docs/access.md"); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		os.Exit(1)
	}
}

// write replaces the table in a page.
func write(path string) error {
	page, err := os.ReadFile(path) //nolint:gosec // the path is ours
	if err != nil {
		return err
	}
	written, err := replace(string(page), table(exec.NewExecutableSchema(exec.Config{}).Schema()))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(written), 0o644) //nolint:gosec // a page of the manual is for everybody
}

// replace returns a page with another table.
func replace(page, table string) (string, error) {
	before, rest, begins := strings.Cut(page, begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		return "", fmt.Errorf("has not the lines %q and %q around the table", begin, end)
	}
	return before + begin + "\n" + table + "\n" + end + after, nil
}
