#!/usr/bin/env bash
# ajv-cli 5.0.0: a time without quotes in YAML is no string, so that a valid file is refused.
#
# Guess: a YAML file that is valid by its schema is valid for each validator of JSON schemas that reads YAML. at: 2030-01-01T00:00:00Z is a string with the format
# date-time, as the JSON it is the same as.
# Seen: "must be string": the unquoted time is an object to ajv. check-jsonschema 0.39.0 has the same file valid, and ajv-cli has it valid in quotes.
#
# Source: dist/commands/util.js reads YAML with safeLoad of js-yaml 3, whose schema has the type timestamp of YAML 1.1 and makes a Date of it. Needs npm, Python and
# their registries; runs in a temporary folder that it removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund ajv-cli@5.0.0 ajv-formats@2.1.1 js-yaml@3.14.1 >/dev/null 2>&1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0
echo '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {"at": {"type": "string", "format": "date-time"}}}' >schema.json
echo 'at: 2030-01-01T00:00:00Z' >plain.yaml
echo 'at: "2030-01-01T00:00:00Z"' >quoted.yaml
judge() { # FILE
  local ajv other=valid
  ajv=$(node_modules/.bin/ajv validate --spec=draft2020 -c ajv-formats -s schema.json -d "$1" 2>&1 || true)
  venv/bin/check-jsonschema --schemafile schema.json "$1" >/dev/null || other=refused
  printf '%s: ajv-cli %s, check-jsonschema %s\n' "$1" "$(grep -oE 'must be string| valid$' <<<"$ajv" | head -1 | xargs)" "$other"
}
output=$(judge plain.yaml && judge quoted.yaml)
printf '%s\n' "$output"
[[ $output == 'plain.yaml: ajv-cli must be string, check-jsonschema valid'$'\n''quoted.yaml: ajv-cli valid, check-jsonschema valid' ]] || { echo "changed" >&2; exit 1; }
echo "as described: ajv-cli takes an unquoted time for no string"
