package main

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	ratelimitcommonv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/common/ratelimit/v3"
	ratelimitv3 "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"bursar/db"
	"bursar/db/dbtest"
	"bursar/httpserver/certtest"
)

// dial returns a connection to a gRPC server.
func dial(t *testing.T, addr string, with credentials.TransportCredentials) *grpc.ClientConn {
	t.Helper()
	connection, err := grpc.NewClient(addr, grpc.WithTransportCredentials(with))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

// limited asks for a request of a key, and returns the code of the answer.
func limited(t *testing.T, connection *grpc.ClientConn, domain, secret string) (ratelimitv3.RateLimitResponse_Code, codes.Code) {
	t.Helper()
	answer, err := ratelimitv3.NewRateLimitServiceClient(connection).ShouldRateLimit(t.Context(), &ratelimitv3.RateLimitRequest{
		Domain:      domain,
		Descriptors: []*ratelimitcommonv3.RateLimitDescriptor{{Entries: []*ratelimitcommonv3.RateLimitDescriptor_Entry{{Key: "api_key", Value: secret}}}},
	})
	return answer.GetOverallCode(), status.Code(err)
}

// writeFile writes a file of the test.
func writeFile(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Guarantee: serve answers Envoy's services beside the API, by the listener's token, with probes and reflection; takes over a changed file on SIGHUP and keeps
// the earlier one when it has mistakes; counts calls; drains; and tells no secret.
func TestServeGRPC(t *testing.T) {
	databaseURL := database.NewURL(t)
	gate, gatedURL := newGate(t, databaseURL)
	gate.set(true)
	tenant := dbtest.NewTenant(t, database.Pool(t, databaseURL))
	token := tenant.AccessToken(tenant.Organization.ID, db.TokenRoleGATEWAY)
	file := filepath.Join(t.TempDir(), "envoy.yaml")
	const rule = "domains: [{domain: first, rules: [{key: {entry: api_key}}]}]\n"
	writeFile(t, file, rule)
	r, url := startServe(t, gatedURL, variables{"BURSAR_GRPC_ADDR": "127.0.0.1:0", "BURSAR_GRPC_TOKEN": token, "BURSAR_ENVOY_CONFIG": file})
	connection := dial(t, r.await(`"serving gRPC","address":"([^"]+)"`), insecure.NewCredentials())
	if code, err := limited(t, connection, "first", tenant.Secret.Text); code != ratelimitv3.RateLimitResponse_OK || err != codes.OK {
		t.Errorf("a request: %s, %s", code, err)
	}
	dbtest.Await(t, database.Pool(t, databaseURL), `select count(*) = 1 from usage_events`)
	if _, err := limited(t, connection, "second", tenant.Secret.Text); err != codes.InvalidArgument {
		t.Errorf("another domain: %s", err)
	}
	for _, name := range []string{"", "envoy.service.ratelimit.v3.RateLimitService", "envoy.service.auth.v3.Authorization"} {
		answer, err := healthv1.NewHealthClient(connection).Check(t.Context(), &healthv1.HealthCheckRequest{Service: name})
		if err != nil || answer.GetStatus() != healthv1.HealthCheckResponse_SERVING {
			t.Errorf("health of %q: %v, %v", name, answer, err)
		}
	}
	stream, err := reflectionv1.NewServerReflectionClient(connection).ServerReflectionInfo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&reflectionv1.ServerReflectionRequest{MessageRequest: &reflectionv1.ServerReflectionRequest_ListServices{}}); err != nil {
		t.Fatal(err)
	}
	if listed, err := stream.Recv(); err != nil || !strings.Contains(listed.String(), "RateLimitService") {
		t.Errorf("reflection: %v, %v", listed, err)
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	hangUp := func(pattern string) {
		t.Helper()
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		r.await(pattern)
	}
	writeFile(t, file, strings.Replace(rule, "first", "second", 1))
	hangUp(`descriptors was taken over`)
	if code, err := limited(t, connection, "second", tenant.Secret.Text); code != ratelimitv3.RateLimitResponse_OK || err != codes.OK {
		t.Errorf("another domain, after the change: %s, %s", code, err)
	}
	writeFile(t, file, "domain: []\n")
	hangUp(`envoy.yaml:1: domain is not known here`)
	if code, err := limited(t, connection, "second", tenant.Secret.Text); code != ratelimitv3.RateLimitResponse_OK || err != codes.OK {
		t.Errorf("after a mistake: %s, %s", code, err)
	}
	wantContains(t, "the metrics", get(t, url+"/metrics").body,
		`bursar_grpc_calls_total{code="OK",method="/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"} 3`,
		`bursar_grpc_calls_total{code="InvalidArgument",method="/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"} 1`)
	gate.set(false)
	if _, err := limited(t, connection, "second", tenant.Secret.Text); err != codes.Unavailable {
		t.Errorf("without the database: %s", err)
	}
	health := func(want healthv1.HealthCheckResponse_ServingStatus) {
		t.Helper()
		eventually(t, "the probe does not say "+want.String(), func() bool {
			answer, err := healthv1.NewHealthClient(connection).Check(t.Context(), &healthv1.HealthCheckRequest{})
			return err == nil && answer.GetStatus() == want
		})
	}
	health(healthv1.HealthCheckResponse_NOT_SERVING)
	gate.set(true)
	health(healthv1.HealthCheckResponse_SERVING)
	if code, err := limited(t, connection, "second", tenant.Secret.Text); code != ratelimitv3.RateLimitResponse_OK || err != codes.OK {
		t.Errorf("with the database again: %s, %s", code, err)
	}
	dbtest.Await(t, database.Pool(t, databaseURL), `select count(*) = 4 from usage_events`)
	r.stop()
	if code := r.finish(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
	for _, secret := range []string{token, tenant.Secret.Text} {
		if strings.Contains(r.stderr.String(), secret) {
			t.Errorf("%.8s… is in the log", secret)
		}
	}
}

// Guarantee: with a certificate the gRPC port speaks TLS alone; with authorities of clients it lets in those alone that show a certificate of theirs; and
// without a token in the call and for the listener nobody may ask.
func TestServeGRPCOverTLS(t *testing.T) {
	t.Parallel()
	a, stranger, folder := certtest.NewAuthority(t), certtest.NewAuthority(t), t.TempDir()
	certFile, keyFile, caFile := filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key"), filepath.Join(folder, "ca.crt")
	certificate, key := a.Issue(20)
	certtest.Replace(t, certFile, certificate)
	certtest.Replace(t, keyFile, key)
	certtest.Replace(t, caFile, a.PEM())
	r, _ := startServe(t, database.NewURL(t), variables{
		"BURSAR_TLS_CERT": certFile, "BURSAR_TLS_KEY": keyFile, "BURSAR_GRPC_ADDR": "127.0.0.1:0", "BURSAR_GRPC_CLIENT_CA": caFile})
	addr := r.await(`"serving gRPC","address":"([^"]+)"`)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(a.PEM())
	with := func(certificate, key []byte) credentials.TransportCredentials {
		config := &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS12}
		if certificate != nil {
			pair, err := tls.X509KeyPair(certificate, key)
			if err != nil {
				t.Fatal(err)
			}
			config.Certificates = []tls.Certificate{pair}
		}
		return credentials.NewTLS(config)
	}
	foreign, foreignKey := stranger.Issue(21)
	for name, test := range map[string]struct {
		with credentials.TransportCredentials
		want codes.Code
	}{
		"a client of the authority": {with(certificate, key), codes.Unauthenticated}, "no certificate": {with(nil, nil), codes.Unavailable},
		"another authority's": {with(foreign, foreignKey), codes.Unavailable}, "no TLS": {insecure.NewCredentials(), codes.Unavailable},
	} {
		if _, err := limited(t, dial(t, addr, test.with), "agentgateway", "bsr_x"); err != test.want {
			t.Errorf("%s: %s, want %s", name, err, test.want)
		}
	}
}

// Guarantee: flags that mean nothing without others are refused with exit code 2, and so is a file with mistakes, before anything is started.
func TestGRPCFlags(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "envoy.yaml")
	writeFile(t, file, "hold: never\nunmatched: maybe\n")
	for want, environment := range map[string]variables{
		"need BURSAR_GRPC_ADDR":                          {"BURSAR_ENVOY_CONFIG": file},
		"needs a server that answers enforcement":        {"BURSAR_GRPC_ADDR": "127.0.0.1:0", "BURSAR_ONLY": "control"},
		"without TLS no client shows a certificate":      {"BURSAR_GRPC_ADDR": "127.0.0.1:0", "BURSAR_GRPC_CLIENT_CA": file},
		"want an access token":                           {"BURSAR_GRPC_ADDR": "127.0.0.1:0", "BURSAR_GRPC_TOKEN": "bsr_x"},
		"envoy.yaml:2: unmatched is \"maybe\", want one": {"BURSAR_GRPC_ADDR": "127.0.0.1:0", "BURSAR_ENVOY_CONFIG": file},
	} {
		environment["DATABASE_URL"], environment["BURSAR_ADDR"] = "postgres://nobody@127.0.0.1:1/none", "127.0.0.1:0"
		r := start(t, environment, "serve")
		if code := r.finish(); code != exitMisused || !strings.Contains(r.stderr.String(), want) {
			t.Errorf("exit code %d, want %q", code, want)
		}
	}
}

// Guarantee: envoy explain says what descriptors mean by a file, and fails when a call with them would be refused; envoy defaults prints a file that it takes.
func TestEnvoyExplain(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "envoy.yaml")
	r := start(t, variables{}, "envoy", "defaults")
	if code := r.finish(); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	writeFile(t, file, r.stdout.String())
	for _, test := range []struct {
		arguments []string
		code      int
		want      string
	}{
		{[]string{file, "api_key=bsr_x,x-request-id=r1"}, exitDone, "reserves under the request id"},
		{[]string{file, "--hits", "0", "api_key=bsr_x"}, exitDone, "a look that holds and books nothing"},
		{[]string{file, "--hits", "7", "--negative", "api_key=bsr_x,x-request-id=r1"}, exitDone, "what it holds less 7 requests"},
		{[]string{"-", "--domain", "ai-gateway-quota", "backend_name=b,model_name_override=m"}, exitFailed, "names no API key"},
		{[]string{file, "nonsense"}, exitFailed, "is no descriptor"}, {[]string{filepath.Join(t.TempDir(), "none"), "a=b"}, exitFailed, "no such file"},
	} {
		r := start(t, variables{}, append([]string{"envoy", "explain"}, test.arguments...)...)
		if code := r.finish(); code != test.code || !strings.Contains(r.stdout.String()+r.stderr.String(), test.want) {
			t.Errorf("%v: exit code %d, want %d and %q", test.arguments, code, test.code, test.want)
		}
	}
}
