package main

import (
	"crypto/tls"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bursar/httpserver/certtest"
)

// Guarantee: with a certificate every path is served over TLS 1.2 and 1.3, by HTTP/2 too, with the order to come back by TLS;
// older versions and plain HTTP are not; and the certificate is renewed while the server runs.
func TestServeOverTLS(t *testing.T) {
	t.Parallel()
	a, folder := certtest.NewAuthority(t), t.TempDir()
	certFile, keyFile := filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key")
	certificate, key := a.Issue(20)
	certtest.Replace(t, certFile, certificate)
	certtest.Replace(t, keyFile, key)
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
		response, err := a.Client(highest).Do(r)
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

	certificate, key = a.Issue(21)
	certtest.Replace(t, certFile, certificate)
	certtest.Replace(t, keyFile, key)
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
	for deadline := time.After(timeout); !ask(); {
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal(otherwise)
		}
	}
}
