import assert from "node:assert/strict";
import { test } from "node:test";
import { readdir, readFile } from "node:fs/promises";
import { load } from "./source.mjs";

const { actionName, changesOf, textOf } = await load("pages/audit/diff.ts");
const { outageDetail, outageSentences } = await load("pages/audit/outage.ts");
const { actions } = await load("pages/audit/actions.ts");
const brief = (changes) => changes.map(({ path, kind }) => `${kind} ${path}`);

// What differs comes first, value by value, what every change counts up last of it, and what stayed comes after it.
test("a change is told value by value", () => {
  const before = { id: "key_1", name: "old", enabled: true, metadata: { team: "a", cost: "1" }, alertThresholds: ["1", "2"], expiresAt: null };
  const after = { id: "key_1", name: "new", enabled: true, metadata: { team: "b", owner: "x" }, alertThresholds: ["1", "2"], expiresAt: "2027-01-01" };
  assert.deepEqual(brief(changesOf(before, after)), [
    "changed name",
    "changed metadata.team",
    "added metadata.owner",
    "removed metadata.cost",
    "added expiresAt",
    "same id",
    "same enabled",
    "same alertThresholds",
  ]);
  assert.deepEqual(brief(changesOf({ id: "key_1", version: 1, updatedAt: "a", name: "a" }, { id: "key_1", version: 2, updatedAt: "b", name: "b" })), [
    "changed name",
    "changed version",
    "changed updatedAt",
    "same id",
  ]);
});

// Of what was created nothing was there before, of what was deleted nothing is there after; nulls are no news.
test("creation and deletion", () => {
  assert.deepEqual(brief(changesOf(null, { id: "a", metadata: { x: "1" }, revokedAt: null })), ["added id", "added metadata.x", "same revokedAt"]);
  assert.deepEqual(brief(changesOf({ id: "a", list: [] }, null)), ["removed id", "removed list"]);
  assert.deepEqual(changesOf(null, null), []);
});

// Lists are values: another order is a change. Falsy values are values, too.
test("values that are alike", () => {
  assert.deepEqual(brief(changesOf({ a: ["x", "y"], b: 0, c: "" }, { a: ["y", "x"], b: false, c: "" })), ["changed a", "changed b", "same c"]);
  assert.deepEqual(brief(changesOf({ a: [{ x: 1, y: 2 }] }, { a: [{ y: 2, x: 1 }] })), ["same a"]);
  assert.deepEqual([null, "", [], ["a", 1], { b: [1] }, 0, false].map(textOf), ["–", "(empty)", "(none)", "a, 1", '{"b":[1]}', "0", "false"]);
  assert.equal(textOf("2026-11-16T19:12:06.442419+00:00"), "16 Nov 2026, 19:12:06 UTC");
  assert.equal(textOf("2026-11-16"), "2026-11-16");
});

// Mutations are told in words; what changed behind the server's back is told as it was written.
test("actions in words", () => {
  assert.equal(actionName("createApiKey"), "Create API key");
  assert.equal(actionName("resetBudgetLimit"), "Reset budget limit");
  assert.equal(actionName("update limits"), "update limits");
  assert.equal(actionName("DELETE members"), "DELETE members");
});

// Every action that the filter offers is a mutation of the schema, named once.
test("offered actions are mutations", async () => {
  const folder = new URL("../../graph/schema/", import.meta.url);
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(new URL(name, folder), "utf8")));
  const mutations = texts.flatMap((text) => [...text.matchAll(/^extend type Mutation \{$([^]*?)^\}$/gm)]).flatMap(([, body]) => [...body.matchAll(/^  (\w+)\(/gm)].map(([, name]) => name));
  assert.ok(mutations.length > 30, "the test has found the schema's mutations");
  assert.deepEqual(actions.filter((action) => !mutations.includes(action)), []);
  assert.equal(new Set(actions).size, actions.length);
});

// What went on while Bursar did not answer is told in words: how many calls, what they cost at most, and whose they were. Other entries say nothing of it.
test("outages in words", () => {
  const entry = {
    action: "reportOutage",
    after: {
      beganAt: "2026-01-01T00:00:00Z",
      endedAt: "2026-01-01T00:05:00Z",
      calls: 3,
      cost: "0.5",
      keys: [
        { apiKeyId: "key_1", calls: 2, cost: "0.4" },
        { apiKeyId: "key_2", calls: 1, cost: "0.1" },
      ],
    },
  };
  assert.equal(outageDetail(entry), "3 calls went on, $0.50 at most");
  const [when, what] = outageSentences(entry);
  assert.match(when, /^From .+ to .+ a gateway had no answer of Bursar and let 3 calls go on without a decision\.$/);
  assert.equal(what, "They cost $0.50 at most; the ledger has what they cost. Keys: key_1 (2 calls, $0.40), key_2 (1 call, $0.10).");
  for (const other of [{ action: "setLimits", after: { calls: 1 } }, { action: "reportOutage", after: null }, { action: "reportOutage" }]) {
    assert.equal(outageDetail(other), "");
    assert.deepEqual(outageSentences(other), []);
  }
});
