package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority is a certificate authority of a test's own.
type authority struct {
	t           *testing.T
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	a.key = newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue returns a certificate for this machine and its key, both PEM.
func (a *authority) issue(serial int64) (certificate, key []byte) {
	a.t.Helper()
	private := newKey(a.t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &private.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		a.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
}

// pem returns the authority's own certificate.
func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// client returns a client that trusts the authority alone, on a new connection for each request.
func (a *authority) client(highest uint16) *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS10, MaxVersion: highest}, //nolint:gosec // to see that it is refused
	}}
}

// write writes a file as a renewal does: in one move.
func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// Guarantee: a renewed certificate is served without a restart; a pair that does not fit leaves the one before it in place and
// is told in the log; the next that fits is served again.
func TestCertificateIsReadAnew(t *testing.T) {
	t.Parallel()
	a, folder, log := newAuthority(t), t.TempDir(), &bytes.Buffer{}
	certFile, keyFile := filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	put := func(certificate, key []byte) {
		write(t, certFile, certificate)
		write(t, keyFile, key)
	}
	put(a.issue(10))
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
	put(a.issue(11))
	serves(11)
	other, key := a.issue(12)
	write(t, certFile, other) // its key is not there yet
	serves(11)
	serves(11)
	if told := strings.Count(log.String(), "level=ERROR"); told != 1 {
		t.Errorf("the log tells of it %d times:\n%s", told, log)
	}
	write(t, keyFile, key)
	serves(12)
	put([]byte("nonsense"), []byte("nonsense"))
	serves(12)
	if err := os.Remove(certFile); err != nil {
		t.Fatal(err)
	}
	serves(12)
	put(a.issue(13))
	serves(13)
	if _, err := newCertificate(filepath.Join(folder, "none"), keyFile, 0, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a missing certificate is no error")
	}
}

// Guarantee: with a certificate every path is served over TLS 1.2 and 1.3, by HTTP/2 too, with the order to come back by TLS;
// older versions and plain HTTP are not; and the certificate is renewed while the server runs.
func TestServeOverTLS(t *testing.T) {
	t.Parallel()
	a, folder := newAuthority(t), t.TempDir()
	certFile, keyFile := filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	certificate, key := a.issue(20)
	write(t, certFile, certificate)
	write(t, keyFile, key)
	_, url := startServe(t, database.NewURL(t), variables{"BURSAR_TLS_CERT": certFile, "BURSAR_TLS_KEY": keyFile})
	if !strings.HasPrefix(url, "https://") {
		t.Fatalf("the URL is %s", url)
	}
	fetch := func(highest uint16) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/readyz", nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := a.client(highest).Do(r)
		if err != nil {
			return nil
		}
		_ = response.Body.Close()
		return response
	}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		response := fetch(version)
		if response == nil || response.StatusCode != http.StatusOK || response.ProtoMajor != 2 || response.TLS.Version != version {
			t.Fatalf("%s: %+v", tls.VersionName(version), response)
		}
		if strict := response.Header.Get("Strict-Transport-Security"); strict != "max-age=63072000" {
			t.Errorf("Strict-Transport-Security: %q", strict)
		}
	}
	if fetch(tls.VersionTLS11) != nil {
		t.Error("TLS 1.1 is spoken")
	}
	wantStatus(t, "plain HTTP", get(t, "http"+strings.TrimPrefix(url, "https")+"/readyz"), http.StatusBadRequest)

	certificate, key = a.issue(21)
	write(t, certFile, certificate)
	write(t, keyFile, key)
	eventually(t, "the new certificate is not served", func() bool {
		response := fetch(tls.VersionTLS13)
		return response != nil && response.TLS.PeerCertificates[0].SerialNumber.Int64() == 21
	})
}

// eventually asks until the answer is yes.
func eventually(t *testing.T, otherwise string, ask func() bool) {
	t.Helper()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.After(patience); !ask(); {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal(otherwise)
		}
	}
}
