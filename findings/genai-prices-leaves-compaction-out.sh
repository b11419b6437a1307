#!/usr/bin/env bash
# genai-prices 0.2.3: an answer of Anthropic that was compacted on the way is priced without the compaction, which is the larger part of what it
# costs.
#
# Guess: usage.iterations lists what the totals beside it are the sum of, so that the totals are enough, as they are for the iterations of
# server tools; a library that prices Anthropic's answers gives the bill.
# Seen: the totals are those of the iterations of type message alone. Anthropic's documentation says that a compaction is billed and that the sum over
# iterations is the bill; the library has $0.00066 for an answer that costs $0.2088.
#
# Source: the extractor "default" of the provider anthropic, which maps input_tokens, output_tokens and the cache fields beside them. Needs Python and PyPI;
# runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check genai-prices==0.2.3
cat >price.py <<'PY'
from datetime import datetime, timezone
from genai_prices import extract_usage

compaction = {"type": "compaction", "input_tokens": 100, "cache_creation_input_tokens": 55096, "cache_read_input_tokens": 0, "output_tokens": 82}
message = {"type": "message", "input_tokens": 180, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 8}
totals = {name: count for name, count in message.items() if name != "type"}


def price(usage):
    read = extract_usage({"model": "claude-sonnet-4-6", "usage": usage}, provider_id="anthropic")
    return read.calc_price(genai_request_timestamp=datetime(2026, 7, 15, tzinfo=timezone.utc)).total_price


print("with its iterations:", price({**totals, "iterations": [compaction, message]}))
both = {name: compaction[name] + message[name] for name in totals}
print("as one sum of them:", price(both))
PY
output=$(venv/bin/python price.py)
printf '%s\n' "$output"
for line in 'with its iterations: 0.00066' 'as one sum of them: 0.20880'; do
  grep -qxF "$line" <<<"$output" || { echo "changed: no more $line" >&2; exit 1; }
done
echo "as described: genai-prices leaves the compaction out"
