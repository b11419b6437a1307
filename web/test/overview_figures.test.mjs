import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./source.mjs";

// The overview's arithmetic, without a browser: what was spent in which period, and where a budget's pace leads.

const { between, change, costOf, daysAt } = await load("pages/overview/days.ts");
const { burnDownOf } = await load("pages/overview/burnDown.ts");

const at = (text) => Date.parse(text);
const bucket = (start, cost) => ({ start: `${start}T00:00:00Z`, cost, requests: 1, tokens: 1, denied: 0 });

// Guarantee: days, weeks from Sunday and months are UTC's; what was spent in each is an exact sum, and its change is that of as many whole days as this
// period has had.
test("what was spent today, this week and this month, against last", () => {
  const days = daysAt(at("2026-11-28T08:30:00Z")); // a Saturday
  assert.deepEqual(
    Object.fromEntries(Object.entries(days).map(([name, time]) => [name, new Date(time).toISOString().slice(0, 10)])),
    { today: "2026-11-28", tomorrow: "2026-11-29", week: "2026-11-22", lastWeek: "2026-11-15", month: "2026-11-01", lastMonth: "2026-10-01" },
  );
  const buckets = [
    bucket("2026-10-03", "4"), bucket("2026-10-31", "100"), bucket("2026-11-02", "0.1"), bucket("2026-11-16", "0.2"), bucket("2026-11-21", "50"),
    bucket("2026-11-23", "0.3"), bucket("2026-11-28", "7.000000001"),
  ];
  const sum = (from, to) => costOf(between(buckets, from, to));
  assert.equal(sum(days.today, days.tomorrow), "7.000000001");
  assert.equal(sum(days.week, days.tomorrow), "7.300000001");
  assert.equal(sum(days.lastWeek, days.week), "50.2");
  assert.equal(sum(days.month, days.tomorrow), "57.600000001");
  assert.equal(sum(days.lastMonth, days.month), "104");
  // six whole days of the week, against the six from last Sunday: 0.3 against 0.2
  assert.equal(change(buckets, days.week, days.lastWeek, days).toFixed(6), "0.500000");
  // 27 whole days of November, 50.6, against the first 27 of October, 4
  assert.equal(change(buckets, days.month, days.lastMonth, days).toFixed(6), "11.650000");
  assert.equal(change(buckets, days.today, days.today, days), undefined, "no whole day yet");
  assert.equal(change([], days.week, days.lastWeek, days), undefined, "nothing to compare with");
});

// Guarantee: a budget's line ends now; the dashed one leads on from there, to the amount at the instant that the server projects, or else to the end of the
// period at the pace of the last 7 days.
test("where the last 7 days lead", () => {
  const now = at("2026-11-21T00:00:00Z");
  const budget = {
    amount: "100",
    used: "40",
    periodStart: "2026-11-01T00:00:00Z",
    periodEnd: "2026-12-01T00:00:00Z",
    projectedExhaustion: null,
    burnDown: [{ at: "2026-11-01T00:00:00Z", used: "0" }, { at: "2026-11-14T00:00:00Z", used: "26" }, { at: "2026-11-21T00:00:00Z", used: "40" }],
  };
  const day = (time) => new Date(time * 1000).toISOString().slice(0, 10);
  const lasting = burnDownOf(budget, now);
  assert.deepEqual(lasting.times.map(day).filter((each, index, all) => each !== all[index - 1]), ["2026-11-01", "2026-11-14", "2026-11-21", "2026-12-01"]);
  assert.deepEqual(lasting.series[0].values.slice(0, 3), [0, 26, 40]);
  const [, pace] = lasting.series;
  assert.ok(pace.dashed);
  assert.deepEqual(pace.values.slice(0, 2), [null, null]);
  assert.equal(pace.values.findLast((value) => value !== null), 60, "2 dollars a day for 10 days");

  const ending = burnDownOf({ ...budget, projectedExhaustion: "2026-11-25T00:00:00Z" }, now);
  const last = ending.series[1].values.findLastIndex((value) => value !== null);
  assert.deepEqual([day(ending.times[last]), ending.series[1].values[last]], ["2026-11-25", 100]);
});
