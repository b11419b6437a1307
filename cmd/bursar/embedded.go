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

// embedded is the PostgreSQL server of a data folder, started by this process. While it runs, the folder has a file with its
// URL, password included, by which other commands find it.
type embedded struct {
	*pg.Server
	addressFile string
}

func postgresFolder(dataDir string) string { return filepath.Join(dataDir, "postgres") }
func addressFile(dataDir string) string    { return filepath.Join(dataDir, "postgres.url") }

// startEmbedded starts the server. It creates a cluster if the folder has none.
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

// stop stops the server and waits for its end. Nothing may use the server any more.
func (e *embedded) stop() error {
	// the file first: after the server's end it would name no server, or the next one's file would be removed
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

// makeDataDir creates the folder with access for its owner alone, because it holds tokens. An existing folder keeps its mode;
// files with secrets have a mode of their own.
func makeDataDir(dataDir string) error {
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return fmt.Errorf("--data-dir: %w", err)
	}
	return nil
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
