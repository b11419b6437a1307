#!/usr/bin/env bash
# @portkey-ai/gateway 1.15.2 installed from npm answers every streamed call with 500; with a @hono/node-server from before 1.14 it streams.
#
# Guess: `npm install @portkey-ai/gateway` gives a gateway that passes streams on: all its dependencies are within the ranges that its package.json names.
# Seen: a streamed chat completion, which the provider answers with 200 and text/event-stream, is 500 {"status":"failure","message":"Something went
# wrong"} with @hono/node-server 1.19.19, and 200 with 1.13.7; calls without a stream are 200 with both. Its log says "TypeError: immutable".
#
# Source: package.json of 1.15.2 asks for @hono/node-server ^1.3.3. The gateway appends headers to the response that it has built; the global Response
# that @hono/node-server replaces has headers of its own, which from 1.14 on are those of the answer that was fetched, and these are immutable.
# Needs Node 20 or later, curl and npm; runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
cat >provider.mjs <<'JS'
import { createServer } from 'node:http';
const chunk = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'a' } }] };
const whole = { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: 'a' }, finish_reason: 'stop' }] };
createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  if (JSON.parse(body).stream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
  }
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
JS
mkfifo port
node provider.mjs >port &
read -r provider <port

status() { # of a call through a gateway: PORT STREAM
  curl -s -o /dev/null -w '%{http_code}' --max-time 20 "http://127.0.0.1:$1/v1/chat/completions" -H 'content-type: application/json' -H 'authorization: Bearer key' \
    -H 'x-portkey-provider: openai' -H "x-portkey-custom-host: http://127.0.0.1:$provider/v1" \
    -d "{\"model\":\"m\",\"stream\":$2,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
}

try() { # prints what the gateway answers beside a version of @hono/node-server, without a stream and with one
  mkdir "$1"
  printf '{"dependencies":{"@portkey-ai/gateway":"1.15.2"},"overrides":{"@hono/node-server":"%s"}}' "$1" >"$1/package.json"
  npm install --prefix "$1" --no-audit --no-fund --silent >&2
  local free
  free=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
  node "$1/node_modules/@portkey-ai/gateway/build/start-server.js" "--port=$free" --headless >"$1/log" 2>&1 &
  for _ in {1..150}; do
    curl -s -o /dev/null "http://127.0.0.1:$free/" && break
    sleep 0.2
  done
  printf '%s %s\n' "$(status "$free" false)" "$(status "$free" true)"
}

old=$(try 1.13.7) new=$(try 1.19.19)
printf 'status without a stream, and with one: %s beside 1.13.7, %s beside 1.19.19\n' "$old" "$new"
grep -o -m1 'TypeError: immutable' 1.19.19/log || true
[[ $old == '200 200' && $new == '200 500' ]] || { echo 'changed: it answers otherwise' >&2; exit 1; }
echo 'as described: @portkey-ai/gateway 1.15.2 streams only beside an older @hono/node-server'
