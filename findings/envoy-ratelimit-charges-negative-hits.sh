#!/usr/bin/env bash
# envoyproxy/ratelimit of 22 January 2026 (3fb702589d36): hits that a descriptor gives back are charged, and a look at a limit that is used up is OK.
#
# Guess: is_negative_hits "will be treated as negative, effectively adding to the rate limit budget" (Envoy's RateLimitDescriptor, from API 1.38 on), and a
# descriptor with hits_addend 0 at a limit of which nothing is left is over it.
# Seen: of a limit of 100, 10 hits leave 90 and 5 negative ones 85; with 85 more the limit is used up, and 0 hits are still OK. One more is over.
#
# Source: src/limiter/base_limiter.go never looks at is_negative_hits, and compares what was used after the hits with the limit by >. Needs Go and its module
# proxy; Redis is miniredis, in the same process. Runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir -p data/ratelimit/config
cat >data/ratelimit/config/config.yaml <<'Y'
domain: finding
descriptors:
  - {key: user, rate_limit: {unit: year, requests_per_unit: 100}}
Y
cat >main.go <<'G'
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/alicebob/miniredis/v2"
	common "github.com/envoyproxy/go-control-plane/envoy/extensions/common/ratelimit/v3"
	ratelimit "github.com/envoyproxy/go-control-plane/envoy/service/ratelimit/v3"
	"github.com/envoyproxy/ratelimit/src/service_cmd/runner"
	"github.com/envoyproxy/ratelimit/src/settings"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

func port() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return port
}

func main() {
	redis, err := miniredis.Run()
	if err != nil {
		panic(err)
	}
	address := port()
	for name, value := range map[string]string{
		"REDIS_SOCKET_TYPE": "tcp", "REDIS_URL": redis.Addr(), "USE_STATSD": "false", "LOG_LEVEL": "error", "RUNTIME_ROOT": "data", "RUNTIME_SUBDIRECTORY": "ratelimit",
		"RUNTIME_WATCH_ROOT": "false", "GRPC_HOST": "127.0.0.1", "HOST": "127.0.0.1", "DEBUG_HOST": "127.0.0.1", "GRPC_PORT": address, "PORT": port(), "DEBUG_PORT": port(),
	} {
		os.Setenv(name, value)
	}
	server := runner.NewRunner(settings.NewSettings())
	go server.Run()
	connection, err := grpc.NewClient("127.0.0.1:"+address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		panic(err)
	}
	client := ratelimit.NewRateLimitServiceClient(connection)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ask := func(what string, hits uint64, negative bool) {
		answer, err := client.ShouldRateLimit(ctx, &ratelimit.RateLimitRequest{Domain: "finding", Descriptors: []*common.RateLimitDescriptor{{
			Entries: []*common.RateLimitDescriptor_Entry{{Key: "user", Value: "ann"}}, HitsAddend: wrapperspb.UInt64(hits), IsNegativeHits: negative}}}, grpc.WaitForReady(true))
		if err != nil {
			panic(err)
		}
		fmt.Println(what, answer.GetOverallCode(), answer.GetStatuses()[0].GetLimitRemaining())
	}
	ask("10 hits:", 10, false)
	ask("5 negative hits:", 5, true)
	ask("85 hits:", 85, false)
	ask("0 hits:", 0, false)
	ask("1 hit:", 1, false)
	os.Exit(0)
}
G
go mod init finding >/dev/null 2>&1
go get github.com/envoyproxy/ratelimit@v1.4.1-0.20260122083618-3fb702589d36 github.com/envoyproxy/go-control-plane/envoy@v1.40.0 github.com/alicebob/miniredis/v2@v2.35.0 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
output=$(go run . 2>/dev/null)
printf '%s\n' "$output"
for line in '10 hits: OK 90' '5 negative hits: OK 85' '85 hits: OK 0' '0 hits: OK 0' '1 hit: OVER_LIMIT 0'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: negative hits are charged, and a look at a limit that is used up is OK"
