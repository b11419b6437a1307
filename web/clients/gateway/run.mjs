// Runs real clients against the gateway of `bursar dev` with its demo provider, checks what arrived, what the provider was asked for and what was booked, and
// writes docs/gateway-clients.md. With --check it fails when that page would change. --only go,javascript,python leaves the others out, and writes nothing.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { startCounter } from "./counter.mjs";
import { startDev } from "./dev.mjs";
import { page } from "./page.mjs";
import { scenarios } from "./scenarios.mjs";
import { languages, startWorker } from "./worker.mjs";

const root = join(import.meta.dirname, "../../..");
const { values } = parseArgs({ options: { check: { type: "boolean" }, only: { type: "string" } } });
const chosen = values.only === undefined ? Object.keys(languages) : values.only.split(",");

/** Runs one client in one scenario and returns a row of the table; null when the client cannot do it. */
async function run(worker, client, scenario, { dev, counter, expired }) {
  const name = `${client}: ${scenario.name}`;
  const tag = encodeURIComponent(name);
  const { secret, id } = scenario.expires ? await expired() : await dev.createKey(name, scenario.limits);
  // What a call has used is booked right after its answer. Where the number of calls depends on what is left, the next one waits for that.
  if (scenario.settled) counter.wait(tag, (earlier) => dev.booked(id, earlier));
  const saw = await worker.run({
    client,
    task: scenario.task,
    times: scenario.times ?? 0,
    base: counter.url,
    key: secret,
    model: scenario.model ?? "demo-small",
    max: scenario.max ?? 100,
    headers: { "x-demo": scenario.demo, "x-demo-tag": tag },
  });
  if (saw === null) return null;
  const reached = await dev.reached(tag);
  const charged = reached.filter((request) => request.ended !== "refused");
  const booked = await dev.booked(id, charged.length);
  const told = `${name}: it saw ${saw}; reached ${JSON.stringify(reached)}; booked ${JSON.stringify(booked)}`;
  if (scenario.reached !== undefined) assert.equal(reached.length, scenario.reached, told);
  assert.equal(booked.length, charged.length, told);
  assert.ok(counter.arrived(tag) >= reached.length, told);
  assert.ok(!reached.some((request) => request.key.endsWith(secret.slice(-4))), `the provider has the caller's key: ${told}`);
  const truth = charged.reduce((sum, request) => sum + request.costNanos, 0);
  const nanos = booked.reduce((sum, event) => sum + Math.round(Number(event.cost) * 1e9), 0);
  const estimated = booked.filter((event) => event.estimated).length;
  if (scenario.most !== undefined) assert.ok(nanos > 0 && nanos <= scenario.most && reached.length > 1, told);
  assert.equal(estimated > 0, scenario.estimated === true, told);
  if (estimated === 0) assert.equal(nanos, truth, told);
  return { client, scenario: scenario.name, arrived: counter.arrived(tag), reached: reached.length, saw, booked: booked.length, nanos, estimated };
}

const dev = await startDev(root);
const counter = await startCounter(dev.gateway);
const rows = [];
try {
  const ends = Date.now() + 2000; // of keys that expire, which are used last
  const expiring = await dev.createKey("expires", {}, new Date(ends).toISOString());
  const expired = async () => {
    await new Promise((resolve) => setTimeout(resolve, ends + 100 - Date.now()));
    return expiring;
  };
  const runs = chosen.map(async (name) => {
    const worker = await startWorker(languages[name]);
    try {
      // at the same time, for they wait most of the time until they may try again; each has its scenarios one after the other
      const ran = languages[name].clients.map(async (client) => {
        for (const scenario of scenarios) {
          const row = await run(worker, client, scenario, { dev, counter, expired });
          if (row !== null) rows.push(row);
        }
      });
      await Promise.all(ran);
    } finally {
      worker.stop();
    }
  });
  await Promise.all(runs);
} finally {
  counter.stop();
  await dev.stop();
}
const written = await page(rows, chosen);
if (values.only !== undefined) {
  process.stdout.write(written);
} else {
  const file = join(root, "docs/gateway-clients.md");
  const before = await readFile(file, "utf8").catch(() => "");
  if (!values.check) await writeFile(file, written);
  else assert.equal(written, before, "docs/gateway-clients.md is not what the clients do now: run it without --check");
}
console.error(`${rows.length} runs of ${new Set(rows.map((row) => row.client)).size} clients`);
