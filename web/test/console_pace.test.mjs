import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { load } from "./source.mjs";

const { Pace } = await load("app/pace.ts");

let now = 0;
mock.method(performance, "now", () => now);
let answer;
mock.method(globalThis, "fetch", () => new Promise((resolve) => (answer = resolve)));

/** A request that takes so long, in milliseconds. */
async function answered(pace, time) {
  const response = pace.fetch("/graphql");
  now += time;
  answer(new Response());
  await response;
}

// A server that answers at once is asked once a second at most. After a slow answer, and while one is awaited, pages pause four times as long
// as it took; what is too busy to answer is asked half as often each time, once a minute at least, and as often as before when it answers.
test("pages ask a busy server less often", async () => {
  const pace = new Pace();
  assert.equal(pace.pause(), 1000);
  await answered(pace, 20);
  assert.equal(pace.pause(), 1000);
  await answered(pace, 600);
  await answered(pace, 30);
  assert.equal(pace.pause(), 2400);
  pace.begin();
  assert.equal(pace.pause(), 1000);

  const late = pace.fetch("/graphql");
  now += 1500;
  assert.equal(pace.pause(), 6000);
  now += 600_000;
  assert.equal(pace.pause(), 60_000);
  answer(new Response());
  await late;

  for (const expected of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
    pace.begin();
    pace.refused();
    pace.refused();
    assert.equal(pace.pause(), expected);
  }
  for (const expected of [60_000, 30_000, 15_000, 7500, 3750, 1875, 1000, 1000]) {
    pace.begin();
    assert.equal(pace.pause(), expected);
  }
});
