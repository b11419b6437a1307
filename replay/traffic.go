package replay

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxRequestTokens is the most that a row may say of one request, in tokens: far above any model's context, and low enough
// for every price in int64 nano-dollars.
const maxRequestTokens = 1_000_000_000

// timestampLayout is how the trace writes time; a fraction of a second may follow.
const timestampLayout = "2006-01-02 15:04:05"

// request is one row of a traffic file.
type request struct {
	at           time.Time
	inputTokens  int64
	outputTokens int64
}

// readTraffic reads a whole file, so that a bad row is known before anything is sent.
func readTraffic(path string) ([]request, error) {
	if path == "" {
		return nil, errors.New("no traffic file was named")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the traffic file: %w", err)
	}
	defer func() { _ = file.Close() }() // read only: closing loses nothing
	requests, err := parseTraffic(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return requests, nil
}

// parseTraffic reads the rows below the header line. Errors name the line.
func parseTraffic(r io.Reader) ([]request, error) {
	columns := []string{"TIMESTAMP", "ContextTokens", "GeneratedTokens"}
	reader := csv.NewReader(r)
	reader.FieldsPerRecord = len(columns)
	reader.ReuseRecord = true

	header, err := reader.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file is empty")
	case err != nil && !errors.Is(err, csv.ErrFieldCount):
		return nil, err
	case !slices.Equal(header, columns):
		return nil, fmt.Errorf("line 1: the header must be %s", strings.Join(columns, ","))
	}
	var requests []request
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err // a *csv.ParseError: it names the line
		}
		parsed, err := parseRow(record)
		if err != nil {
			line, _ := reader.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		requests = append(requests, parsed)
	}
	if len(requests) == 0 {
		return nil, errors.New("the file has a header and no rows")
	}
	return requests, nil
}

func parseRow(record []string) (request, error) {
	at, err := time.Parse(timestampLayout, record[0])
	if err != nil {
		return request{}, fmt.Errorf("TIMESTAMP: %q is not a time as in %s.0000000", record[0], timestampLayout)
	}
	input, err := parseTokens("ContextTokens", record[1])
	if err != nil {
		return request{}, err
	}
	output, err := parseTokens("GeneratedTokens", record[2])
	if err != nil {
		return request{}, err
	}
	return request{at: at, inputTokens: input, outputTokens: output}, nil
}

func parseTokens(column, text string) (int64, error) {
	tokens, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s: %q is not a whole number", column, text)
	case tokens < 0:
		return 0, fmt.Errorf("%s: %d is negative", column, tokens)
	case tokens > maxRequestTokens:
		return 0, fmt.Errorf("%s: %d is more than %d", column, tokens, maxRequestTokens)
	}
	return tokens, nil
}
