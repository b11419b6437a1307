package pg

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"
)

// reportPause is the time between two log lines on how far a download is.
const reportPause = time.Second

// download fetches files of a Maven repository over HTTP, through the proxy that the environment names.
type download struct {
	stall  time.Duration // how long nothing may arrive before it fails
	logger *slog.Logger  // receives the progress, a line per second
}

// verified downloads a file and fails unless it has the SHA-256 that this build knows of it.
func (d download) verified(ctx context.Context, address, path, want string) error {
	sum, err := d.toFile(ctx, address, path)
	if err != nil {
		return err
	}
	if sum != want {
		return fmt.Errorf("%s is not the file that this build of Bursar knows: its SHA-256 is %s, want %s; nothing of it was unpacked. Try again, "+
			"for it may have been damaged on its way; if that does not help, do not trust what serves it", address, sum, want)
	}
	return nil
}

// toFile downloads a file and returns its SHA-256 in hexadecimal digits.
func (d download) toFile(ctx context.Context, address, path string) (sum string, err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	err = d.get(ctx, address, func(body io.Reader, size int64) error {
		_, err := io.Copy(io.MultiWriter(file, hash, &progress{logger: d.logger, size: size, reported: time.Now()}), body)
		return err
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}

// get requests an address and hands over the body of the answer and its size, -1 if the server does not say it. It fails when
// the server sends nothing for the time of a stall.
func (d download) get(ctx context.Context, address string, read func(body io.Reader, size int64) error) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(d.stall, func() { cancel(fmt.Errorf("%s sent nothing for %s", address, d.stall)) })
	defer watch.Stop()
	defer func() {
		if err != nil && ctx.Err() != nil { // the cause says more than context.Canceled
			err = context.Cause(ctx)
		}
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // was only read
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", address, response.Status)
	}
	if err := read(&watched{response.Body, watch, d.stall}, response.ContentLength); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	return nil
}

// watched is a body that restarts the stall timeout with each read.
type watched struct {
	io.Reader
	watch *time.Timer
	stall time.Duration
}

func (w *watched) Read(buffer []byte) (int, error) {
	n, err := w.Reader.Read(buffer)
	w.watch.Reset(w.stall)
	return n, err
}

// progress logs how much of a download has been written to it.
type progress struct {
	logger   *slog.Logger
	size     int64 // in bytes; -1 when it is not known
	received int64
	reported time.Time
}

func (p *progress) Write(arrived []byte) (int, error) {
	p.received += int64(len(arrived))
	if now := time.Now(); now.Sub(p.reported) >= reportPause {
		p.reported = now
		p.logger.Info("downloading PostgreSQL", "received", megabytes(p.received), "of", megabytes(p.size))
	}
	return len(arrived), nil
}

func megabytes(bytes int64) string {
	if bytes < 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
