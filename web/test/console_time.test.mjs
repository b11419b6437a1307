import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./source.mjs";

const { rangeOf, previousRange, readSelection, startOfDay, writeSelection, presets } = await load("time/range.ts");
const { isTimeZone } = await load("time/place.ts");
const { axisText, bucketText } = await load("time/format.ts");
const { dayAt, dayUTC } = await load("ui/format.ts");
const { bucketsAtMost, fittingInterval, intervalOf, intervalsFor } = await load("time/interval.ts");

const now = new Date("2026-11-28T08:30:48.123Z"); // a Saturday
const written = ({ from, to }) => [from.toISOString(), to.toISOString()];
const fallback = { preset: "30d" };

// Presets begin with days, weeks (from Sunday) and months of UTC, and end with the current hour or the end of their month.
test("presets are spans of UTC", () => {
  const end = "2026-11-28T09:00:00.000Z";
  const expected = {
    "24h": ["2026-11-27T09:00:00.000Z", end],
    today: ["2026-11-28T00:00:00.000Z", end],
    "7d": ["2026-11-22T00:00:00.000Z", end],
    "30d": ["2026-10-30T00:00:00.000Z", end],
    "90d": ["2026-08-31T00:00:00.000Z", end],
    week: ["2026-11-22T00:00:00.000Z", end],
    month: ["2026-11-01T00:00:00.000Z", end],
    lastMonth: ["2026-10-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z"],
    "12m": ["2025-12-01T00:00:00.000Z", end],
  };
  assert.deepEqual(Object.keys(expected), presets);
  for (const preset of presets) assert.deepEqual(written(rangeOf({ preset }, now)), expected[preset], preset);
});

// A range is never empty, not at the first instant of a day, a week on a Sunday, a month or a year.
test("presets at the edges of the calendar", () => {
  for (const instant of ["2026-11-01T00:00:00Z", "2027-01-01T00:00:00Z", "2028-02-29T23:59:59.999Z", "2028-03-01T00:00:00Z"]) {
    const at = new Date(instant);
    for (const preset of presets) {
      const { from, to } = rangeOf({ preset }, at);
      assert.ok(from < to, `${preset} at ${instant}`);
      if (preset !== "lastMonth") assert.ok(from <= at && at < to, `${preset} at ${instant} has that instant`);
    }
  }
  const january = new Date("2027-01-31T12:00:00Z");
  assert.deepEqual(written(rangeOf({ preset: "lastMonth" }, january)), ["2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"]);
});

// Days that were chosen are both in the range, in whichever order they were given.
test("chosen days are in the range as a whole", () => {
  const expected = ["2026-11-03T00:00:00.000Z", "2026-11-06T00:00:00.000Z"];
  assert.deepEqual(written(rangeOf({ first: "2026-11-03", last: "2026-11-05" }, now)), expected);
  assert.deepEqual(written(rangeOf({ first: "2026-11-05", last: "2026-11-03" }, now)), expected);
});

// The previous period is as long as what has passed of this one, and begins where a person looks for it: the same hours of the day before, of the week
// before, of the month before, which may be shorter, of the year before.
test("the previous period", () => {
  const previous = (selection) => written(previousRange(selection, rangeOf(selection, now)));
  assert.deepEqual(previous({ preset: "24h" }), ["2026-11-26T09:00:00.000Z", "2026-11-27T09:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "today" }), ["2026-11-27T00:00:00.000Z", "2026-11-27T09:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "7d" }), ["2026-11-15T00:00:00.000Z", "2026-11-21T09:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "week" }), ["2026-11-15T00:00:00.000Z", "2026-11-21T09:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "30d" }), ["2026-09-30T00:00:00.000Z", "2026-10-29T09:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "90d" }), ["2026-06-02T00:00:00.000Z", "2026-08-30T09:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "month" }), ["2026-10-01T00:00:00.000Z", "2026-10-28T09:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "lastMonth" }), ["2026-09-01T00:00:00.000Z", "2026-10-01T00:00:00.000Z"]);
  assert.deepEqual(previous({ preset: "12m" }), ["2024-12-01T00:00:00.000Z", "2025-11-28T09:00:00.000Z"]);
  assert.deepEqual(previous({ first: "2026-11-03", last: "2026-11-05" }), ["2026-10-31T00:00:00.000Z", "2026-11-03T00:00:00.000Z"]);
  const march = new Date("2026-03-31T12:00:00Z");
  assert.deepEqual(written(previousRange({ preset: "month" }, rangeOf({ preset: "month" }, march))), ["2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"]);
});

// What an address says is read as it was written; days that are none, and unknown presets, are the fallback.
test("selections survive their address, and wrong ones are replaced", () => {
  for (const selection of [...presets.map((preset) => ({ preset })), { first: "2026-02-01", last: "2026-02-28" }]) {
    assert.deepEqual(readSelection(writeSelection(selection), fallback), selection);
  }
  for (const search of [{}, { range: "for ever" }, { from: "2026-02-30", to: "2026-03-01" }, { from: "2026-02-01" }, { from: 20260201, to: 20260301 }]) {
    assert.deepEqual(readSelection(search, fallback), fallback);
  }
  assert.equal(startOfDay("2026-02-30"), null);
  assert.equal(startOfDay("2028-02-29").toISOString(), "2028-02-29T00:00:00.000Z");
});

