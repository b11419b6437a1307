package tracing

import (
	"fmt"
	"net/url"
	"strings"
)

// settings are what the standard variables say that must be known before the SDK reads the others.
type settings struct {
	endpoint string // URL that spans are sent to; "" turns tracing off
	grpc     bool   // whether the collector is spoken to by gRPC; else by HTTP
}

// The values that OTEL_EXPORTER_OTLP_PROTOCOL may have.
const (
	protocolHTTP = "http/protobuf"
	protocolJSON = "http/json"
	protocolGRPC = "grpc"
)

// readSettings reads the variables that turn tracing on and say where spans go. An error names the variable.
func readSettings(lookup func(string) (string, bool)) (settings, error) {
	get := func(names ...string) (name, value string) {
		for _, name = range names {
			if value, _ = lookup(name); strings.TrimSpace(value) != "" {
				return name, strings.TrimSpace(value)
			}
		}
		return name, ""
	}
	const generic = "OTEL_EXPORTER_OTLP_ENDPOINT"
	endpointName, endpoint := get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", generic)
	if _, disabled := get("OTEL_SDK_DISABLED"); endpoint == "" || strings.EqualFold(disabled, "true") {
		return settings{}, nil
	}
	switch name, exporter := get("OTEL_TRACES_EXPORTER"); exporter {
	case "", "otlp":
	case "none":
		return settings{}, nil
	default:
		return settings{}, fmt.Errorf("%s: %q is not known here, want otlp or none", name, exporter)
	}
	s := settings{endpoint: endpoint}
	switch name, protocol := get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"); protocol {
	case "", protocolHTTP, protocolJSON:
	case protocolGRPC:
		s.grpc = true
	default:
		return settings{}, fmt.Errorf("%s: %q is no protocol, want %s, %s or %s", name, protocol, protocolHTTP, protocolJSON, protocolGRPC)
	}
	parsed, err := url.Parse(endpoint)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" {
		return settings{}, fmt.Errorf("%s: want a URL such as http://localhost:4318", endpointName)
	}
	if endpointName == generic && !s.grpc {
		s.endpoint = parsed.JoinPath("v1", "traces").String()
	}
	return s, nil
}
