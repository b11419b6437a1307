package demo

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"bursar/auth"
)

// fileName is where the tokens are kept, in the folder of `bursar dev`.
const fileName = "demo.json"

// Save keeps the tokens in a folder, which is made when it is missing, in a file that its owner alone can read. A program
// that is killed meanwhile leaves the old file or the new one, never a part of it.
func Save(dataDir string, d *Demo) error {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return fmt.Errorf("write the demo's tokens: %w", err)
	}
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return fmt.Errorf("make the folder for the demo's tokens: %w", err)
	}
	if err := replaceFile(filepath.Join(dataDir, fileName), append(text, '\n')); err != nil {
		return fmt.Errorf("write the demo's tokens: %w", err)
	}
	return nil
}

// replaceFile writes a new file beside the old one and renames it. Temporary files are made with mode 0600.
func replaceFile(path string, text []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), fileName+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(text)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// Load returns what Save kept in a folder. Its error is fs.ErrNotExist when nothing was.
func Load(dataDir string) (*Demo, error) {
	path := filepath.Join(dataDir, fileName)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the demo's tokens: %w", err)
	}
	d := &Demo{}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, fmt.Errorf("read the demo's tokens: %s: %w", path, err)
	}
	if d.OrganizationID == "" || !auth.IsSecret(d.AdminToken, auth.AccessTokenPrefix) ||
		!auth.IsSecret(d.GatewayToken, auth.AccessTokenPrefix) || d.APIKey != "" && !auth.IsSecret(d.APIKey, auth.APIKeyPrefix) {
		return nil, fmt.Errorf("read the demo's tokens: %s holds none; delete it", path)
	}
	return d, nil
}
