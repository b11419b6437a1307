package replay

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const header = "TIMESTAMP,ContextTokens,GeneratedTokens\n"

// The recorded file is read to the last row.
func TestReadRecordedTraffic(t *testing.T) {
	t.Parallel()
	requests, err := readTraffic("../data/azure-llm-2023-conversation.csv")
	if err != nil {
		t.Fatal(err)
	}
	var input, output int64
	for _, r := range requests {
		input, output = input+r.inputTokens, output+r.outputTokens
	}
	if len(requests) != 19_366 || input != 22_361_870 || output != 4_088_665 {
		t.Errorf("%d rows, %d and %d tokens, want 19366, 22361870 and 4088665", len(requests), input, output)
	}
	last := time.Date(2023, 11, 16, 19, 14, 8, 402_527_000, time.UTC)
	if got := requests[len(requests)-1]; got != (request{at: last, inputTokens: 197, outputTokens: 183}) {
		t.Errorf("the last row is %+v", got)
	}
}

// Line ends of either kind, and a last line without one, are read.
func TestParseTraffic(t *testing.T) {
	t.Parallel()
	first := time.Date(2023, 11, 16, 18, 15, 46, 680_590_000, time.UTC)
	requests, err := parseTraffic(strings.NewReader(strings.ReplaceAll(header, "\n", "\r\n") +
		"2023-11-16 18:15:46.6805900,374,44\r\n2023-11-16 18:15:47,0,1000000000"))
	if err != nil {
		t.Fatal(err)
	}
	want := []request{
		{at: first, inputTokens: 374, outputTokens: 44},
		{at: time.Date(2023, 11, 16, 18, 15, 47, 0, time.UTC), outputTokens: 1_000_000_000},
	}
	if len(requests) != 2 || requests[0] != want[0] || requests[1] != want[1] {
		t.Errorf("read %+v, want %+v", requests, want)
	}
}

// A bad file is refused with a sentence that names the line and the value.
func TestParseTrafficRefuses(t *testing.T) {
	t.Parallel()
	const row = "2023-11-16 18:15:46.6805900,374,44\n"
	for text, want := range map[string]string{
		"":                               "empty",
		header:                           "no rows",
		row:                              "line 1: the header must be TIMESTAMP,ContextTokens,GeneratedTokens",
		"a,b\n":                          "line 1: the header must be",
		header + row + "x,1,2\n":         `line 3: TIMESTAMP: "x" is not a time`,
		header + row + row + "1,2":       "line 4: wrong number of fields",
		header + row + "\"":              "line 3",
		header + cell("-1", "2"):         "line 2: ContextTokens: -1 is negative",
		header + cell("1", "-2"):         "line 2: GeneratedTokens: -2 is negative",
		header + cell("1.5", "2"):        `line 2: ContextTokens: "1.5" is not a whole number`,
		header + cell("", "2"):           `line 2: ContextTokens: "" is not a whole number`,
		header + cell("1", "many"):       `line 2: GeneratedTokens: "many" is not a whole number`,
		header + cell("1", "1e3"):        `"1e3" is not a whole number`,
		header + cell("1", nines()):      "is not a whole number",
		header + cell("1000000001", "2"): "line 2: ContextTokens: 1000000001 is more than 1000000000",
	} {
		requests, err := parseTraffic(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %d rows, error %v, want %q", text, len(requests), err, want)
		}
	}
}

// A file that cannot be opened is told by its name.
func TestReadTrafficRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "missing.csv")
	if _, err := readTraffic(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("missing file: error %v", err)
	}
	path = writeTraffic(t, "nonsense")
	if _, err := readTraffic(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("bad file: error %v, want one that names it", err)
	}
	if _, err := readTraffic(filepath.Dir(path)); err == nil {
		t.Error("a folder was read")
	}
}

func cell(input, output string) string {
	return "2023-11-16 18:15:46.6805900," + input + "," + output + "\n"
}

func nines() string { return strings.Repeat("9", 30) }

func writeTraffic(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "traffic.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
