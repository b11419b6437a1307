import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere, sizes } from "./axe.mjs";
import { eventually, hasAddress, openPage, startBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { load } from "./source.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// The page of one API key, against the real program: what it shows, and what can be done there.

const { snippetsOf } = await load("pages/keys/snippets.ts");
let program;
let browser;
let tenant;
let key;

before(async () => {
  program = await startProgram();
  tenant = await createTenant(program);
  key = await createKey(tenant, {
    name: "Assistant",
    budgetLimits: [{ type: "COST", amount: "10", alertThresholds: ["4"], periodicReset: "MONTHLY" }, { type: "TOKENS", amount: "100000" }],
    rateLimits: [{ type: "REQUESTS", limit: 1000, interval: "DAY" }],
  });
  await record({ inputTokens: 1000, outputTokens: 200, cost: "5", model: "gpt-4.1-mini", provider: "openai" });
  await record({ inputTokens: 500, outputTokens: 100, cost: "1.25", model: "claude-sonnet-4", provider: "anthropic", serviceTier: "BATCH", cacheWriteTokens: 300, reasoningTokens: 60 });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

const open = (address, role = "ADMIN") => openPage(browser, program.origin, `${address}#token=${tenant.tokens[role]}`);
const record = (usage, secret = key.secret) =>
  tenant.graphql("mutation($input: RecordUsageInput!) { recordUsage(input: $input) { replayed } }", { input: { secret, ...usage } }, "GATEWAY");
const reserve = (estimate, requestId, secret = key.secret) =>
  tenant.graphql("mutation($input: ReserveUsageInput!) { reserveUsage(input: $input) { reservation { id } } }", { input: { secret, estimate, requestId } }, "GATEWAY");
const costBar = (page) => page.getByRole("article", { name: "Budget of $10.00 a month" }).getByRole("img").first();

// Guarantee: every part of the page shows what there is, and is accessible, light and dark, at a desk and on a telephone, where the tabs that have no
// room fade out.
test("every part of the page", async () => {
  await reserve({ tokens: 300, cost: "0.5" }, "shown-hold");
  const { page, assertClean } = await open(`/keys/${key.apiKey.id}`);
  await costBar(page).waitFor();
  await eventually(() => costBar(page).getAttribute("aria-label"), "$6.25 used, $0.50 held, $3.25 left of $10.00 a month");
  await page.getByText("Would be admitted").waitFor();
  await assertAccessibleEverywhere(page);
  const strip = page.getByRole("tablist");
  await page.setViewportSize(sizes[1]);
  await strip.and(page.locator('[data-hidden="end"]')).waitFor(); // there is no room for all tabs, and one sees that
  await page.setViewportSize(sizes[0]);
  await strip.and(page.locator(":not([data-hidden])")).waitFor();
  for (const [tab, text] of [["Usage", "claude-sonnet-4"], ["Events", "anthropic"], ["Holds", "shown-hold"], ["Alerts", "the threshold of $4.00 is reached"], ["Audit log", "createApiKey"], ["Use it", "Copy code"]]) {
    await page.getByRole("tab", { name: tab, exact: true }).click();
    await page.getByRole("tabpanel").getByText(text).first().waitFor();
    await assertAccessibleEverywhere(page);
  }
  await hasAddress(page, ({ searchParams }) => searchParams.get("tab") === "use");
  await page.getByRole("tab", { name: "Events", exact: true }).click();
  for (const part of ["Batch", "300 to cache", "60 reasoning"]) await page.getByRole("tabpanel").getByText(part, { exact: true }).first().waitFor({ state: "attached" });
  assertClean();
  await page.context().close();
});

// Guarantee: what would happen to a request is asked of the server, which says every limit that denies it, and counts nothing.
test("a request now", async () => {
  const { page, assertClean } = await open(`/keys/${key.apiKey.id}`);
  await page.getByRole("textbox", { name: "Cost" }).fill("9.5");
  await page.getByRole("textbox", { name: "Tokens" }).fill("99,900");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("Would be denied").waitFor();
  await eventually(() => page.getByText("denies", { exact: true }).count(), 2);
  await page.getByRole("textbox", { name: "Cost" }).fill("x");
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("Must be a number").waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: a budget shows what was used of each of its periods, as a chart whose values can be read.
test("history of periods", async () => {
  await program.awaitHistory();
  const { page, assertClean } = await openPage(browser, program.origin, `/keys?q=Voice+agent#token=${program.adminToken}`);
  await page.getByRole("link", { name: "Voice agent" }).click();
  const chart = page.getByRole("img", { name: /^Use of this budget in its last \d+ periods, oldest first: From / });
  await chart.waitFor();
  assert.match(await chart.getAttribute("aria-label"), /(From \d+ \w+ \d{4}: \$[\d.]+ used of \$8\.00; )+From [^;]+, until now$/);
  assertClean();
  await page.context().close();
});

// Guarantee: the bars move by themselves while traffic is replayed: nobody reloads.
test("bars move during a replay", async () => {
  const { page, assertClean } = await openPage(browser, program.origin, `/keys?q=Assistant+(web)#token=${program.adminToken}`);
  await page.getByRole("link", { name: "Assistant (web)" }).click();
  const bar = page.getByRole("article", { name: "Rate limit of 50,000 requests an hour" }).getByRole("img");
  await bar.waitFor();
  const traffic = new URL("../../data/azure-llm-2023-conversation.csv", import.meta.url).pathname;
  const replay = spawn(program.binary, ["replay", traffic, "--url", program.origin, "--token", program.adminToken, "--speed", "20"]);
  try {
    const element = await bar.elementHandle();
    for (let moves = 0; moves < 3; moves++) {
      const before = await bar.getAttribute("aria-label");
      await page.waitForFunction(([shown, label]) => shown.isConnected && shown.getAttribute("aria-label") !== label, [element, before]);
    }
  } finally {
    const ended = new Promise((resolve) => replay.on("exit", resolve));
    replay.kill("SIGTERM");
    await ended;
  }
  assertClean();
  await page.context().close();
});

// Guarantee: holds are listed and given back, one or all; the bars follow.
test("release holds", async () => {
  const held = await createKey(tenant, { name: "Holding", budgetLimits: [{ type: "TOKENS", amount: "1000" }] });
  for (const id of ["hold-1", "hold-2", "hold-3"]) await reserve({ tokens: 100 }, id, held.secret);
  const { page, assertClean } = await open(`/keys/${held.apiKey.id}?tab=holds`);
  await page.getByRole("button", { name: "Release the hold of hold-2" }).click();
  await page.getByText("2 holds").waitFor();
  await page.getByRole("button", { name: "Release all…" }).click();
  await assertAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Release all" }).click();
  await page.getByText("Nothing is held").waitFor();
  await page.getByRole("tab", { name: "Limits" }).click();
  await page.getByRole("img", { name: "0 tokens used, 0 tokens held, 1,000 tokens left of 1,000 tokens in all" }).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: what gateways have leased of a key is shown with who holds it, what is left of it and which share of the key's limits that is; it is in no list of holds.
test("leases of gateways", async () => {
  await tenant.graphql("mutation($input: SetLeasePolicyInput!) { setLeasePolicy(input: $input) { organization { id } } }", {
    input: { organizationId: tenant.organizationId, allowed: true, ttlSecondsMost: 60 },
  });
  const leased = await createKey(tenant, { name: "Leased", budgetLimits: [{ type: "TOKENS", amount: "1000" }] });
  const { leaseUsage } = await tenant.graphql("mutation($input: LeaseUsageInput!) { leaseUsage(input: $input) { lease { id } } }", {
    input: { secret: leased.secret, requests: 10, tokens: 400, metadata: { gateway: "gateway-eu-1" } },
  }, "GATEWAY");
  await record({ leaseId: leaseUsage.lease.id, secret: undefined, inputTokens: 100 });
  const { page, assertClean } = await open(`/keys/${leased.apiKey.id}?tab=holds`);
  await page.getByRole("heading", { name: "Leases" }).waitFor();
  const row = page.getByRole("row", { name: /gateway-eu-1/ });
  await row.getByText("300 of 400 tokens").waitFor();
  await row.getByText("9 of 10 requests").waitFor();
  await row.getByText("30% of the budget of 1,000 tokens").waitFor();
  await page.getByText("Nothing is held").waitFor();
  await assertAccessibleEverywhere(page);
  assertClean();
  await page.context().close();
});

// Guarantee: rotating shows a new secret, which works, beside the old one for as long as was chosen; disabling and revoking take effect, and
// revoking asks for the key's name.
test("rotate, disable, revoke", async () => {
  const { secret, apiKey } = await createKey(tenant, { name: "Doomed" });
  const check = async (presented) => {
    const { checkUsage } = await tenant.graphql("query($input: CheckUsageInput!) { checkUsage(input: $input) { allowed denials { reason } } }", { input: { secret: presented } }, "GATEWAY");
    return checkUsage.allowed ? "allowed" : checkUsage.denials[0].reason;
  };
  const { page, assertClean } = await open(`/keys/${apiKey.id}`);
  const act = async (name) => {
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  await act("Rotate secret…");
  await assertAccessible(page);
  await page.getByRole("combobox", { name: "The old secret goes on working" }).selectOption("14400");
  await page.getByRole("button", { name: "Rotate", exact: true }).click();
  const next = await page.getByTestId("secret").innerText();
  assert.notEqual(next, secret);
  assert.deepEqual([await check(next), await check(secret)], ["allowed", "allowed"]);
  await assertAccessible(page);
  await page.getByRole("button", { name: "I have copied the secret" }).click();
  await page.getByText(next).waitFor({ state: "detached" });

  await act("Disable…");
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await page.getByText("Doomed is disabled.").waitFor();
  assert.equal(await check(next), "KEY_DISABLED");
  await act("Enable");
  await page.getByText("Doomed is enabled.").waitFor();
  assert.equal(await check(next), "allowed");

  await act("Revoke…");
  const dialog = page.getByRole("dialog", { name: "Revoke Doomed?" });
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await dialog.getByText("That is not its name.").waitFor();
  assert.equal(await check(next), "allowed");
  await dialog.getByRole("textbox").fill("Doomed");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("Doomed is revoked.").waitFor();
  assert.equal(await check(next), "KEY_REVOKED");
  await page.getByRole("button", { name: "Actions" }).waitFor({ state: "detached" });
  assertClean();
  await page.context().close();
});

// Guarantee: the snippets that talk to Bursar work as they stand, with the variables that they name; those of the SDKs are valid programs.
test("snippets", async () => {
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, BURSAR_TOKEN: tenant.tokens.GATEWAY, BURSAR_API_KEY: key.secret };
  const run = (command, flags, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(command, flags, { env: environment });
      let printed = "";
      child.stdout.on("data", (text) => (printed += text));
      child.stderr.on("data", (text) => (printed += text));
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, printed })); // all that it has printed is read
      child.stdin.end(input);
    });
  const snippets = Object.fromEntries(snippetsOf({ origin: program.origin, secret: key.secret }).map((snippet) => [snippet.key, snippet]));
  const curl = await run("sh", [], snippets.curl.text);
  assert.equal(curl.code, 0, curl.printed);
  assert.deepEqual(JSON.parse(curl.printed).data.checkUsage, { allowed: true, httpStatus: 200, denials: [] });
  const gateway = await run(process.execPath, ["--input-type=module"], snippets.gateway.text);
  assert.equal(gateway.code, 0, gateway.printed);
  assert.match(gateway.printed, /status: 200/);
  const node = await run(process.execPath, ["--input-type=module", "--check"], snippets.node.text);
  assert.equal(node.code, 0, node.printed);
  assert.doesNotMatch(snippetsOf({ origin: program.origin })[0].text, /bsr_\w/);
  // the printed key is of the organization that the gateway of bursar dev is for
  const config = await (await fetch(`${program.origin}/console/config.json`)).json();
  const call = await run("sh", [], snippetsOf({ origin: program.origin, secret: program.apiKey, ...config })[0].text);
  assert.equal(JSON.parse(call.printed).object, "chat.completion", call.printed);
});
