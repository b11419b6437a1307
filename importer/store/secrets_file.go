package store

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strings"

	"bursar/id"
	"bursar/importer"
)

// SecretsFile is a CSV with the new secrets of API keys, which nobody but its owner may read.
type SecretsFile struct {
	file   *os.File
	before int64 // where it ended before the organization that is under way
	added  bool  // secrets of the organization that is under way are in it
}

// CreateSecretsFile makes the file. It is an error when there is one.
func CreateSecretsFile(name string) (*SecretsFile, error) {
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) //nolint:gosec // whoever runs the command names the file
	if err != nil {
		return nil, err
	}
	s := &SecretsFile{file: file}
	if err := s.append([][]string{{"organization", "api_key_id", "id_there", "name", "secret"}}); err != nil {
		return nil, err
	}
	return s, nil
}

// Add writes the secrets of an organization, and returns when they are on the disk.
func (s *SecretsFile) Add(o *importer.Organization, secrets []Secret) error {
	rows := make([][]string, len(secrets))
	for i, secret := range secrets {
		rows[i] = []string{o.Slug, id.APIKey.Format(secret.Key.ID), plain(secret.Key.ExternalID), plain(secret.Key.Name), secret.Text}
	}
	s.added = true
	return s.append(rows)
}

// Keep says that the organization was committed.
func (s *SecretsFile) Keep() { s.added = false }

func (s *SecretsFile) append(rows [][]string) error {
	end, err := s.file.Seek(0, 2)
	if err != nil {
		return fmt.Errorf("write the file of secrets: %w", err)
	}
	s.before = end
	var text bytes.Buffer
	writer := csv.NewWriter(&text)
	if err := writer.WriteAll(rows); err != nil {
		return fmt.Errorf("write the file of secrets: %w", err)
	}
	if _, err := s.file.Write(text.Bytes()); err != nil {
		return fmt.Errorf("write the file of secrets: %w", err)
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("write the file of secrets: %w", err)
	}
	return nil
}

// plain keeps a spreadsheet from taking a cell for a formula.
func plain(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r") == 0 {
		return "'" + cell
	}
	return cell
}

// Undo takes the secrets of the last organization away, which was not committed. Nothing is taken away when none were added.
func (s *SecretsFile) Undo() error {
	if !s.added {
		return nil
	}
	s.added = false
	if err := s.file.Truncate(s.before); err != nil {
		return fmt.Errorf("take secrets that are not in use out of the file: %w", err)
	}
	return s.file.Sync()
}

// Close closes the file.
func (s *SecretsFile) Close() error { return s.file.Close() }
