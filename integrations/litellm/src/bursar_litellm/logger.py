"""The callback of LiteLLM's proxy."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import uuid
from collections.abc import Mapping
from typing import Any, Literal

from fastapi import HTTPException
from litellm.integrations.custom_logger import CustomLogger

from .client import Bursar, Decision, Refused, Settlement, Unavailable

logger = logging.getLogger("bursar_litellm")

_FIELD = "bursar_hold"

_PROVIDERS = {
    "gemini": "google",
    "vertex_ai": "google",
    "vertex_ai_beta": "google",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "azure_ai": "azure",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "xai": "x-ai",
}
"""LiteLLM's names of providers where Bursar's prices have others."""


class _Hold(str):
    """What a call holds, as JSON. A type of its own, because callers may put a text of any content into their metadata."""


class BursarLogger(CustomLogger):
    """
    Asks Bursar before each call, and reports what it has used. In the proxy's configuration:

        litellm_settings:
          callbacks: bursar_callback.logger

    and in bursar_callback.py beside it: `from bursar_litellm import BursarLogger; logger = BursarLogger()`.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        key: Literal["metadata", "hash"] = "metadata",
        models: Mapping[str, tuple[str, str]] | None = None,
        cost: Literal["bursar", "litellm"] = "bursar",
        estimate: Mapping[str, Any] | None = None,
        ttl_seconds: int = 600,
        fail_open: bool = False,
        client: Bursar | None = None,
        **options: Any,
    ) -> None:
        """
        url and token: default BURSAR_URL and BURSAR_TOKEN of the environment.
        key: "metadata": the id of a key of Bursar's stands as bursar_key in the metadata of LiteLLM's key, or of its team, and the hash
        is used where there is none; "hash": Bursar's key has the same secret as LiteLLM's. The token needs acceptsKeyIds for both.
        models: the provider and model, as Bursar's prices name them, of the proxy's model names. Default: the names themselves.
        cost: who says what a call has cost. estimate: fields of UsageEstimateInput that are held, in place of what the request says.
        ttl_seconds: how long a call holds at most. fail_open: whether calls are made while Bursar does not answer.
        """
        super().__init__()
        self._client = client
        self._url, self._token = url or os.environ.get("BURSAR_URL", ""), token or os.environ.get("BURSAR_TOKEN", "")
        if client is None and not (self._url and self._token):
            raise ValueError("bursar_litellm: give url and token, or set BURSAR_URL and BURSAR_TOKEN")
        self._options = options
        self._key, self._models, self._cost = key, dict(models or {}), cost
        self._estimate, self._ttl_seconds, self._fail_open = dict(estimate or {}), ttl_seconds, fail_open

    @property
    def bursar(self) -> Bursar:
        """The client, which is made when it is used first: within the proxy's event loop."""
        if self._client is None:
            self._client = Bursar(self._url, self._token, **self._options)
        return self._client

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: dict[str, Any], call_type: str) -> dict[str, Any]:
        """Holds what the call may use, or raises what its caller is told."""
        request = self._request(user_api_key_dict, data)
        try:
            decision = await self.bursar.check(request)
        except (Unavailable, Refused) as error:
            if self._fail_open and isinstance(error, Unavailable):
                logger.error("a call is made without Bursar: %s", error)
                decision = Decision(allowed=True, status=200, reservation=None, retry_after=None)
            else:
                logger.error("Bursar could not be asked: %s", error)
                status = 503 if isinstance(error, Unavailable) else 500
                raise HTTPException(
                    status_code=status,
                    detail={"error": "Bursar does not answer, so that nothing was sent to the provider.", "type": "UNAVAILABLE"},
                    headers={"retry-after": "1"} if status == 503 else None,
                ) from None
        if not decision.allowed:
            raise _denied(decision)
        hold = {name: request[name] for name in ("requestId", "key", "keyHash", "metadata") if name in request}
        if "secret" in request:  # LiteLLM logs metadata
            hold["keyHash"] = hashlib.sha256(request["secret"].encode()).hexdigest()
        hold["reservationId"] = decision.reservation
        for name in ("metadata", "litellm_metadata"):
            if name == "metadata" or name in data:
                of = data.get(name)
                data[name] = {**of, _FIELD: _Hold(json.dumps(hold))} if isinstance(of, dict) else {_FIELD: _Hold(json.dumps(hold))}
        return data

    async def async_log_success_event(self, kwargs: dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Books what a call has used; of a stream, when it is over."""
        hold = _find(kwargs)
        payload = kwargs.get("standard_logging_object")
        if hold is None or not isinstance(payload, dict):
            return
        if payload.get("cache_hit"):
            self._release(hold)
            return
        self.bursar.settle(self._settlement(hold, payload))

    async def async_log_failure_event(self, kwargs: dict[str, Any], response_obj: Any, start_time: Any, end_time: Any) -> None:
        """Books what a stream has used that broke off. An attempt that used nothing may be followed by another."""
        hold, payload = _find(kwargs), kwargs.get("standard_logging_object")
        if hold is not None and isinstance(payload, dict) and (payload.get("completion_tokens") or 0) > 0:
            self.bursar.settle(self._settlement(hold, payload))

    async def async_post_call_failure_hook(
        self, request_data: dict[str, Any], original_exception: Exception, user_api_key_dict: Any, traceback_str: str | None = None
    ) -> None:
        """Gives back what a call holds that failed after all attempts."""
        hold = _find(request_data)
        if hold is not None:
            self._release(hold)

    def _release(self, hold: dict[str, Any]) -> None:
        if hold.get("reservationId"):
            self.bursar.settle({"reservationId": hold["reservationId"], "release": True})

    def _request(self, user_api_key_dict: Any, data: dict[str, Any]) -> dict[str, Any]:
        name = str(data.get("model") or "")
        provider, model = self._models.get(name, ("", name))
        estimate = self._estimate or _estimate(data)
        request: dict[str, Any] = {"requestId": f"litellm/{uuid.uuid4()}", "ttlSeconds": self._ttl_seconds, "estimate": estimate}
        if provider:
            request["provider"] = provider
        if model:
            request["model"] = model
        metadata = {
            name: str(value)[:1000].replace("\0", "")
            for name, value in {
                "user": getattr(user_api_key_dict, "user_id", None),
                "team": getattr(user_api_key_dict, "team_id", None),
                "endUser": getattr(user_api_key_dict, "end_user_id", None),
                "organization": getattr(user_api_key_dict, "org_id", None),
            }.items()
            if value
        }
        if metadata:
            request["metadata"] = metadata
        key = None
        if self._key == "metadata":
            for of in ("metadata", "team_metadata"):
                key = key or (getattr(user_api_key_dict, of, None) or {}).get("bursar_key")
        if key:
            request["key"] = str(key)
        else:  # LiteLLM hashes keys that begin with sk-, and no others
            known = str(getattr(user_api_key_dict, "api_key", None) or "")
            request["secret" if known.startswith("bsr_") else "keyHash"] = known
        return request

    def _settlement(self, hold: dict[str, Any], payload: dict[str, Any]) -> Settlement:
        provider = str(payload.get("custom_llm_provider") or "")
        named = self._models.get(str(payload.get("model_group") or ""))
        provider, model = named or (_PROVIDERS.get(provider, provider), str(payload.get("model") or "").removeprefix(provider + "/"))
        settlement: Settlement = {
            "requestId": hold["requestId"],
            "provider": provider,
            "model": model[:200],
            **_quantities(payload),
        }
        for name in ("reservationId", "key", "keyHash", "metadata"):
            if hold.get(name):
                settlement[name] = hold[name]
        if self._cost == "litellm" and payload.get("response_cost") is not None:
            settlement["cost"] = f"{max(float(payload['response_cost']), 0.0):.9f}"
        return settlement


def _denied(decision: Decision) -> HTTPException:
    """What the caller of a denied call is told, so that their SDK stops where waiting does not help."""
    headers = {}
    if decision.status == 429 and decision.retry_after is not None and decision.retry_after <= 60:
        headers["retry-after"] = str(decision.retry_after)
    else:
        headers["x-should-retry"] = "false"
    reason = str(decision.denials[0].get("reason", "")) if decision.denials else ""
    return HTTPException(status_code=decision.status, detail={"error": decision.message or "denied", "type": reason}, headers=headers)


def _find(kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """What a call holds, out of the places where the proxy keeps a request's metadata."""
    params = kwargs.get("litellm_params") or {}
    for of in (kwargs, params):
        for name in ("metadata", "litellm_metadata"):
            found = (of.get(name) or {}).get(_FIELD) if isinstance(of.get(name), dict) else None
            if isinstance(found, _Hold):
                hold = json.loads(found)
                return hold if isinstance(hold, dict) else None
    return None


def _estimate(data: dict[str, Any]) -> dict[str, Any]:
    """The upper bounds that a request tells: no text has more tokens than bytes."""
    sent = {name: data[name] for name in ("messages", "prompt", "input", "system", "tools", "functions", "response_format", "instructions") if name in data}
    estimate: dict[str, Any] = {"inputTokens": len(json.dumps(sent, ensure_ascii=False, default=str).encode()) if sent else 0}
    for name in ("max_completion_tokens", "max_tokens", "max_output_tokens"):
        most = data.get(name)
        if isinstance(most, int) and not isinstance(most, bool) and most >= 0:
            answers = data.get("n")
            estimate["maxOutputTokens"] = most * (answers if isinstance(answers, int) and answers > 0 else 1)
            break
    return estimate


def _quantities(payload: dict[str, Any]) -> dict[str, int]:
    """What was used, out of LiteLLM's log. Details that do not fit into the whole are left out."""
    read, written = _number(payload.get("prompt_tokens")), _number(payload.get("completion_tokens"))
    used = (payload.get("metadata") or {}).get("usage_object") or {}
    prompt, completion = used.get("prompt_tokens_details") or {}, used.get("completion_tokens_details") or {}
    cached = max(_number(used.get("cache_read_input_tokens")), _number(prompt.get("cached_tokens")))
    kept = max(_number(used.get("cache_creation_input_tokens")), _number(prompt.get("cache_creation_tokens")))
    quantities = {"inputTokens": read, "outputTokens": written}
    if cached + kept <= read:
        quantities |= {"cachedInputTokens": cached, "cacheWriteTokens": kept}
    thought = _number(completion.get("reasoning_tokens"))
    if thought <= written:
        quantities["reasoningTokens"] = thought
    for name, whole, value in (
        ("audioInputTokens", read, _number(prompt.get("audio_tokens"))),
        ("audioOutputTokens", written, _number(completion.get("audio_tokens"))),
    ):
        if 0 < value <= whole:
            quantities[name] = value
    return {name: value for name, value in quantities.items() if value or name in ("inputTokens", "outputTokens")}


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
