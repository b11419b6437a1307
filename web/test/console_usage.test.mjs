import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./source.mjs";

const { readState, writeState, measures, dimensions } = await load("pages/usage/state.ts");
const { nameOf, ordered, shareOf, stacked, valueOf } = await load("pages/usage/report.ts");
const { variablesOf } = await load("pages/usage/query.ts");
const { filesOf } = await load("pages/usage/exports.ts");
const { changeText, previousOf } = await load("pages/usage/comparison.ts");

const key = (digit) => `key_${String(digit).repeat(32)}`;
const initial = readState({});

// A link holds the whole state: what is written into an address is read out of it, through the text of the address as well.
test("the explorer's state survives its address", () => {
  assert.ok(readState(writeState({ ...initial, compare: true })).compare && !readState({ compare: "yes" }).compare);
  const states = [
    initial,
    { ...initial, selection: { first: "2026-11-01", last: "2026-11-15" } },
    { ...initial, selection: { preset: "24h" }, interval: "HOUR", groupBy: null, measure: "DENIED", view: "TIME" },
    ...measures.map((measure) => ({ ...initial, measure })),
    ...dimensions.map((groupBy) => ({ ...initial, groupBy })),
    {
      ...initial,
      workspace: `ws_${"a".repeat(32)}`,
      keys: [key(1), key(2)],
      providers: ["openai", "a, b & c"],
      models: ["4", "true", "gpt-4.1", "claude \"x\""],
      tiers: ["BATCH", "PRIORITY"],
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
  const wrong = { range: 7, interval: "YEAR", by: "KEY", measure: "cost", workspace: "org_1", key: ["key_1", {}, key(3)], model: [null, 4, "", "a", "a"], tier: ["TURBO", "FLEX"] };
  assert.deepEqual(readState(wrong), { ...initial, keys: [key(3)], models: ["4", "a"], tiers: ["FLEX"] });
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

// In the stack each layer lies on those before it, so that the last one ends at the sum.
test("layers are stacked in their order", () => {
  assert.deepEqual(stacked([[1.5, 0], [2, 0.25], [0, 1]]), [[1.5, 0], [3.5, 0.25], [3.5, 1.25]]);
  assert.deepEqual(stacked([]), []);
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
  assert.equal(named("SERVICE_TIER", "BATCH", null), "Batch");
  assert.equal(named("SERVICE_TIER", null, null), "Denied");
  assert.equal(nameOf({ others: false, dimensions: [] }), "Everything");
  assert.equal(shareOf(1, 4), 0.25);
  assert.equal(shareOf(0, 0), 0);
});

// The report is asked for what the state says, and for no more: no filter that restricts nothing, no top without groups.
test("a state is a query", () => {
  const range = { from: new Date("2026-11-01"), to: new Date("2026-12-01") };
  const [from, to] = ["2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"];
  const organization = `org_${"0".repeat(32)}`;
  assert.deepEqual(variablesOf(initial, range, "DAY", organization), {
    filter: { subjectId: organization, from, to },
    interval: "DAY",
    groupBy: ["MODEL"],
    top: 8,
    orderBy: "COST",
    compareWith: null,
  });
  const workspace = `ws_${"a".repeat(32)}`;
  const state = { ...initial, groupBy: null, measure: "DENIED", workspace, keys: [key(1)], models: ["a"], providers: ["b"], tiers: ["FLEX"] };
  assert.deepEqual(variablesOf(state, range, "HOUR", organization), {
    filter: { subjectId: workspace, from, to, apiKeyIds: [key(1)], providers: ["b"], models: ["a"], serviceTiers: ["FLEX"] },
    interval: "HOUR",
    groupBy: [],
    top: null,
    orderBy: "REQUESTS",
    compareWith: null,
  });
  assert.equal(variablesOf(initial, range, "DAY", null).filter.subjectId, null, "a member's own keys");
});

// The files ask for what the report shows, and for nothing that their export refuses: FOCUS has no weeks and no groups, events are of one key.
test("a report is files", () => {
  const range = { from: new Date("2026-11-01"), to: new Date("2026-12-01") };
  const organization = `org_${"0".repeat(32)}`;
  const of = (state, interval) => filesOf(variablesOf({ ...initial, ...state }, range, interval, organization)).map(({ address }) => new URL(address, "http://x"));
  const [report, focus, events] = of({ models: ["a&b"], tiers: ["BATCH", "FLEX"] }, "WEEK");
  assert.deepEqual([report, focus, events].map(({ pathname }) => pathname), ["/export/usage.csv", "/export/usage.csv", "/export/events.csv"]);
  assert.deepEqual(["interval", "groupBy", "models", "subjectId", "format"].map((name) => report.searchParams.get(name)), ["WEEK", "MODEL", "a&b", organization, null]);
  assert.deepEqual(["interval", "groupBy", "models", "subjectId", "format"].map((name) => focus.searchParams.get(name)), ["DAY", null, "a&b", organization, "focus"]);
  assert.deepEqual(["from", "to", "models", "ownerId", "apiKeyId"].map((name) => events.searchParams.get(name)), [
    "2026-11-01T00:00:00.000Z",
    "2026-12-01T00:00:00.000Z",
    "a&b",
    organization,
    null,
  ]);
  for (const file of [report, focus, events]) assert.deepEqual(file.searchParams.getAll("serviceTiers"), ["BATCH", "FLEX"]);
  const [, , ofOne] = of({ keys: [key(1)] }, "DAY");
  assert.deepEqual([ofOne.searchParams.get("apiKeyId"), ofOne.searchParams.get("ownerId")], [key(1), null]);
  assert.equal(of({ keys: [key(1), key(2)] }, "DAY").length, 2);
});

// A comparison is asked for with the report, of the previous period; its change is a percentage, where there was something.
test("the previous period", () => {
  const range = { from: new Date("2026-11-08T00:00:00Z"), to: new Date("2026-11-14T11:00:00Z") };
  const state = { ...initial, selection: { preset: "7d" } };
  assert.equal(variablesOf(state, range, "DAY", "org").compareWith, null);
  assert.deepEqual(variablesOf({ ...state, compare: true }, range, "DAY", "org").compareWith, { from: "2026-11-01T00:00:00.000Z", to: "2026-11-07T11:00:00.000Z" });

  const sums = { requests: 1, tokens: 2, cost: "3", denied: 0 };
  assert.deepEqual(previousOf({ compared: sums, comparedBuckets: [sums] }, range), { range, total: sums, buckets: [sums] });
  assert.equal(previousOf({ compared: null, comparedBuckets: null }, range), undefined);

  assert.deepEqual([[12, 10], [8, 10], [10, 10], [1, 0], [0, 0], [5000, 1]].map(([now, then]) => changeText(now, then)), ["+20%", "−20%", "±0%", "new", "", "×5,000"]);
});
