"""LiteLLM's real proxy in front of the demo provider of `bursar dev`: with the Python package, and with the two endpoints that need no Python."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../../.."))

from integrations.dev import Dev, Program, call, free_port, sha256, wait  # noqa: E402

MASTER_KEY = "sk-" + "0123456789abcdef" * 3


class Relay:
    """Stands between LiteLLM and Bursar, and can be gone, slow or talk nonsense."""

    def __init__(self, origin: str) -> None:
        self.mode, self.hang = "", threading.Event()
        relay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if relay.mode == "gone":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                if relay.mode == "slow":
                    relay.hang.wait(60)
                status, text = 200, "<html>"
                if not relay.mode:
                    headers = {name: self.headers[name] for name in ("authorization", "x-bursar-settings") if name in self.headers}
                    status, _, text = call("POST", origin + self.path, body, headers)
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                try:
                    self.wfile.write(text.encode())
                except OSError:
                    pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.hang.set()
        self.server.shutdown()
        self.server.server_close()


class Proxy(Program):
    """LiteLLM's proxy. LITELLM is the program."""

    def __init__(self, dev: Dev, configuration: dict[str, Any], environment: dict[str, str]) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="litellm-")
        port = free_port()
        name = os.path.join(self.folder.name, "config.yaml")
        for module in ("proxy_auth.py", "bursar_callback.py"):
            with open(os.path.join(HERE, module)) as source, open(os.path.join(self.folder.name, module), "w") as copy:
                copy.write(source.read())
        models = [
            {"model_name": name, "litellm_params": {"model": f"openai/{name}", "api_base": dev.gateway + "/v1", "api_key": dev.upstream_key, "max_retries": 0,
             "timeout": 30}} for name in ("demo-small", "demo-large")
        ]
        whole = {"model_list": models, "general_settings": {"custom_auth": "proxy_auth.check", "master_key": MASTER_KEY, "forward_client_headers_to_llm_api": True},
                 "router_settings": {"num_retries": 0, "disable_cooldowns": True}, **configuration}
        with open(name, "w") as file:
            json.dump(whole, file)  # which is YAML
        super().__init__(
            [os.environ["LITELLM"], "--config", name, "--host", "127.0.0.1", "--port", str(port)], port,
            {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "DEFAULT_FLUSH_INTERVAL_SECONDS": "1",
             "PYTHONPATH": os.path.join(HERE, "../src"), **environment}, self.folder.name,
        )

    def chat(self, secret: str, tag: str, text: str = "hello", headers: dict[str, str] | None = None, **fields: Any) -> tuple[int, dict[str, str], str]:
        body = {"model": "demo-small", "max_tokens": 50, "messages": [{"role": "user", "content": text}], **fields}
        return call("POST", self.url + "/v1/chat/completions", body, {"authorization": f"Bearer {secret}", "x-demo-tag": tag, **(headers or {})})

    def stop(self) -> None:
        super().stop()
        self.folder.cleanup()


@unittest.skipUnless(os.environ.get("LITELLM"), "LITELLM names no proxy of LiteLLM's")
class Cases:
    dev: Dev
    relay: Relay
    proxy: Proxy
    denied_status = 412

    @classmethod
    def tearDownClass(cls) -> None:
        for started in ("proxy", "relay", "dev"):
            if hasattr(cls, started):
                getattr(cls, started).stop()

    def settled(self, key: str, number: int) -> list[dict[str, Any]]:
        events = self.dev.booked(key, number)
        wait("nothing is held", lambda: self.dev.held(key) == 0)
        return events

    def used(self, tag: str) -> tuple[int, int, int]:
        request = self.dev.reached(tag)[-1]
        usage = request["usage"]
        return usage["inputTokens"], usage["outputTokens"], request["costNanos"]

    def test_allowed(self) -> None:
        """A call is made, and booked with what the provider counted; a stream when it is over."""
        key, secret = self.dev.key("allowed", budgetLimits=[{"type": "COST", "amount": "1", "periodicReset": "NONE"}])
        for tag, stream in (("whole", False), ("stream", True)):
            tag = f"{type(self).__name__}-{tag}"
            status, _, body = self.proxy.chat(secret, tag, stream=stream)
            self.assertEqual(status, 200, body)
        events = self.settled(key, 2)
        for event, tag in zip(events, ("stream", "whole")):
            if (found := self.dev.reached(f"{type(self).__name__}-{tag}")):
                self.assertEqual(round(float(event["cost"]) * 1e9), found[-1]["costNanos"], (event, found))
            self.assertGreater(event["outputTokens"], 0)
            self.assertEqual(event["model"], "demo-small")

    def test_denied(self) -> None:
        """A call that no budget has room for does not reach the provider."""
        key, secret = self.dev.key("denied", budgetLimits=[{"type": "TOKENS", "amount": "1000", "periodicReset": "NONE"}])
        status, headers, body = self.proxy.chat(secret, "denied", text="hello " * 1000)
        self.assertEqual(status, self.denied_status, body)
        self.assertIn("token limit", body)
        self.assertEqual((self.dev.events(key), self.dev.held(key)), ([], 0))
        status, _, body = self.proxy.chat("sk-nobody", "nobody")
        self.assertEqual(status, 401 if self.denied_status == 412 else 400, body)

    def test_provider_fails(self) -> None:
        """A call that fails gives back what it held."""
        key, secret = self.dev.key("fails", budgetLimits=[{"type": "COST", "amount": "1", "periodicReset": "NONE"}])
        status, _, body = self.proxy.chat(secret, "fails", model="demo-unknown-model")
        self.assertGreaterEqual(status, 400, body)
        status, _, body = self.proxy.chat(secret, "fails", headers={"x-demo": "500"})
        self.assertGreaterEqual(status, 500, body)
        wait("nothing is held", lambda: self.dev.held(key) == 0)
        self.assertEqual(self.dev.events(key), [])

    def test_without_bursar(self) -> None:
        """While Bursar is gone, slow or talks nonsense, nothing reaches the provider."""
        key, secret = self.dev.key("outage")
        try:
            for mode in ("gone", "slow", "nonsense"):
                self.relay.mode = mode
                status, _, body = self.proxy.chat(secret, f"{type(self).__name__}-{mode}")
                self.assertGreaterEqual(status, 500, body)
                self.assertEqual(self.dev.reached(f"{type(self).__name__}-{mode}"), [])
        finally:
            self.relay.mode = ""
        self.assertEqual(self.dev.events(key), [])


