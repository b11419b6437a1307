#!/bin/sh
# Measures bursar gateway beside @portkey-ai/gateway of npm, in front of the same provider: see docs/performance.md. Needs npm, Node 20 or later, and Go. Flags are those of
# bursar-bench gateway. With later versions of @hono/node-server it answers streams with status 500.
set -eu
version=1.15.2
server=1.13.7
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '{"dependencies":{"@portkey-ai/gateway":"%s"},"overrides":{"@hono/node-server":"%s"}}' "$version" "$server" > "$folder/package.json"
npm install --prefix "$folder" --no-audit --no-fund --silent
echo "@portkey-ai/gateway $version with @hono/node-server $server on node $(node --version)"
go run ./cmd/bursar-bench gateway --portkey "$folder" "$@"
