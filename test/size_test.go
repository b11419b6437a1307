package test

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// The largest sizes, of hand-written code without tests. What is larger is hard to review and to extend.
const (
	fileLines     = 250
	enforceLines  = 120  // of a function in sql/functions/enforce
	packageLines  = 3000 // of the Go files in one folder
	filesInFolder = 40
	lineLength    = 150 // characters of a line of a component, which no formatter breaks
)

// tooLarge names what is larger than it may be, and why that is so for now. An entry that is not needed fails the test.
func tooLarge() map[string]string {
	return map[string]string{
		"sql/migrations": "a migration that a release has is never edited, and each locks one table in use at most",
	}
}

// shortLines fails the test for each line of a file that is too long, and returns how many lines it has.
func shortLines(t *testing.T, file string, content []byte) (number int) {
	t.Helper()
	for line := range bytes.Lines(content) {
		if number++; utf8.RuneCount(line) > lineLength+1 {
			t.Errorf("%s:%d has more than %d characters: break the line", file, number, lineLength)
		}
	}
	return number
}

// Files, packages and folders stay small enough to be read as a whole.
func TestSizes(t *testing.T) {
	t.Parallel()
	lines, packages, folders := map[string]int{}, map[string]int{}, map[string]int{}
	looked := 0 // lines of components
	for _, file := range handWritten(t) {
		content, err := os.ReadFile(filepath.Join("..", file))
		if os.IsNotExist(err) {
			continue // deleted, and that not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		lines[file] = bytes.Count(content, []byte("\n"))
		if path.Ext(file) == ".tsx" {
			looked += shortLines(t, file, content)
		}
		folders[path.Dir(file)]++
		if path.Ext(file) == ".go" {
			packages[path.Dir(file)] += lines[file]
		}
	}
	if lines["db/pool.go"] == 0 || packages["db"] == 0 || folders["sql/functions/enforce"] == 0 {
		t.Fatalf("of %d files, none is db/pool.go or a function of enforcement: the test has looked at nothing", len(lines))
	}
	if looked < 1000 {
		t.Fatalf("%d lines of components: the test has looked at nothing", looked)
	}
	needed := map[string]bool{}
	check := func(name string, size, most int, unit string) {
		if size <= most {
			return
		}
		needed[name] = true
		if tooLarge()[name] == "" {
			t.Errorf("%s has %d %s, at most %d are allowed: split it", name, size, unit, most)
		}
	}
	for file, size := range lines {
		most := fileLines
		if path.Dir(file) == "sql/functions/enforce" {
			most = enforceLines
		}
		check(file, size, most, "lines")
	}
	for folder, size := range packages {
		check(folder, size, packageLines, "lines of Go")
	}
	for folder, size := range folders {
		check(folder, size, filesInFolder, "files")
	}
	for name := range tooLarge() {
		if !needed[name] {
			t.Errorf("tooLarge() has an entry for %s, which is small enough or gone: delete the entry", name)
		}
	}
}

// handWritten returns the files of code that people wrote, tests aside: those of the working tree that git does not ignore, without
// what .gitattributes marks as generated.
func handWritten(t *testing.T) []string {
	t.Helper()
	code := regexp.MustCompile(`\.(go|sql|graphqls|js|mjs|ts|tsx|css|html|tmpl)$|^\.ci/run$|^Makefile$`)
	test := regexp.MustCompile(`_test\.go$|\.test\.\w+$|(^|/)testdata/|^web/test/`)
	files := git(t, nil, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
	var written []string
	// check-attr answers with three fields for each file: its name, the attribute's, and the value
	fields := strings.Split(string(git(t, files, "check-attr", "--stdin", "-z", "linguist-generated")), "\x00")
	for ; len(fields) > 3; fields = fields[3:] {
		if name := fields[0]; fields[2] != "set" && code.MatchString(name) && !test.MatchString(name) {
			written = append(written, name)
		}
	}
	return written
}

// git runs git in the repository and returns what it prints. Where there is none, as in an archive of the source, it skips the test.
func git(t *testing.T, input []byte, arguments ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), "git", arguments...)
	command.Dir, command.Stdin = "..", bytes.NewReader(input)
	var problem bytes.Buffer
	command.Stderr = &problem
	output, err := command.Output()
	if err != nil && strings.Contains(problem.String(), "not a git repository") {
		t.Skip("this is no checkout of the repository: git knows which files are its own")
	}
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(arguments, " "), err, &problem)
	}
	return output
}
