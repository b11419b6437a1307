package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"syscall"

	"bursar/cmd/bursar/value"
	"bursar/pg"
)

// listen opens the port. When the port is in use because bursar dev runs on the same folder, the error says so.
func (c *devCommand) listen(ctx context.Context) (net.Listener, error) {
	listener, err := listen(ctx, c.Server.Addr)
	if !errors.Is(err, syscall.EADDRINUSE) || c.Database.DatabaseURL != "" {
		return listener, err
	}
	if _, unused := os.Stat(c.Embedded.folder().Postgres()); unused != nil {
		return nil, err
	}
	over, cancel := context.WithCancel(ctx)
	cancel() // with a context that has ended, the start tries the folder's lock and does nothing else
	server, startErr := c.Embedded.folder().Start(over, slog.New(slog.DiscardHandler))
	if startErr == nil {
		return nil, errors.Join(err, server.Stop())
	}
	if inUse, held := errors.AsType[*pg.InUseError](startErr); held {
		return nil, inUse
	}
	return nil, err
}

// rootToken returns the token of --root-token, or else the one that is stored in the folder. It creates that in the first run.
func (c *devCommand) rootToken() (value.RootToken, error) {
	if c.Server.RootToken != "" {
		return c.Server.RootToken, nil
	}
	secret, path, err := c.Embedded.folder().Keep("root-token", func() string { return "root_" + rand.Text() }) // 128 random bits
	if err != nil {
		return "", err
	}
	var kept value.RootToken
	if err := kept.UnmarshalText([]byte(secret)); err != nil {
		return "", fmt.Errorf("%s: %w; delete the file and a new token is made", path, err)
	}
	return kept, nil
}
