package testbed

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"bursar/httpserver"
)

// peerDrain is how long requests in flight may take when a peer is stopped.
const peerDrain = 8 * time.Second

// ServePeer serves a handler on a free port until ctx ends, and says so in the log as [bench.Start] wants it: it is what a process does that what is measured is compared with, or calls.
func ServePeer(ctx context.Context, log io.Writer, handler http.Handler) error {
	logger := slog.New(slog.NewJSONHandler(log, nil))
	listener, err := httpserver.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := httpserver.New(httpserver.Config{Limits: httpserver.DefaultLimits(0), Logger: logger})
	logger.Info("serving", "url", server.Serve(listener, handler))
	select {
	case err := <-server.Failed():
		return err
	case <-ctx.Done():
	}
	server.Drain(peerDrain)
	return nil
}
