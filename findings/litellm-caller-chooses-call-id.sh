#!/usr/bin/env bash
# LiteLLM's proxy 1.105.7 takes its id of a call from whoever calls: guardrails and logs of two calls can have one litellm_call_id.
#
# Guess: litellm_call_id, by which the generic guardrail and the generic callback tell of the same call, is made by the proxy, once for each call.
# Seen: two calls with the header x-litellm-call-id: mine are told to the guardrail as litellm_call_id "mine", both, and request_headers has the header.
#
# Source: litellm/proxy/common_request_processing.py, resolve_litellm_call_id(request.headers.get("x-litellm-call-id")).
# Needs Python 3.11, curl and PyPI; runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet 'litellm[proxy]==1.105.7'
cat >server.py <<'PY'
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = {"id": "c", "object": "chat.completion", "created": 1, "model": "m",
          "choices": [{"index": 0, "message": {"role": "assistant", "content": "a"}, "finish_reason": "stop"}]}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "litellm_call_id" in asked:
            with open("ids", "a") as ids:
                ids.write(f"{asked['litellm_call_id']} {(asked['request_headers'] or {}).get('x-litellm-call-id', '-')}\n")
        body = json.dumps({"action": "NONE"} if "litellm_call_id" in asked else ANSWER).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
mkfifo port
python3 server.py >port &
read -r server <port
free=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
key=sk-0123456789abcdef0123456789abcdef0123456789abcdef
cat >config.yaml <<YAML
model_list:
  - model_name: m
    litellm_params: {model: openai/m, api_base: "http://127.0.0.1:$server/v1", api_key: k}
general_settings: {master_key: $key}
guardrails:
  - guardrail_name: g
    litellm_params: {guardrail: generic_guardrail_api, mode: pre_call, default_on: true, api_base: "http://127.0.0.1:$server"}
YAML
LITELLM_LOCAL_MODEL_COST_MAP=True venv/bin/litellm --config config.yaml --host 127.0.0.1 --port "$free" >log 2>&1 &
for _ in {1..300}; do
  curl -s -o /dev/null "http://127.0.0.1:$free/health/liveliness" && break
  sleep 0.2
done
for _ in 1 2; do
  curl -s -o /dev/null --max-time 30 "http://127.0.0.1:$free/v1/chat/completions" -H "authorization: Bearer $key" -H 'x-litellm-call-id: mine' \
    -H 'content-type: application/json' -d '{"model":"m","messages":[{"role":"user","content":"hello"}]}'
done
printf 'litellm_call_id and x-litellm-call-id of two calls:\n'
cat ids
[[ $(sort ids | uniq -c | tr -s ' ') == ' 2 mine mine' ]] || { echo 'changed: the proxy tells other ids' >&2; exit 1; }
echo 'as described: whoever calls LiteLLM 1.105.7 chooses litellm_call_id'
