// Package dev is what `bursar dev` has beside the product: its folder with a PostgreSQL, and what it prints.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"bursar/pg"
)

// Folder is the folder of `bursar dev`: its PostgreSQL and its tokens.
type Folder struct {
	Path        string
	PostgresBin string // folder with initdb and postgres; "": they are searched for
}

// Postgres returns the folder of the PostgreSQL, which exists when `bursar dev` has run.
func (f Folder) Postgres() string { return filepath.Join(f.Path, "postgres") }

// Make creates the folder with access for its owner alone, because it holds tokens. An existing folder keeps its mode;
// files with secrets have a mode of their own.
func (f Folder) Make() error {
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return fmt.Errorf("--data-dir: %w", err)
	}
	return nil
}

// PostgreSQL is the PostgreSQL server of a folder, started by this process. While it runs, the folder has a file with its
// URL, password included, by which other commands find it.
type PostgreSQL struct {
	*pg.Server
	addressFile string
}

// Start starts the folder's PostgreSQL. It creates a cluster if the folder has none.
func (f Folder) Start(ctx context.Context, logger *slog.Logger) (*PostgreSQL, error) {
	if err := f.Make(); err != nil {
		return nil, err
	}
	server, err := pg.Start(ctx, pg.Config{DataDir: f.Postgres(), BinDir: f.PostgresBin, Logger: logger})
	if err != nil {
		return nil, err
	}
	started := &PostgreSQL{Server: server, addressFile: f.addressFile()}
	if err := writePrivate(started.addressFile, server.URL()); err != nil {
		return nil, errors.Join(err, started.Stop())
	}
	return started, nil
}

// Stop stops the server and waits for its end. Nothing may use the server any more.
func (p *PostgreSQL) Stop() error {
	// the file first: after the server's end it would name no server, or the next one's file would be removed
	return errors.Join(removeIfThere(p.addressFile), p.Server.Stop())
}

func (f Folder) addressFile() string { return filepath.Join(f.Path, "postgres.url") }

// RunningAddress returns the address of the server that another process runs on the folder.
func (f Folder) RunningAddress(inUse *pg.InUseError) (string, error) {
	content, err := os.ReadFile(f.addressFile())
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w (it is starting or stopping; try again)", inUse)
	}
	return strings.TrimSpace(string(content)), err
}

// Keep returns the secret in a file of the folder and the file's path. Without the file it makes a secret and keeps it there.
func (f Folder) Keep(name string, create func() string) (secret, path string, err error) {
	path = filepath.Join(f.Path, name)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		secret = create()
		return secret, path, writePrivate(path, secret)
	}
	return strings.TrimSpace(string(content)), path, err
}

// writePrivate replaces a file atomically by one that only its owner can read.
func writePrivate(path, content string) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return err
	}
	_, err = file.WriteString(content + "\n")
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, removeIfThere(file.Name()))
	}
	return nil
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
