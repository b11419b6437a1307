"""The client and the callback without a proxy: what they send, what they do with each answer, and LiteLLM's own signatures of the hooks."""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import unittest
from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import HTTPException
from litellm.integrations.custom_logger import CustomLogger

from bursar_litellm import Bursar, BursarLogger, Refused, Unavailable
from bursar_litellm.logger import _estimate, _Hold, _quantities

logging.disable(logging.CRITICAL)

ALLOWED = {"allowed": True, "status": 200, "reservation": {"id": "res_1"}, "denials": [], "retryAfterSeconds": None}


class Server:
    """Answers in Bursar's place, and keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.asked.append((request.url.path, request.headers["authorization"], body))
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        if answer is None and request.url.path == "/v1/settle":
            answer = [{"replayed": False} for _ in body]
        return httpx.Response(200, json=ALLOWED if answer is None else answer)

    def client(self, **options: Any) -> Bursar:
        return Bursar("http://bursar", "bst_x", transport=httpx.MockTransport(self), **options)


def user(**fields: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"api_key": "ab" * 32, "metadata": {}, "team_metadata": None, "user_id": "u", "team_id": None, **fields})


class Hooks(unittest.IsolatedAsyncioTestCase):
    async def logger(self, server: Server, **options: Any) -> BursarLogger:
        return BursarLogger(client=server.client(), **options)

    async def test_signatures(self) -> None:
        """The hooks take what LiteLLM gives."""
        for name in ("async_pre_call_hook", "async_log_success_event", "async_log_failure_event", "async_post_call_failure_hook"):
            theirs, ours = (list(inspect.signature(getattr(of, name)).parameters) for of in (CustomLogger, BursarLogger))
            self.assertEqual(ours, theirs, name)

    async def test_a_call(self) -> None:
        """A call holds its bounds for the key, and is settled with what it used."""
        server = Server()
        logger = await self.logger(server, models={"group": ("openai", "gpt-x")}, cost="litellm")
        data = {"model": "group", "messages": [{"role": "user", "content": "héllo"}], "max_tokens": 7, "n": 2, "metadata": {"a": "b"}}
        data = await logger.async_pre_call_hook(user(), None, data, "acompletion")
        path, authorization, asked = server.asked[0]
        self.assertEqual((path, authorization), ("/v1/check", "Bearer bst_x"))
        self.assertEqual((asked["provider"], asked["model"], asked["keyHash"], asked["metadata"]), ("openai", "gpt-x", "ab" * 32, {"user": "u"}))
        self.assertEqual(asked["estimate"]["maxOutputTokens"], 14)
        self.assertGreater(asked["estimate"]["inputTokens"], len("héllo".encode()))
        self.assertEqual(data["metadata"]["a"], "b")
        payload = {"prompt_tokens": 10, "completion_tokens": 5, "custom_llm_provider": "gemini", "model": "gemini/g", "response_cost": 1.3e-05,
                   "metadata": {"usage_object": {"prompt_tokens_details": {"cached_tokens": 4}, "completion_tokens_details": None}}}
        await logger.async_log_success_event({"litellm_params": {"metadata": data["metadata"]}, "standard_logging_object": payload}, None, None, None)
        await logger.bursar.drain()
        path, _, [settled] = server.asked[1]
        self.assertEqual(path, "/v1/settle")
        self.assertEqual(settled, {"requestId": asked["requestId"], "reservationId": "res_1", "keyHash": "ab" * 32, "metadata": {"user": "u"},
                                   "provider": "google", "model": "g", "inputTokens": 10, "outputTokens": 5, "cachedInputTokens": 4, "cost": "0.000013000"})
        await logger.bursar.close()

    async def test_keys(self) -> None:
        """A key is named by the metadata of LiteLLM's key or team, by its hash, or by a secret of Bursar's."""
        for caller, options, name, value in (
            (user(metadata={"bursar_key": "key_1"}), {}, "key", "key_1"), (user(team_metadata={"bursar_key": "key_2"}), {}, "key", "key_2"),
            (user(metadata={"bursar_key": "key_1"}), {"key": "hash"}, "keyHash", "ab" * 32), (user(api_key="bsr_x"), {}, "secret", "bsr_x"),
        ):
            server = Server()
            await (await self.logger(server, **options)).async_pre_call_hook(caller, None, {"model": "m"}, "acompletion")
            self.assertEqual({k: v for k, v in server.asked[0][2].items() if k in ("key", "keyHash", "secret")}, {name: value})

    async def test_denials(self) -> None:
        """A denial has its status; Retry-After where waiting helps soon, and a word to stop where it does not."""
        for status, wait, headers in ((412, None, {"x-should-retry": "false"}), (429, 7, {"retry-after": "7"}), (429, 5000, {"x-should-retry": "false"}),
                                      (401, None, {"x-should-retry": "false"})):
            denied = {"allowed": False, "status": status, "reservation": None, "retryAfterSeconds": wait, "denials": [{"reason": "R", "message": "No."}]}
            with self.assertRaises(HTTPException) as raised:
                await (await self.logger(Server(httpx.Response(status, json=denied)))).async_pre_call_hook(user(), None, {"model": "m"}, "acompletion")
            self.assertEqual((raised.exception.status_code, raised.exception.headers), (status, headers))
            self.assertEqual(raised.exception.detail, {"error": "No.", "type": "R"})

    async def test_outages(self) -> None:
        """Gone, slow and malformed are 503, a wrong token 500; with fail_open calls are made, but not for a wrong token."""
        wrong = httpx.Response(401, json={"error": {"code": "UNAUTHENTICATED", "message": "the token is wrong"}})
        for answer, status in ((httpx.ConnectError("gone"), 503), (httpx.ReadTimeout("slow"), 503), (httpx.Response(200, text="<html>"), 503),
                               (httpx.Response(200, json=["x"]), 503), (httpx.Response(200, json={"allowed": False, "status": 200}), 503), (wrong, 500)):
            with self.assertRaises(HTTPException) as raised:
                await (await self.logger(Server(answer))).async_pre_call_hook(user(), None, {"model": "m"}, "acompletion")
            self.assertEqual(raised.exception.status_code, status)
        data = await (await self.logger(Server(httpx.ConnectError("gone")), fail_open=True)).async_pre_call_hook(user(), None, {"model": "m"}, "x")
        self.assertIsNone(json.loads(data["metadata"]["bursar_hold"])["reservationId"])
        with self.assertRaises(HTTPException):
            await (await self.logger(Server(wrong), fail_open=True)).async_pre_call_hook(user(), None, {"model": "m"}, "x")

    async def test_forged_holds(self) -> None:
        """What callers put into their metadata is no hold, and is replaced."""
        server = Server()
        logger = await self.logger(server)
        forged = json.dumps({"reservationId": "res_x", "requestId": "x"})
        await logger.async_log_success_event({"litellm_params": {"metadata": {"bursar_hold": forged}}, "standard_logging_object": {}}, None, None, None)
        await logger.async_post_call_failure_hook({"metadata": {"bursar_hold": forged}}, ValueError(), user())
        self.assertEqual(server.asked, [])
        data = await logger.async_pre_call_hook(user(), None, {"model": "m", "metadata": {"bursar_hold": forged}, "litellm_metadata": {"bursar_hold": forged}}, "x")
        for name in ("metadata", "litellm_metadata"):
            self.assertIsInstance(data[name]["bursar_hold"], _Hold)
            self.assertNotIn("res_x", data[name]["bursar_hold"])

    async def test_failures(self) -> None:
        """A call that failed gives back its hold; an attempt that used nothing says nothing; a broken stream is booked; so is nothing of the cache."""
        server = Server()
        logger = await self.logger(server)
        data = await logger.async_pre_call_hook(user(), None, {"model": "m"}, "acompletion")
        params = {"litellm_params": {"metadata": data["metadata"]}}
        await logger.async_log_failure_event({**params, "standard_logging_object": {"completion_tokens": 0}}, None, None, None)
        await logger.async_log_failure_event({**params, "standard_logging_object": {"completion_tokens": 3, "prompt_tokens": 2}}, None, None, None)
        await logger.async_post_call_failure_hook(data, ValueError(), user())
        await logger.async_log_success_event({**params, "standard_logging_object": {"cache_hit": True}}, None, None, None)
        await logger.bursar.drain()
        settled = [one for path, _, body in server.asked if path == "/v1/settle" for one in body]
        self.assertEqual([(one.get("release"), one.get("outputTokens")) for one in settled], [(None, 3), (True, None), (True, None)])
        await logger.bursar.close()

    async def test_settlements_are_not_lost(self) -> None:
        """A settlement is sent again, the same, until Bursar has it; too many and too old ones are dropped, and one that is refused."""
        down = httpx.Response(503, json={"error": {"code": "UNAVAILABLE", "message": "no"}})
        server = Server(httpx.ConnectError("gone"), down, httpx.Response(401, json={"error": {"code": "UNAUTHENTICATED", "message": "no"}}))
        client = server.client()
        client.settle({"requestId": "a"})
        await asyncio.wait_for(client.drain(), 20)
        self.assertEqual([body for _, _, body in server.asked], [[{"requestId": "a"}]] * 4)
        client.settle({"requestId": "b"})
        server.answers = [[{"error": {"code": "NOT_FOUND"}}]]
        await asyncio.wait_for(client.drain(), 20)
        self.assertEqual(len(server.asked), 5)
        await client.close()
        server = Server(*[httpx.ConnectError("gone")] * 1000)
        client = server.client(queue_size=1, give_up_after=0.0)
        client.settle({"requestId": "a"})
        client.settle({"requestId": "b"})
        await asyncio.wait_for(client.drain(), 20)
        self.assertEqual([body for _, _, body in server.asked], [[{"requestId": "a"}]])
        await client.close()

    async def test_refused(self) -> None:
        with self.assertRaises(Refused):
            await Server(httpx.Response(400, json={"error": {"code": "BAD_USER_INPUT", "message": "x"}})).client().check({})
        with self.assertRaises(Unavailable):
            await Server(httpx.Response(429, json={"error": {"message": "x"}})).client().check({})
        for url, token in (("", "x"), ("x", "")):
            with self.assertRaises(ValueError):
                Bursar(url, token)

    async def test_bounds(self) -> None:
        """Nonsense of callers is no bound, and details that do not fit are left out."""
        for most in (None, "7", -1, True, 1.5):
            self.assertNotIn("maxOutputTokens", _estimate({"max_tokens": most}))
        self.assertEqual(_estimate({"max_completion_tokens": 5, "max_tokens": 9, "n": "x"})["maxOutputTokens"], 5)
        odd = {"prompt_tokens": 3, "completion_tokens": 1, "metadata": {"usage_object": {
            "cache_read_input_tokens": 4, "prompt_tokens_details": {"audio_tokens": 9}, "completion_tokens_details": {"reasoning_tokens": 2}}}}
        self.assertEqual(_quantities(odd), {"inputTokens": 3, "outputTokens": 1})
        self.assertEqual(_quantities({"prompt_tokens": "x", "completion_tokens": -1}), {"inputTokens": 0, "outputTokens": 0})


if __name__ == "__main__":
    unittest.main()
