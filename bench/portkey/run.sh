#!/bin/sh
# Measures bursar gateway beside @portkey-ai/gateway of npm, in front of the same provider: see docs/performance.md. Needs npm, Node 20 or later, and Go. Flags are those of
# bursar-bench gateway.
set -eu
version=1.15.2
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --no-audit --no-fund --silent "@portkey-ai/gateway@$version"
echo "@portkey-ai/gateway $version on node $(node --version)"
go run ./cmd/bursar-bench gateway --portkey "$folder" "$@"
