package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ReadFiles reads exports: files, and the .json, .jsonl and .csv files of folders. Each JSON value, also of several in a file, and each line of CSV as
// an object of strings, goes to take.
func ReadFiles(names []string, take func(value any) error) error {
	for _, name := range names {
		files := []string{name}
		if info, err := os.Stat(name); err != nil {
			return err
		} else if info.IsDir() {
			files = nil
			for _, form := range []string{"*.json", "*.jsonl", "*.ndjson", "*.csv"} {
				found, err := filepath.Glob(filepath.Join(name, form))
				if err != nil {
					return err
				}
				files = append(files, found...)
			}
			slices.Sort(files)
			if len(files) == 0 {
				return fmt.Errorf("%s has no file whose name ends with .json, .jsonl, .ndjson or .csv", name)
			}
		}
		for _, file := range files {
			if err := readFile(file, take); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
	}
	return nil
}

func readFile(name string, take func(any) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	text := bufio.NewReader(file)
	if mark, err := text.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) { // a byte order mark
		if _, err := text.Discard(len(mark)); err != nil {
			return err
		}
	}
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		return readCSV(text, take)
	}
	return readJSON(text, take)
}

func readJSON(from io.Reader, take func(any) error) error {
	decoder := json.NewDecoder(from)
	decoder.UseNumber()
	for number := 0; ; number++ {
		var value any
		err := decoder.Decode(&value)
		switch {
		case errors.Is(err, io.EOF) && number > 0:
			return nil
		case errors.Is(err, io.EOF):
			return errors.New("the file is empty")
		case err != nil:
			return fmt.Errorf("it is no JSON after byte %d, or is cut off there: %w", decoder.InputOffset(), err)
		}
		if err := take(value); err != nil {
			return err
		}
	}
}

func readCSV(from io.Reader, take func(any) error) error {
	reader := csv.NewReader(from)
	head, err := reader.Read()
	if err != nil {
		return fmt.Errorf("the line with the names of the columns cannot be read: %w", err)
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		object := make(map[string]any, len(head))
		for i, name := range head {
			object[strings.TrimSpace(name)] = cells[i]
		}
		if err := take(object); err != nil {
			return err
		}
	}
}
