# shellcheck shell=bash
# The step adapters of .ci/run, which has its functions and $scratch: other gateways, as their registries have them, with Bursar behind `bursar dev`. What a
# registry does not give is said and left out.

litellm=1.105.7
portkey=1.15.2
hono=1.13.7 # of @hono/node-server: see findings/portkey-gateway-streams-500-after-node-server.sh

need_proxies() {
  [[ -x /usr/sbin/nginx ]] || command -v nginx >/dev/null || install nginx-light
  command -v caddy >/dev/null || install caddy
}

step_adapters() {
  local installing python requirements=$scratch/litellm-requirements
  need_program
  (need_proxies) || echo 'NOT CHECKED: nginx-light and caddy were not installed (above)'
  mkdir -p "$scratch/portkey"
  printf '{"dependencies":{"@portkey-ai/gateway":"%s"},"overrides":{"@hono/node-server":"%s"}}' $portkey $hono >"$scratch/portkey/package.json"
  mkdir -p "$requirements"
  printf 'litellm[proxy]==%s\n' $litellm >"$requirements/requirements.txt"
  need_python "$requirements" & # a minute of processor time, the first time
  installing=$!
  local -x BURSAR_BINARY=$BURSAR_TEST_PROGRAM PORTKEY=$scratch/portkey LITELLM=$scratch/litellm
  if npm install --prefix "$PORTKEY" --no-audit --no-fund --prefer-offline --silent; then
    python3 integrations/portkey/test_gateway.py
  else
    echo "NOT CHECKED: @portkey-ai/gateway $portkey of npm was not reached (above)"
  fi
  if wait "$installing"; then
    need_python "$requirements" # which is there, and sets $python
    # its script of that name has the path of the folder that it was installed in
    printf '#!/bin/sh\nexec %q -c "from litellm import run_server; run_server()" "$@"\n' "$python" >"$LITELLM"
    chmod +x "$LITELLM"
    PYTHONPATH=integrations/litellm/src "$python" integrations/litellm/tests/test_client.py
    "$python" integrations/litellm/tests/test_proxy.py
  else
    echo "NOT CHECKED: litellm $litellm of PyPI was not reached (above)"
  fi
  need_database
  DATABASE_URL=$database go test -vet=off -count=1 -v -run 'Nginx|Caddy' ./adapter/check
}
