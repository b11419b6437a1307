#!/usr/bin/env bash
# @urql/exchange-graphcache 9.0.2: a valid answer to a fragment on another type is warned of, although possibleTypes says that it is none of it.
#
# Guess: with possibleTypes, which "disables heuristic fragment matching", a fragment on Key means nothing for an answer that is a Team: its fields
# are not in the answer, and nothing is said about them.
# Seen: reading is as guessed, but writing an answer visits every fragment unless the whole schema is given, and warns of each field of the others:
# "Invalid undefined: The field at `status` is `undefined`, but the GraphQL query expects a scalar".
#
# Source: SelectionIterator in src/operations/shared.ts, `currentOperation === 'write' && !schema`. Needs npm; runs in a temporary folder that it
# removes.
set -euo pipefail

version=9.0.2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund "@urql/exchange-graphcache@$version" @urql/core@6.0.3 graphql@16.15.0 >/dev/null
cat >finding.mjs <<'J'
import { Client, fetchExchange, gql } from "@urql/core";
import { cacheExchange } from "@urql/exchange-graphcache";

const warnings = [];
console.warn = (text) => warnings.push(text.split(",")[0]);
const data = { subject: { __typename: "Team", id: "1", name: "a" } }; // a Team has no status
const client = new Client({
  url: "http://unused.test",
  preferGetMethod: false,
  fetch: async () => new Response(JSON.stringify({ data }), { headers: { "Content-Type": "application/json" } }),
  exchanges: [cacheExchange({ possibleTypes: { Subject: ["Key", "Team"] } }), fetchExchange],
});
const answer = await client.query(gql`{ subject { id ... on Key { status } ... on Team { name } } }`, {}).toPromise();
console.log(JSON.stringify({ data: answer.data, error: answer.error?.message, warnings }));
J
seen=$(node finding.mjs)
printf 'graphcache %s: %s\n' "$version" "$seen"
[[ $seen == *'"name":"a"'* && $seen != *'"error"'* ]] || { echo 'changed: another answer' >&2; exit 1; }
[[ $seen == *'Invalid undefined: The field at `status` is `undefined`'* ]] || { echo 'changed: no warning' >&2; exit 1; }
