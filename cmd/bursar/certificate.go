package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificateCheck is how often a handshake looks whether the files have changed.
const certificateCheck = time.Second

// certificate is a TLS certificate in two files, read anew when they change: a renewal needs no restart. A pair that does not
// fit, as between two writes, leaves the one that works in place.
type certificate struct {
	certFile, keyFile string
	every             time.Duration
	logger            *slog.Logger

	mutex   sync.Mutex
	current *tls.Certificate
	version string // of the files that were read last, whether they fitted or not
	looked  time.Time
}

// newCertificate reads the files, which must fit.
func newCertificate(certFile, keyFile string, every time.Duration, logger *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, every: every, logger: logger, version: versionOf(certFile, keyFile), looked: time.Now()}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	c.current = &pair
	return c, err
}

// config returns how the server speaks TLS.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.latest(), nil },
	}
}

func (c *certificate) latest() *tls.Certificate {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if time.Since(c.looked) < c.every {
		return c.current
	}
	c.looked = time.Now()
	version := versionOf(c.certFile, c.keyFile)
	if version == c.version {
		return c.current
	}
	c.version = version
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		c.logger.Error("the new TLS certificate is not used; the one before it is", "error", err)
		return c.current
	}
	c.current = &pair
	c.logger.Info("the TLS certificate was read anew", "expires", pair.Leaf.NotAfter)
	return c.current
}

// versionOf tells whether files were written since. What links lead to is what counts.
func versionOf(paths ...string) (version string) {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			version += fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size(), "; ")
		}
	}
	return version
}
