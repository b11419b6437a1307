package catalogue

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// files are the list, as Bursar's CSV, and the notices of the lists that it was made of.
//
//go:embed prices.csv.gz refused.csv licenses
var files embed.FS

// BuiltIn returns the list in the binary. Its prices say where they come from and when that was looked at; nothing renews it but another binary.
func BuiltIn() (*Catalogue, error) {
	packed, err := files.Open("prices.csv.gz")
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	list, err := gzip.NewReader(packed)
	if err != nil {
		return nil, fmt.Errorf("the list in the binary: %w", err)
	}
	c, err := Read(CSV, list, Origin{})
	if err != nil {
		return nil, err
	}
	refused, err := files.Open("refused.csv")
	if err != nil {
		return nil, err
	}
	defer refused.Close()
	lines, err := csv.NewReader(refused).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("what the list in the binary left out: %w", err)
	}
	for _, line := range lines {
		c.Refused = append(c.Refused, Refusal{Provider: line[0], Model: line[1], Field: line[2], Partly: line[3] == partly, Reason: line[4]})
	}
	return c, nil
}

// partly marks, in the file of refusals, those of a part.
const partly = "in part"

// WriteRefused writes what was left out of the list in the binary, as it stands beside it.
func WriteRefused(to io.Writer, refused []Refusal) error {
	lines := csv.NewWriter(to)
	for _, r := range refused {
		how := ""
		if r.Partly {
			how = partly
		}
		if err := lines.Write([]string{r.Provider, r.Model, r.Field, how, r.Reason}); err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

// Refusal returns why a model has no price in the list, if it was left out.
func (c *Catalogue) Refusal(provider, model string) (Refusal, bool) {
	for _, r := range c.Refused {
		of := Price{Provider: r.Provider}
		of.setPattern(r.Model)
		if !r.Partly && r.Provider == provider && of.Key().matches(strings.ToLower(model)) {
			return r, true
		}
	}
	return Refusal{}, false
}

// Pack compresses a list as it stands in the binary: the same list gives the same bytes.
func Pack(prices []Price) ([]byte, error) {
	var packed bytes.Buffer
	to, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := WriteCSV(to, prices); err != nil {
		return nil, err
	}
	if err := to.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

// Licenses returns the notices of the lists that the one in the binary was made of.
func Licenses() (string, error) {
	var all strings.Builder
	names, err := fs.Glob(files, "licenses/*.txt")
	if err != nil {
		return "", err
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return "", err
		}
		if all.Len() > 0 {
			all.WriteString("\n" + strings.Repeat("-", 80) + "\n\n")
		}
		all.Write(text)
	}
	return all.String(), nil
}