class WithPackage(Cases, unittest.TestCase):
    """The Python package."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.dev = Dev()
        cls.relay = Relay(cls.dev.url)
        cls.proxy = Proxy(cls.dev, {"litellm_settings": {"callbacks": "bursar_callback.logger"}},
                          {"BURSAR_URL": cls.relay.url, "BURSAR_TOKEN": cls.dev.token})

    def test_rate(self) -> None:
        """A rate is told as 429; the key may be named by the metadata of LiteLLM's key."""
        key, _ = self.dev.key("rate", rateLimits=[{"type": "REQUESTS", "interval": "DAY", "limit": 1}])
        named = {"x-test-key": key}
        self.assertEqual(self.proxy.chat("sk-any", "rate", headers=named)[0], 200)
        status, headers, body = self.proxy.chat("sk-any", "rate", headers=named)
        self.assertEqual((status, headers.get("x-should-retry")), (429, "false"), body)
        self.assertIn("request limit", body)
        self.settled(key, 1)

    def test_late_settlement(self) -> None:
        """What could not be settled is settled once Bursar answers again; what a caller puts into metadata settles nothing."""
        key, secret = self.dev.key("late")
        done = threading.Event()

        def outage() -> None:
            wait("the call is held", lambda: self.dev.held(key) == 1)
            self.relay.mode = "gone"
            done.set()

        watcher = threading.Thread(target=outage)
        watcher.start()
        forged = {"bursar_hold": json.dumps({"reservationId": "res_x", "requestId": "forged", "key": key})}
        status, _, body = self.proxy.chat(secret, "late", headers={"x-demo": "first=3s"}, metadata=forged)
        self.assertEqual(status, 200, body)
        watcher.join()
        self.assertTrue(done.is_set())
        self.assertEqual(self.dev.held(key), 1)
        self.relay.mode = ""
        self.settled(key, 1)


class WithoutPython(Cases, unittest.TestCase):
    """The generic guardrail and the generic callback."""

    denied_status = 400

    @classmethod
    def setUpClass(cls) -> None:
        cls.dev = Dev()
        cls.relay = Relay(cls.dev.url)
        bearer = f"Bearer {cls.dev.token}"
        guardrail = {
            "guardrail": "generic_guardrail_api", "mode": "pre_call", "default_on": True, "timeout": 3,
            "api_base": f"{cls.relay.url}/v1/litellm", "headers": {"Authorization": bearer, "X-Bursar-Settings": "provider=demo"},
        }
        cls.proxy = Proxy(
            cls.dev, {"litellm_settings": {"callbacks": ["generic_api"]}, "guardrails": [{"guardrail_name": "bursar", "litellm_params": guardrail}]},
            {"GENERIC_LOGGER_ENDPOINT": f"{cls.relay.url}/v1/litellm/log", "GENERIC_LOGGER_HEADERS": f"Authorization={bearer}"},
        )


if __name__ == "__main__":
    unittest.main(verbosity=2)
