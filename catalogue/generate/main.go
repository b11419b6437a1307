// Command generate writes the list of prices in the binary, out of two public ones: go run ./catalogue/generate. It downloads nothing, and
// the same lists give the same prices. -h names its flags: other files, for a new list.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"bursar/catalogue"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// list is one of the public lists.
type list struct {
	format                catalogue.Format
	file, source, checked *string
}

func newList(flags *flag.FlagSet, format catalogue.Format, what, file, source, checked string) *list {
	name := string(format)
	return &list{format: format,
		file:    flags.String(name, file, "the file of "+what+", which may be compressed (.gz)"),
		source:  flags.String(name+"-source", source, "the list and its revision, as prices name it"),
		checked: flags.String(name+"-checked", checked, "the day of the list")}
}

// read reads the list, and prints what it has left out.
func (l *list) read(to io.Writer) (*catalogue.Catalogue, error) {
	checkedAt, err := time.Parse(time.DateOnly, *l.checked)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(*l.file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	from := io.Reader(file)
	if strings.HasSuffix(*l.file, ".gz") {
		if from, err = gzip.NewReader(file); err != nil {
			return nil, err
		}
	}
	c, err := catalogue.Read(l.format, from, catalogue.Origin{Source: *l.source, CheckedAt: checkedAt})
	if err != nil {
		return nil, err
	}
	if wrong := c.Damaged(); len(wrong) > 0 {
		return nil, fmt.Errorf("%s is damaged: %s", *l.file, wrong[0])
	}
	if _, err := fmt.Fprintf(to, "%s: %d prices\n", *l.source, len(c.Prices)); err != nil {
		return nil, err
	}
	return c, catalogue.WriteRefusals(to, c.Refused, true)
}

// run writes the list in the binary.
func run(arguments []string, to io.Writer) error {
	flags := flag.NewFlagSet("generate", flag.ContinueOnError)
	// Of both lists the month is known; the day is its first.
	genai := newList(flags, catalogue.GenAIPrices, "pydantic/genai-prices, prices/new_data/v2", "catalogue/testdata/genai-prices-2026-08.json.gz", "genai-prices 47df840", "2026-08-01")
	litellm := newList(flags, catalogue.LiteLLM, "BerriAI/litellm, from AgentOps-AI/tokencost", "catalogue/testdata/litellm-prices-2025-09.json.gz", "litellm in tokencost e7f7c19, 2025-09", "2025-09-01")
	out := flags.String("o", "catalogue", "the folder to write prices.csv.gz and refused.csv to")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	prices, err := genai.read(to)
	if err != nil {
		return err
	}
	more, err := litellm.read(to)
	if err != nil {
		return err
	}
	checked, err := time.Parse(time.DateOnly, *genai.checked)
	if err != nil {
		return err
	}
	prices.Complete(more, checked)
	packed, err := catalogue.Pack(prices.Prices)
	if err != nil {
		return err
	}
	var refused bytes.Buffer
	if err := catalogue.WriteRefused(&refused, prices.Refused); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"prices.csv.gz": packed, "refused.csv": refused.Bytes()} {
		if err := os.WriteFile(filepath.Join(*out, name), content, 0o644); err != nil { //nolint:gosec // files of the repository
			return err
		}
	}
	return nil
}
