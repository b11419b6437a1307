import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { assertAccessibleEverywhere } from "./axe.mjs";
import { openPage, startBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { load } from "./source.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// What limits would have refused, asked in the form that sets them, against the real program.

const { alertsText, barsOf, summary } = await load("pages/limits/whatIf/words.ts");

let program;
let browser;
let tenant;

before(async () => {
  program = await startProgram();
  tenant = await createTenant(program);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

const open = (address, token = tenant.tokens.ADMIN) => openPage(browser, program.origin, `${address}#token=${token}`);

// Guarantee: an admin types limits that are not saved, and is told how much of the usage they would have refused, by limit and by key; the limits stay as they
// were, and the form says what was found out when it is opened again. A field that is wrong is told, and nothing is asked then.
test("what the limits of a form would have refused", async () => {
  const { secret } = await createKey(tenant, { name: "Chat" });
  for (let n = 0; n < 3; n++) {
    await tenant.graphql(
      "mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }",
      { input: { secret, requestId: randomUUID(), inputTokens: 100, cost: "0.75" } },
      "GATEWAY",
    );
  }
  const { page, assertClean } = await open(`/workspaces/${tenant.workspaceId}/limits`);
  await page.getByRole("button", { name: "Add budget" }).click();
  const find = page.getByRole("button", { name: "Find out" });
  await find.click();
  await page.getByText("One field needs attention.").waitFor();
  await page.getByRole("textbox", { name: "Amount" }).fill("2");
  await find.click();
  await page.getByText(/^Of 3 requests from .*, 1 would have been refused, with \$0\.75 of \$2\.25\.$/).waitFor();
  const limits = page.getByRole("table", { name: "What each limit would have refused" });
  assert.match(await limits.innerText(), /\$2\.00 a month[\s\S]*refused in 1 period[\s\S]*1\s*\$0\.75/);
  assert.match(await page.getByRole("table", { name: "Keys whose requests would have been refused" }).innerText(), /Chat\s+\$0\.75\s+1/);
  await assertAccessibleEverywhere(page);

  const saved = await tenant.graphql("query($id: ID!) { node(id: $id) { ... on LimitSubject { budgetLimits { id } } } }", { id: tenant.workspaceId });
  assert.deepEqual(saved.node.budgetLimits, []);
  await page.reload();
  await page.getByText(/1 would have been refused/).waitFor();
  await assertClean();
});

test("a simulation in words", () => {
  assert.equal(alertsText({ type: "COST", alerts: [] }), "none");
  assert.equal(
    alertsText({ type: "COST", alerts: [{ kind: "THRESHOLD", threshold: "80", periods: 3 }, { kind: "EXHAUSTED", threshold: null, periods: 1 }] }),
    "$80.00 in 3 periods, used up in 1 period",
  );
  const span = { from: "2026-11-01T00:00:00Z", to: "2026-11-04T00:00:00Z" };
  assert.deepEqual(barsOf([{ start: "2026-11-02T00:00:00Z", events: 5 }], span.from, span.to, "DAY").values, [0, 5, 0]);
  assert.equal(barsOf([], span.from, span.to, "HOUR").times.length, 72);
  assert.match(summary({ ...span, replayed: { events: 9, cost: "1" }, refused: { events: 0, cost: "0" } }), /^Of 9 requests .*, none would have been refused\.$/);
  assert.match(summary({ ...span, replayed: { events: 0, cost: "0" }, refused: { events: 0, cost: "0" } }), /^Nothing was used/);
});