// Every range has an interval, and none that is offered makes more buckets than the API answers for ten series and the others.
test("intervals fit their range", () => {
  const cases = { "24h": "HOUR", today: "HOUR", "7d": "DAY", "30d": "DAY", "90d": "DAY", week: "DAY", lastMonth: "DAY", "12m": "WEEK" };
  for (const [preset, interval] of Object.entries(cases)) assert.equal(intervalOf(rangeOf({ preset }, now)), interval, preset);
  const years = rangeOf({ first: "1990-01-01", last: "2026-11-28" }, now);
  assert.deepEqual(intervalsFor(years), ["MONTH"]);
  assert.equal(fittingInterval(years, "HOUR"), "MONTH");
  for (const preset of presets) {
    for (const interval of intervalsFor(rangeOf({ preset }, now))) {
      assert.ok(bucketsAtMost(rangeOf({ preset }, now), interval) * 11 <= 20_000, `${preset} by ${interval}`);
    }
  }
  assert.equal(fittingInterval(rangeOf({ preset: "7d" }, now), "HOUR"), "HOUR");
  assert.equal(fittingInterval(rangeOf({ preset: "7d" }, now), null), "DAY");
});

// In a time zone days, weeks and months begin at its midnights: on days of 23 and 25 hours, where a midnight does not exist, and where clocks are no whole hours off UTC. The previous period is at the same time of
// its clocks.
test("ranges of a time zone", () => {
  const of = (selection, instant, timeZone, weekStartsOn = "SUNDAY") => written(rangeOf(selection, new Date(instant), { timeZone, weekStartsOn }));
  const berlin = { timeZone: "Europe/Berlin", weekStartsOn: "MONDAY" };
  assert.deepEqual(of({ preset: "today" }, "2026-10-25T12:30:00Z", "Europe/Berlin"), ["2026-10-24T22:00:00.000Z", "2026-10-25T13:00:00.000Z"]);
  assert.deepEqual(of({ first: "2026-10-25", last: "2026-10-25" }, "2026-11-01T00:00:00Z", "Europe/Berlin"), ["2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"]);
  assert.deepEqual(of({ first: "2026-03-29", last: "2026-03-29" }, "2026-11-01T00:00:00Z", "Europe/Berlin"), ["2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"]);
  assert.deepEqual(of({ preset: "week" }, "2026-11-29T12:00:00Z", "Europe/Berlin", "MONDAY"), ["2026-11-22T23:00:00.000Z", "2026-11-29T13:00:00.000Z"]);
  assert.deepEqual(of({ preset: "month" }, "2026-11-01T03:00:00Z", "America/New_York"), ["2026-10-01T04:00:00.000Z", "2026-11-01T04:00:00.000Z"]);
  assert.deepEqual(of({ first: "2026-09-06", last: "2026-09-06" }, "2026-11-01T00:00:00Z", "America/Santiago"), ["2026-09-06T04:00:00.000Z", "2026-09-07T03:00:00.000Z"], "no midnight");
  assert.deepEqual(of({ preset: "today" }, "2026-11-28T20:00:00Z", "Asia/Kolkata"), ["2026-11-28T18:30:00.000Z", "2026-11-28T21:00:00.000Z"]);
  const monday = rangeOf({ preset: "week" }, new Date("2026-10-27T09:30:00Z"), berlin);
  assert.deepEqual(written(previousRange({ preset: "week" }, monday, berlin)), ["2026-10-18T22:00:00.000Z", "2026-10-20T09:00:00.000Z"], "11:00 on the clocks, an hour later by UTC");
  for (const preset of presets) {
    const { from, to } = rangeOf({ preset }, now, berlin);
    const before = previousRange({ preset }, { from, to }, berlin);
    assert.ok(from < to && before.from < before.to && before.to <= to, preset);
  }
});

// Only names of regions and UTC are time zones: an address with another one shows UTC.
test("names of time zones", () => {
  for (const name of ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata"]) assert.ok(isTimeZone(name), name);
  for (const name of ["CET", "Mars/Base", "utc", "", "Europe/", 5, null, "+01:00", "a\u0000"]) assert.ok(!isTimeZone(name), String(name));
  assert.match(bucketText(new Date("2026-11-27T23:00:00Z"), "DAY", "Europe/Berlin"), /^Sat,? 28 Nov$/);
  assert.match(bucketText(new Date("2026-11-27T23:00:00Z"), "DAY"), /^Fri,? 27 Nov$/);
  assert.deepEqual([axisText(new Date("2026-11-27T23:00:00Z"), "HOUR", "Europe/Berlin"), axisText(new Date("2026-11-27T23:00:00Z"), "HOUR")], ["28 Nov", "23:00"]);
});

// The first day of a budget's period is that of its time zone, not the one of UTC before it.
test("days of a budget's time zone", () => {
  assert.deepEqual([dayAt("2026-10-31T23:00:00Z", "Europe/Berlin"), dayUTC("2026-10-31T23:00:00Z"), dayAt("2026-10-31T23:00:00Z", "UTC")], ["1 Nov 2026", "31 Oct 2026", "31 Oct 2026"]);
});
