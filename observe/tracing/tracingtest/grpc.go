package tracingtest

import (
	"context"
	"net"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
)

// ServeGRPC takes spans by gRPC as well, until the test ends, and returns the URL.
func (c *Collector) ServeGRPC(t testing.TB) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	collectorpb.RegisterTraceServiceServer(server, traceService{collector: c})
	go func() { _ = server.Serve(listener) }() // until it is stopped
	t.Cleanup(server.Stop)
	return "http://" + listener.Addr().String()
}

type traceService struct {
	collectorpb.UnimplementedTraceServiceServer
	collector *Collector
}

// Export implements [collectorpb.TraceServiceServer].
func (s traceService) Export(_ context.Context, request *collectorpb.ExportTraceServiceRequest) (*collectorpb.ExportTraceServiceResponse, error) {
	s.collector.keep(request)
	return &collectorpb.ExportTraceServiceResponse{}, nil
}
