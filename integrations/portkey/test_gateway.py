"""Portkey's real gateway, @portkey-ai/gateway of npm, in front of the demo provider of `bursar dev`, with Bursar as its webhook."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))

from integrations.dev import Dev, Program, call, free_port, wait  # noqa: E402

PORTKEY = os.environ.get("PORTKEY", "")
NODE = os.environ.get("NODE", "node")


class Elsewhere:
    """What is not Bursar: it hangs, closes connections, or answers nonsense, by the path."""

    def __init__(self) -> None:
        self.hang = threading.Event()
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_POST(self) -> None:
                if self.path == "/gone":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if self.path == "/slow":
                    elsewhere.hang.wait(60)
                    return
                body = b"<html>" if self.path == "/html" else b'{"allowed": true}'
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.hang.set()
        self.server.shutdown()
        self.server.server_close()


@unittest.skipUnless(PORTKEY, "PORTKEY names no folder with @portkey-ai/gateway")
class Gateway(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.dev, cls.elsewhere = Dev(), Elsewhere()
        port = free_port()
        start = os.path.join(PORTKEY, "node_modules/@portkey-ai/gateway/build/start-server.js")
        cls.gateway = Program([NODE, start, f"--port={port}", "--headless"], port)

    @classmethod
    def tearDownClass(cls) -> None:
        for started in ("gateway", "elsewhere", "dev"):
            if hasattr(cls, started):
                getattr(cls, started).stop()

    def chat(self, secret: str, tag: str, webhook: str = "", headers: dict[str, str] | None = None, **fields: Any) -> tuple[int, dict[str, str], str]:
        def guardrail(deny: bool) -> dict[str, Any]:
            parameters = {"webhookURL": webhook or self.dev.url + "/v1/portkey?provider=demo", "timeout": 2000, "failOnError": deny,
                          "headers": {"Authorization": f"Bearer {self.dev.token}", "X-Bursar-Key": secret}}
            return {"id": "bursar", "type": "guardrail", "deny": deny, "checks": [{"id": "default.webhook", "parameters": parameters}]}

        configuration = {"provider": "openai", "custom_host": self.dev.gateway + "/v1", "api_key": self.dev.upstream_key,
                         "before_request_hooks": [guardrail(True)], "after_request_hooks": [guardrail(False)], "forward_headers": ["x-demo-tag", "x-demo"]}
        body = {"model": "demo-small", "max_tokens": 50, "messages": [{"role": "user", "content": "hello"}], **fields}
        return call("POST", self.gateway.url + "/v1/chat/completions", body, {
            "x-portkey-config": json.dumps(configuration), "x-portkey-metadata": json.dumps({"team": "core"}), "x-demo-tag": tag, **(headers or {})})

    def test_allowed(self) -> None:
        """A call is made and booked with what the provider counted; the provider sees nothing of the hold."""
        key, secret = self.dev.key("allowed", budgetLimits=[{"type": "COST", "amount": "1", "periodicReset": "NONE"}])
        status, _, body = self.chat(secret, "allowed", bursar_hold={"reservation": "res_x"})
        self.assertEqual(status, 200, body)
        event = self.dev.booked(key, 1)[0]
        reached = self.dev.reached("allowed")
        self.assertEqual(len(reached), 1)
        self.assertEqual(round(float(event["cost"]) * 1e9), reached[0]["costNanos"], (event, reached))
        self.assertEqual(event["metadata"], {"team": "core"})
        self.assertEqual(self.dev.held(key), 0)

    def test_stream(self) -> None:
        """A stream is booked with what it held, for its hook is asked before it begins."""
        key, secret = self.dev.key("stream", budgetLimits=[{"type": "COST", "amount": "1", "periodicReset": "NONE"}])
        status, _, body = self.chat(secret, "stream", stream=True)
        self.assertEqual(status, 200, body)
        self.assertIn("[DONE]", body)
        event = self.dev.booked(key, 1)[0]
        self.assertEqual(event["metadata"], {"team": "core", "estimated": "true"})
        self.assertGreaterEqual(round(float(event["cost"]) * 1e9), self.dev.reached("stream")[0]["costNanos"])
        self.assertEqual(self.dev.held(key), 0)

    def test_denied(self) -> None:
        """A call that no budget has room for is 446 with the reason, and does not reach the provider."""
        key, secret = self.dev.key("denied", budgetLimits=[{"type": "TOKENS", "amount": "10", "periodicReset": "NONE"}])
        status, _, body = self.chat(secret, "denied")
        self.assertEqual(status, 446, body)
        self.assertEqual(json.loads(body)["error"]["type"], "hooks_failed")
        status, _, body = self.chat("bsr_nobody", "denied")
        self.assertEqual(status, 446, body)
        self.assertEqual((self.dev.reached("denied"), self.dev.events(key), self.dev.held(key)), ([], [], 0))

    def test_provider_fails(self) -> None:
        """After an upstream's error no hook is asked: what was held expires."""
        key, secret = self.dev.key("fails")
        status, _, body = self.chat(secret, "fails", headers={"x-demo": "500"})
        self.assertEqual(status, 500, body)
        self.assertEqual((self.dev.events(key), self.dev.held(key)), ([], 1))

    def test_without_bursar(self) -> None:
        """While Bursar is gone, slow or not what answers, nothing reaches the provider."""
        key, secret = self.dev.key("outage")
        for path in ("gone", "slow", "html", "other"):
            status, _, body = self.chat(secret, "outage-" + path, webhook=f"{self.elsewhere.url}/{path}")
            self.assertEqual(status, 446, (path, body))
            self.assertEqual(self.dev.reached("outage-" + path), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
