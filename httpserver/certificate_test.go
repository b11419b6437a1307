package httpserver

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bursar/httpserver/certtest"
)

// Guarantee: a renewed certificate is served without a restart; files that do not match leave the one before them in use and
// are logged once; the next ones that match are served again.
func TestCertificateIsReloaded(t *testing.T) {
	t.Parallel()
	a, folder, log := certtest.NewAuthority(t), t.TempDir(), &bytes.Buffer{}
	certFile, keyFile := filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	put := func(certificate, key []byte) {
		certtest.Replace(t, certFile, certificate)
		certtest.Replace(t, keyFile, key)
	}
	put(a.Issue(10))
	c, err := newCertificate(certFile, keyFile, 0, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	serves := func(serial int64) {
		t.Helper()
		if got := c.latest().Leaf.SerialNumber.Int64(); got != serial {
			t.Errorf("certificate %d is served, want %d", got, serial)
		}
	}
	serves(10)
	put(a.Issue(11))
	serves(11)
	other, key := a.Issue(12)
	certtest.Replace(t, certFile, other) // its key is not there yet
	serves(11)
	serves(11)
	if told := strings.Count(log.String(), "level=ERROR"); told != 1 {
		t.Errorf("the log tells of it %d times:\n%s", told, log)
	}
	certtest.Replace(t, keyFile, key)
	serves(12)
	put([]byte("nonsense"), []byte("nonsense"))
	serves(12)
	if err := os.Remove(certFile); err != nil {
		t.Fatal(err)
	}
	serves(12)
	put(a.Issue(13))
	serves(13)
}

// Guarantee: a server does not start with half of a certificate or with files that are not there, and without both it serves
// plain HTTP.
func TestHalfCertificatesAreRefused(t *testing.T) {
	t.Parallel()
	folder, logger := t.TempDir(), slog.New(slog.DiscardHandler)
	certFile, keyFile := filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	if c, err := LoadCertificate("", "", logger); c != nil || err != nil {
		t.Errorf("no certificate: %v, %v", c, err)
	}
	for _, half := range [][2]string{{certFile, ""}, {"", keyFile}} {
		if _, err := LoadCertificate(half[0], half[1], logger); !errors.Is(err, ErrHalfCertificate) {
			t.Errorf("%q: %v", half, err)
		}
	}
	if _, err := LoadCertificate(certFile, keyFile, logger); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing files: %v", err)
	}
	certificate, key := certtest.NewAuthority(t).Issue(1)
	certtest.Replace(t, certFile, certificate)
	certtest.Replace(t, keyFile, key)
	if c, err := LoadCertificate(certFile, keyFile, logger); c == nil || err != nil {
		t.Errorf("a whole certificate: %v", err)
	}
}
