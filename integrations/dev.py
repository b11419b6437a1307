"""What tests of other gateways share: `bursar dev` with its demo provider, and programs that listen on a port."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from typing import Any

PATIENCE = float(os.environ.get("ADAPTERS_PATIENCE", "60"))
"""How long something may take until it is as it should be, in seconds."""


def call(method: str, url: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
    """Sends a request and returns the status, the headers in small letters, and the body."""
    data = None if body is None else (body if isinstance(body, bytes) else json.dumps(body).encode())
    request = urllib.request.Request(url, data=data, method=method, headers={"content-type": "application/json", **(headers or {})})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read().decode()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait(what: str, ready: Any) -> Any:
    """Waits until ready returns something true, and returns it."""
    until = time.monotonic() + PATIENCE
    while not (found := ready()):
        if time.monotonic() > until:
            raise AssertionError(f"waited too long: {what}")
        time.sleep(0.05)
    return found


class Program:
    """A program that listens on a port of this machine."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str] | None = None, folder: str | None = None) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder, env={**os.environ, **(environment or {})}
        )

        def listens() -> bool:
            if self.process.poll() is not None:
                raise AssertionError(f"{command[0]} ended:\n{self.printed()}")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return False
            return True

        wait(f"{command[0]} listens", listens)

    def printed(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Dev:
    """`bursar dev` on free ports with a database of its own. BURSAR_BINARY is the program."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="bursar-adapters-")
        port = free_port()
        self.program = Program(
            [os.environ["BURSAR_BINARY"], "dev", "--addr", f"127.0.0.1:{port}", "--data-dir", os.path.join(self.folder, "data")], port
        )
        printed = wait("bursar dev is ready", lambda: "ready at" in self.program.printed() and self.program.printed())
        self.url = self.program.url
        self.provider = re.search(r"Demo provider\s+(\S+)/demo/requests", printed)[1]  # type: ignore[index]
        self.gateway = re.search(r"Gateway\s+(http\S+)", printed)[1]  # type: ignore[index]
        self.admin = re.search(r"Admin token\s+(\S+)", printed)[1]  # type: ignore[index]
        self.organization = re.search(r"\(organization demo, (org_\w+)\)", printed)[1]  # type: ignore[index]
        made = self.ask(
            "mutation($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret } }",
            {"input": {"organizationId": self.organization, "name": "adapters", "role": "GATEWAY", "acceptsKeyIds": True}},
        )
        self.token = made["createAccessToken"]["secret"]
        # with which other gateways call the demo provider, through Bursar's own
        self.upstream_key = self.key("upstream")[1]

    def ask(self, query: str, variables: dict[str, Any]) -> Any:
        status, _, body = call("POST", self.url + "/graphql", {"query": query, "variables": variables}, {"authorization": f"Bearer {self.admin}"})
        answer = json.loads(body)
        if status != 200 or answer.get("errors"):
            raise AssertionError(body)
        return answer["data"]

    def key(self, name: str, **limits: Any) -> tuple[str, str]:
        """Makes an API key and returns its id and its secret."""
        made = self.ask(
            "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }",
            {"input": {"ownerId": self.organization, "name": name, **limits}},
        )["createApiKey"]
        return made["apiKey"]["id"], made["secret"]

    def events(self, key: str) -> list[dict[str, Any]]:
        """The usage events of a key, newest first."""
        found = self.ask(
            "query($id: ID!) { usageEvents(filter: { apiKeyId: $id }, first: 100) { nodes { cost inputTokens outputTokens model provider metadata } } }",
            {"id": key},
        )
        return found["usageEvents"]["nodes"]

    def booked(self, key: str, number: int) -> list[dict[str, Any]]:
        """The usage events of a key, as soon as there are as many."""
        events = wait(f"{number} events of {key}", lambda: len(found := self.events(key)) >= number and found)
        assert len(events) == number, events
        return events

    def held(self, key: str) -> int:
        """How many reservations a key holds."""
        return self.ask("query($id: ID!) { reservations(filter: { apiKeyId: $id }) { totalCount } }", {"id": key})["reservations"]["totalCount"]

    def reached(self, tag: str) -> list[dict[str, Any]]:
        """What has reached the provider with a tag."""
        _, _, body = call("GET", self.provider + "/demo/requests?idle=1")
        return [request for request in json.loads(body) if request.get("tag") == tag]

    def stop(self) -> None:
        self.program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
