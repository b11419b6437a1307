// Package listener serves Envoy's services over gRPC, as the flags of bursar serve say, and has the commands that try a mapping.
package listener

import (
	"errors"
	"fmt"

	"bursar/adapter/envoy/mapping"
	"bursar/auth"
	"bursar/httpserver"
)

// Flags are those of the services that Envoy asks.
type Flags struct {
	GRPCAddr     string `name:"grpc-addr" variable:"BURSAR_GRPC_ADDR" placeholder:"HOST:PORT" help:"Where Envoy's rate limit and authorization services listen, gRPC, with the certificate of --tls-cert; port 0 picks a free one. Unset, they do not."`
	GRPCToken    Token  `name:"grpc-token" variable:"BURSAR_GRPC_TOKEN" placeholder:"TOKEN" help:"Access token of gRPC calls that bring none as authorization: whoever reaches --grpc-addr acts by it. Better set by the variable, for flags show in process lists."`
	GRPCClientCA string `name:"grpc-client-ca" variable:"BURSAR_GRPC_CLIENT_CA" placeholder:"FILE" help:"Certificates of authorities, PEM: gRPC clients need a certificate that one of them has signed. Needs --tls-cert."`
	EnvoyConfig  string `variable:"BURSAR_ENVOY_CONFIG" placeholder:"FILE" help:"What descriptors mean, YAML; read anew on SIGHUP. bursar envoy explain tries one, bursar envoy defaults prints what is used without one. See docs/envoy.md."`
}

// Token is an access token.
type Token string

// UnmarshalText refuses what is none. The error does not repeat it.
func (k *Token) UnmarshalText(text []byte) error {
	if !auth.IsSecret(string(text), auth.AccessTokenPrefix) {
		return errors.New("want an access token, as bursar token create makes one")
	}
	*k = Token(text)
	return nil
}

// Check refuses flags that mean nothing without others. enforcement tells whether the server answers enforcement calls, tls whether it has a certificate.
func (f *Flags) Check(enforcement, tls bool) error {
	switch {
	case f.GRPCAddr == "" && (f.GRPCToken != "" || f.GRPCClientCA != "" || f.EnvoyConfig != ""):
		return errors.New("BURSAR_GRPC_TOKEN, BURSAR_GRPC_CLIENT_CA and BURSAR_ENVOY_CONFIG need BURSAR_GRPC_ADDR (or --grpc-addr), which is not set")
	case f.GRPCAddr != "" && !enforcement:
		return errors.New("BURSAR_GRPC_ADDR (or --grpc-addr) needs a server that answers enforcement calls, and --only control does not")
	case f.GRPCClientCA != "" && !tls:
		return errors.New("BURSAR_GRPC_CLIENT_CA (or --grpc-client-ca) needs BURSAR_TLS_CERT and BURSAR_TLS_KEY: without TLS no client shows a certificate")
	case f.GRPCClientCA != "":
		if _, err := httpserver.LoadAuthorities(f.GRPCClientCA); err != nil {
			return fmt.Errorf("BURSAR_GRPC_CLIENT_CA (or --grpc-client-ca): %w", err)
		}
	}
	return nil
}

// Mapping reads the file, or returns the mapping without one. Its error is yamlfile.Mistakes, or says why the file cannot be read.
func (f *Flags) Mapping() (*mapping.Mapping, error) {
	if f.EnvoyConfig == "" {
		return mapping.Default()
	}
	return mapping.Read(f.EnvoyConfig)
}
