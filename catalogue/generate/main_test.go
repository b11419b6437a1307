package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Guarantee: the list in the binary is what the committed generator makes out of the two public lists, as they were.
func TestListInTheBinaryIsGenerated(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var printed bytes.Buffer
	if err := run([]string{"-genai-prices", "../testdata/genai-prices-2026-08.json.gz", "-litellm", "../testdata/litellm-prices-2025-09.json.gz", "-o", folder}, &printed); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"prices.csv.gz", "refused.csv"} {
		if !bytes.Equal(content(t, filepath.Join(folder, name)), content(t, filepath.Join("..", name))) {
			t.Errorf("%s is not what go run ./catalogue/generate writes", name)
		}
	}
	if !bytes.Contains(printed.Bytes(), []byte("genai-prices 47df840: ")) || !bytes.Contains(printed.Bytes(), []byte("refused: ")) {
		t.Errorf("the generator says %q", printed.String())
	}
}

// content returns what is in a file, not compressed.
func content(t *testing.T, name string) []byte {
	t.Helper()
	all, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(name) != ".gz" {
		return all
	}
	list, err := gzip.NewReader(bytes.NewReader(all))
	if err != nil {
		t.Fatal(err)
	}
	if all, err = io.ReadAll(list); err != nil {
		t.Fatal(err)
	}
	return all
}
