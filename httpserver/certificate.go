package httpserver

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"
)

// certificateInterval is how often the files of a certificate are checked for a change, at most: a handshake checks them.
const certificateInterval = time.Second

// ErrHalfCertificate is a certificate without its key, or a key without its certificate.
var ErrHalfCertificate = errors.New("a certificate and its key go together")

// Certificate is a TLS certificate in two PEM files. It is reloaded when they change, so that a renewal needs no restart.
// When the new files do not match each other, as between two writes, the certificate before them stays in use.
type Certificate struct {
	certFile, keyFile string
	interval          time.Duration
	logger            *slog.Logger

	mutex     sync.Mutex
	current   *tls.Certificate
	version   fileVersion // of the files that were read last, whether they matched or not
	checkedAt time.Time
}

// LoadCertificate reads a certificate with its chain and its private key, both PEM. It returns nil when neither file is
// named, [ErrHalfCertificate] when one of them is not, and an error when the files cannot be read or do not match.
func LoadCertificate(certFile, keyFile string, logger *slog.Logger) (*Certificate, error) {
	switch {
	case certFile == "" && keyFile == "":
		return nil, nil //nolint:nilnil // TLS is off
	case certFile == "" || keyFile == "":
		return nil, ErrHalfCertificate
	}
	return newCertificate(certFile, keyFile, certificateInterval, logger)
}

func newCertificate(certFile, keyFile string, interval time.Duration, logger *slog.Logger) (*Certificate, error) {
	c := &Certificate{
		certFile: certFile, keyFile: keyFile, interval: interval, logger: logger,
		version: versionOf(certFile, keyFile), checkedAt: time.Now(),
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, err
	}
	c.current = &pair
	return c, nil
}

// tlsConfig returns the TLS settings of a server.
func (c *Certificate) tlsConfig() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.latest(), nil },
	}
}

// ForClientsOf returns the TLS settings of a server that lets in clients alone whose certificates one of the authorities has signed; nil: any client.
func (c *Certificate) ForClientsOf(authorities *x509.CertPool) *tls.Config {
	config := c.tlsConfig()
	if authorities != nil {
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, authorities
	}
	return config
}

// LoadAuthorities reads the certificates of authorities, PEM.
func LoadAuthorities(file string) (*x509.CertPool, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(content) {
		return nil, fmt.Errorf("%s has no certificate in PEM", file)
	}
	return pool, nil
}

// latest returns the certificate, after a check of the files when the last one is longer ago than the interval.
func (c *Certificate) latest() *tls.Certificate {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if time.Since(c.checkedAt) < c.interval {
		return c.current
	}
	c.checkedAt = time.Now()
	version := versionOf(c.certFile, c.keyFile)
	if version.equal(c.version) {
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

// fileVersion identifies the contents of files without reading them. A file that does not exist is nil; symbolic links are
// followed.
type fileVersion []os.FileInfo

func versionOf(paths ...string) (v fileVersion) {
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			info = nil
		}
		v = append(v, info)
	}
	return v
}

// equal reports whether the files were neither written nor replaced between two versions.
func (v fileVersion) equal(other fileVersion) bool {
	return slices.EqualFunc(v, other, func(a, b os.FileInfo) bool {
		if a == nil || b == nil {
			return a == b
		}
		return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
	})
}
