"""Who calls LiteLLM's proxy in the tests: keys as its database would have them. LiteLLM hashes what is no hash."""

from litellm.proxy._types import UserAPIKeyAuth


async def check(request, api_key: str) -> UserAPIKeyAuth:
    metadata = {"bursar_key": request.headers["x-test-key"]} if "x-test-key" in request.headers else {}
    return UserAPIKeyAuth(api_key=api_key, user_id="u1", team_id="t1", metadata=metadata)
