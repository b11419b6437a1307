package main

import (
	"crypto/tls"
	"log/slog"
	"os"
	"slices"
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
	version version // of the files that were read last, whether they fitted or not
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
	latest := versionOf(c.certFile, c.keyFile)
	if latest.same(c.version) {
		return c.current
	}
	c.version = latest
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		c.logger.Error("the new TLS certificate is not used; the one before it is", "error", err)
		return c.current
	}
	c.current = &pair
	c.logger.Info("the TLS certificate was read anew", "expires", pair.Leaf.NotAfter)
	return c.current
}

// version is what is known of files without reading them; nil for one that is not there. What links lead to is what counts.
type version []os.FileInfo

func versionOf(paths ...string) (v version) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			info = nil
		}
		v = append(v, info)
	}
	return v
}

// same tells whether nobody has written the files between two versions, nor put others in their place.
func (v version) same(other version) bool {
	return slices.EqualFunc(v, other, func(a, b os.FileInfo) bool {
		if a == nil || b == nil {
			return a == b
		}
		return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
	})
}
