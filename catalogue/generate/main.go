// Command generate writes the list of prices in the binary, out of two public ones: go run ./catalogue/generate -h. It downloads nothing, and
// the same lists give the same bytes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"bursar/catalogue"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// list is one of the public lists.
type list struct {
	format                catalogue.Format
	file, source, checked *string
}

func newList(format catalogue.Format, what, source, checked string) *list {
	name := string(format)
	return &list{format: format,
		file:    flag.String(name, "", "the file of "+what),
		source:  flag.String(name+"-source", source, "the list and its revision, as prices name it"),
		checked: flag.String(name+"-checked", checked, "the day of the list")}
}

func (l *list) read() (*catalogue.Catalogue, error) {
	checkedAt, err := time.Parse(time.DateOnly, *l.checked)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(*l.file)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	c, err := catalogue.Read(l.format, file, catalogue.Origin{Source: *l.source, CheckedAt: checkedAt})
	if err != nil {
		return nil, err
	}
	if wrong := c.Damaged(); len(wrong) > 0 {
		return nil, fmt.Errorf("%s is damaged: %s", *l.file, wrong[0])
	}
	fmt.Printf("%s: %d prices\n", *l.source, len(c.Prices))
	for _, refused := range c.Refused {
		fmt.Println(" ", refused)
	}
	return c, nil
}

func run() error {
	genai := newList(catalogue.GenAIPrices, "pydantic/genai-prices, prices/new_data/v2", "genai-prices 47df840", "2026-08-01")
	litellm := newList(catalogue.LiteLLM, "BerriAI/litellm, from AgentOps-AI/tokencost", "litellm in tokencost e7f7c19, 2025-09", "2025-09-01")
	out := flag.String("o", "catalogue", "the folder to write prices.csv.gz and refused.csv to")
	flag.Parse()
	prices, err := genai.read()
	if err != nil {
		return err
	}
	more, err := litellm.read()
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
	if err := os.WriteFile(filepath.Join(*out, "prices.csv.gz"), packed, 0o644); err != nil {
		return err
	}
	var refused bytes.Buffer
	if err := catalogue.WriteRefused(&refused, prices.Refused); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*out, "refused.csv"), refused.Bytes(), 0o644)
}
