import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./source.mjs";

const { readState, writeState, measures, dimensions } = await load("pages/usage/state.ts");
const { nameOf, ordered, shareOf, stacked, startsOf, valueOf } = await load("pages/usage/report.ts");

const key = (digit) => `key_${String(digit).repeat(32)}`;
const initial = readState({});

// A link holds the whole state: what is written into an address is read out of it, through the text of the address as well.
test("the explorer's state survives its address", () => {
  const states = [
    initial,
    { ...initial, selection: { first: "2026-11-01", last: "2026-11-15" } },
    { ...initial, selection: { preset: "24h" }, interval: "HOUR", groupBy: null, measure: "DENIED" },
    ...measures.map((measure) => ({ ...initial, measure })),
    ...dimensions.map((groupBy) => ({ ...initial, groupBy })),
    {
      ...initial,
      workspace: `ws_${"a".repeat(32)}`,
      keys: [key(1), key(2)],
      providers: ["openai", "a, b & c"],
      models: ["4", "true", "gpt-4.1", "claude \"x\""],
    },
  ];
  for (const state of states) {
    assert.deepEqual(readState(writeState(state)), state);
    assert.deepEqual(readState(JSON.parse(JSON.stringify(writeState(state)))), state);
  }
  assert.deepEqual(writeState(initial), {}, "the initial state needs no parameters");
});

// A wrong address shows what it can, and asks the API for nothing that it must refuse.
test("wrong parameters are left out", () => {
  const wrong = { range: 7, interval: "YEAR", by: "KEY", measure: "cost", workspace: "org_1", key: ["key_1", {}, key(3)], model: [null, 4, "", "a", "a"] };
  assert.deepEqual(readState(wrong), { ...initial, keys: [key(3)], models: ["4", "a"] });
  assert.equal(readState({ model: Array.from({ length: 500 }, (_, i) => `m${i}`) }).models.length, 100);
  assert.deepEqual(readState({ provider: "openai" }).providers, ["openai"], "one value needs no list");
});

const bucket = (start, cost, denied = 0) => ({ start, requests: 2, tokens: 30, cost, denied });
const series = (value, costs, others = false) => ({
  dimensions: [{ dimension: "MODEL", value, node: null }],
  others,
  total: { ...bucket("", String(costs.reduce((sum, each) => sum + Number(each), 0))) },
  buckets: costs.map((cost, i) => bucket(`2026-11-0${i + 1}T00:00:00Z`, cost)),
});

// In the stack each series lies on those before it, so that the last one ends at the sum.
test("series are stacked in their order", () => {
  const all = [series("a", ["1.5", "0"]), series("b", ["2", "0.25"]), series(null, ["0", "1"], true)];
  assert.deepEqual(stacked(all, "COST"), [[1.5, 0], [3.5, 0.25], [3.5, 1.25]]);
  assert.deepEqual(stacked(all, "TOKENS"), [[30, 30], [60, 60], [90, 90]]);
  assert.deepEqual(startsOf(all), [Date.UTC(2026, 10, 1) / 1000, Date.UTC(2026, 10, 2) / 1000]);
  assert.deepEqual([stacked([], "COST"), startsOf([])], [[], []]);
  assert.deepEqual(measures.map((measure) => valueOf(bucket("", "0.5", 7), measure)), [0.5, 30, 2, 7]);
});

// The largest series comes first, what was left out comes last even when it is larger.
test("series are ordered by what is measured", () => {
  const all = [series(null, ["9"], true), series("small", ["1"]), series("large", ["3"]), series("also large", ["3"])];
  assert.deepEqual(ordered(all, "COST").map(nameOf), ["also large", "large", "small", "All others"]);
});

// Every series has a name: that of the thing, else the reported value, else what it means that there is none.
test("series are named", () => {
  const named = (dimension, value, node) => nameOf({ others: false, dimensions: [{ dimension, value, node }] });
  assert.equal(named("API_KEY", key(1), { __typename: "ApiKey", name: "Support bot" }), "Support bot");
  assert.equal(named("WORKSPACE", null, null), "No workspace");
  assert.equal(named("MODEL", null, null), "Model not reported");
  assert.equal(named("PROVIDER", "openai", null), "openai");
  assert.equal(nameOf({ others: false, dimensions: [] }), "Everything");
  assert.equal(shareOf(1, 4), 0.25);
  assert.equal(shareOf(0, 0), 0);
});
