package main

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

// embedded is the PostgreSQL server of a data folder, started by this process. Its address, password included, stands in
// the folder while it runs, so that the other commands find it.
type embedded struct {
	*pg.Server
	addressFile string
}

func postgresFolder(dataDir string) string { return filepath.Join(dataDir, "postgres") }
func addressFile(dataDir string) string    { return filepath.Join(dataDir, "postgres.url") }

// startEmbedded starts the server, with a new cluster if the folder has none.
func startEmbedded(ctx context.Context, flags *embeddedFlags, logger *slog.Logger) (*embedded, error) {
	if err := makeDataDir(flags.DataDir); err != nil {
		return nil, err
	}
	server, err := pg.Start(ctx, pg.Config{
		DataDir: postgresFolder(flags.DataDir), BinDir: string(flags.PostgresBin), Logger: logger,
	})
	if err != nil {
		return nil, err
	}
	e := &embedded{Server: server, addressFile: addressFile(flags.DataDir)}
	if err := writePrivate(e.addressFile, server.URL()); err != nil {
		return nil, errors.Join(err, e.stop())
	}
	return e, nil
}

// stop stops the server and waits for it. It comes after everything that uses the server.
func (e *embedded) stop() error {
	// First the address: afterwards it would be that of nobody, or already of the next.
	return errors.Join(removeIfThere(e.addressFile), e.Stop())
}

// runningAddress returns the address of the server that another process runs on a data folder.
func runningAddress(dataDir string, inUse *pg.InUseError) (string, error) {
	content, err := os.ReadFile(addressFile(dataDir))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w (it is starting or stopping; try again)", inUse)
	}
	return strings.TrimSpace(string(content)), err
}

// makeDataDir makes the folder for its owner alone: it holds tokens. One that exists keeps its mode; the files with
// secrets in it have their own.
func makeDataDir(dataDir string) error {
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return fmt.Errorf("--data-dir: %w", err)
	}
	return nil
}

// writePrivate replaces a file by one that only its owner can read, whole or not at all.
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
