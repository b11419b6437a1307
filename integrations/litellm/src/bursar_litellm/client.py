"""The client of Bursar's HTTP check and settle, without LiteLLM."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import httpx

logger = logging.getLogger("bursar_litellm")

Settlement = dict[str, Any]
"""A settlement in the form of POST /v1/settle. Its requestId makes it the same however often it is sent."""


class Unavailable(Exception):
    """Bursar was not reached, did not answer in time, or answered what is none of its answers. Nothing was granted."""


class Refused(Exception):
    """Bursar refuses the request for good: the token or the request is wrong."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Decision:
    """Whether a call may be made."""

    allowed: bool
    status: int
    """The HTTP status that the caller should be told."""
    reservation: str | None
    """The reservation's id; None where nothing is held."""
    retry_after: int | None
    """Seconds; None where waiting does not help, or nobody knows how long."""
    denials: list[dict[str, Any]] = field(default_factory=list)

    @property
    def message(self) -> str:
        """The reasons of a denial, in sentences."""
        return " ".join(str(one.get("message", "")) for one in self.denials)


class Bursar:
    """Asks Bursar, and settles in the background. Use one for each event loop; it keeps connections."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float = 5.0,
        queue_size: int = 10_000,
        give_up_after: float = 3600.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """
        url is where `bursar serve` listens; token is an access token of the role GATEWAY. timeout is that of a request, in seconds.
        queue_size is how many settlements wait at most while Bursar does not answer, and give_up_after how long one is tried, in
        seconds: what is dropped then is logged, and its reservation expires.
        """
        if not url or not token:
            raise ValueError("bursar_litellm: give url and token, or set BURSAR_URL and BURSAR_TOKEN")
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"), headers={"authorization": f"Bearer {token}"}, timeout=timeout, transport=transport
        )
        self._queue: asyncio.Queue[tuple[float, Settlement]] = asyncio.Queue(queue_size)
        self._give_up_after = give_up_after
        self._worker: asyncio.Task[None] | None = None

    async def check(self, request: dict[str, Any]) -> Decision:
        """Holds what a call may use. request has the form of POST /v1/check."""
        try:
            response = await self._client.post("/v1/check", json=request)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        if not isinstance(answer, dict) or ("allowed" not in answer and "error" not in answer):
            raise Unavailable(f"the answer, of status {response.status_code}, is none of Bursar's")
        if "error" in answer:
            raise _error(response.status_code, answer["error"])
        reservation = answer.get("reservation") or {}
        status = int(answer["status"])
        if answer["allowed"] is not True and status < 400:
            raise Unavailable("the answer denies without a status")
        return Decision(
            allowed=answer["allowed"] is True,
            status=status,
            reservation=reservation.get("id"),
            retry_after=answer.get("retryAfterSeconds"),
            denials=list(answer.get("denials") or []),
        )

    def settle(self, settlement: Settlement) -> None:
        """Queues a settlement, which is sent until Bursar has it. It needs a running event loop, and does not wait."""
        try:
            self._queue.put_nowait((asyncio.get_running_loop().time() + self._give_up_after, settlement))
        except asyncio.QueueFull:
            logger.error("a settlement is dropped, for too many wait: %s", _named(settlement))
            return
        if self._worker is None or self._worker.done():
            self._worker = asyncio.get_running_loop().create_task(self._work())

    async def drain(self) -> None:
        """Waits until everything that was queued is settled or dropped."""
        await self._queue.join()

    async def close(self) -> None:
        """Ends the worker, without waiting for what is queued, and the connections."""
        if self._worker is not None:
            self._worker.cancel()
        await self._client.aclose()

    async def _work(self) -> None:
        pause = 0.1
        while True:
            batch = [await self._queue.get()]
            while len(batch) < 100 and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            while batch:
                try:
                    await self._send([settlement for _, settlement in batch])
                    pause = 0.1
                    break
                except Refused as error:  # the token: an operator may mend it
                    logger.error("settlements are refused, and tried again: %s", error)
                except Unavailable as error:
                    logger.warning("settlements are tried again: %s", error)
                now = asyncio.get_running_loop().time()
                for until, settlement in [one for one in batch if one[0] <= now]:
                    logger.error("a settlement is dropped, for Bursar has not answered: %s", _named(settlement))
                    batch.remove((until, settlement))
                    self._queue.task_done()
                await asyncio.sleep(pause)
                pause = min(2 * pause, 30.0)
            for _ in batch:
                self._queue.task_done()

    async def _send(self, settlements: list[Settlement]) -> None:
        try:
            response = await self._client.post("/v1/settle", json=settlements)
            answers = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"{type(error).__name__}: {error}") from error
        if isinstance(answers, dict) and "error" in answers:
            raise _error(response.status_code, answers["error"])
        if not isinstance(answers, list) or len(answers) != len(settlements):
            raise Unavailable(f"the answer, of status {response.status_code}, is none of Bursar's")
        for settlement, answer in zip(settlements, answers):
            if isinstance(answer, dict) and "error" in answer:
                logger.error("a settlement is refused: %s: %s", answer["error"], _named(settlement))


def _error(status: int, error: Any) -> Exception:
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    message = str(error.get("message", "")) if isinstance(error, dict) else str(error)
    return Unavailable(message) if status >= 500 or status == 429 else Refused(code, message)


def _named(settlement: Settlement) -> dict[str, Any]:
    """The settlement without secrets, for logs."""
    return {name: value for name, value in settlement.items() if name not in ("secret", "keyHash", "metadata")}
