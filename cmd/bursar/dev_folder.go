package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"bursar/pg"
)

// listen opens the port. When the port is in use because bursar dev runs on the same folder, the error says so.
func (c *devCommand) listen(ctx context.Context) (net.Listener, error) {
	listener, err := listen(ctx, c.Server.Addr)
	if !errors.Is(err, syscall.EADDRINUSE) || c.Database.DatabaseURL != "" {
		return listener, err
	}
	if _, unused := os.Stat(postgresFolder(c.Embedded.DataDir)); unused != nil {
		return nil, err
	}
	over, cancel := context.WithCancel(ctx)
	cancel() // with a context that has ended, the start tries the folder's lock and does nothing else
	server, startErr := startEmbedded(over, &c.Embedded, slog.New(slog.DiscardHandler))
	if startErr == nil {
		return nil, errors.Join(err, server.stop())
	}
	if inUse, held := errors.AsType[*pg.InUseError](startErr); held {
		return nil, inUse
	}
	return nil, err
}

// rootToken returns the token of --root-token, or else the one that is stored in the folder. It creates that in the first run.
func (c *devCommand) rootToken() (rootToken, error) {
	if c.Server.RootToken != "" {
		return c.Server.RootToken, nil
	}
	path := filepath.Join(c.Embedded.DataDir, "root-token")
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		made := rootToken("root_" + rand.Text()) // 128 random bits
		return made, writePrivate(path, string(made))
	}
	if err != nil {
		return "", err
	}
	var kept rootToken
	if err := kept.UnmarshalText([]byte(strings.TrimSpace(string(content)))); err != nil {
		return "", fmt.Errorf("%s: %w; delete the file and a new token is made", path, err)
	}
	return kept, nil
}
