import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { eventually, hasAddress, openPage, savedText, startBrowser, tick } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// The usage explorer, against the real program.

let program;
let browser;
let tenant;
let keys;

before(async () => {
  program = await startProgram();
  tenant = await createTenant(program);
  keys = {
    chat: await createKey(tenant, { name: "Chat" }),
    search: await createKey(tenant, { name: "Search", ownerId: tenant.organizationId }),
    mine: await createKey(tenant, { name: "Mine" }, "MEMBER"),
  };
  await record("chat", "openai", "gpt-4.1", "1.25");
  await record("chat", "anthropic", "claude-sonnet-4", "3.50");
  await record("search", "openai", "gpt-4.1", "2.00");
  await record("mine", "mistral", "mistral-small", "0.25", { serviceTier: "BATCH", reasoningTokens: 70 });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

async function record(key, provider, model, cost, parts = {}) {
  const mutation = "mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }";
  await tenant.graphql(mutation, { input: { key: keys[key].secret, provider, model, cost, inputTokens: 1000, outputTokens: 200, ...parts } }, "GATEWAY");
}

const open = (address, role = "ADMIN", options = {}) => openPage(browser, program.origin, `${address}#token=${tenant.tokens[role]}`, options);
const row = (page, name) => page.getByRole("row", { name });
/** The address without what is the browser's. */
const address = (page) => new URL(page.url()).pathname + new URL(page.url()).search;

// Guarantee: the report has exact sums by model, key, workspace and provider; a filter narrows it; each is in the address, and the address
// alone shows the same to somebody else.
test("explore, and hand on the link", async () => {
  const { page, assertClean } = await open("/usage");
  await row(page, /^claude-sonnet-4 50% \$3\.50 1 1,000 0 200/).waitFor();
  await row(page, /^Together 100% \$7\.00 4 4,000 0 800/).waitFor();
  await page.getByText("$7.00").first().waitFor();
  await assertAccessibleEverywhere(page);

  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByLabel("Group by").selectOption("API_KEY");
  await row(page, /^Chat 68% \$4\.75/).waitFor();
  await page.getByRole("button", { name: "Providers All providers" }).click();
  await tick(page.getByRole("checkbox", { name: "openai" }));
  await row(page, /^Search 62% \$2\.00/).waitFor();
  await assertAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("radio", { name: /^Tokens/ }).press("Space");
  await row(page, /^Chat 50% \$1\.25/).waitFor();
  await page.getByRole("tab", { name: "Over time" }).click();
  await page.getByRole("columnheader", { name: "Chat" }).waitFor();
  await page.getByLabel("Interval").selectOption("HOUR");
  await row(page, /2,400 1,200 1,200$/).waitFor();
  await page.getByLabel("Range").selectOption("today");
  await hasAddress(page, ({ searchParams }) => searchParams.get("range") === "today");

  const link = address(page);
  const other = await open(link, "VIEWER");
  await row(other.page, /2,400 1,200 1,200$/).waitFor();
  assert.equal(await other.page.getByRole("button", { name: "Providers openai" }).count(), 1);
  await hasAddress(other.page, link);
  await other.page.goBack(); // to nowhere: the page itself added no address
  other.assertClean();
  await other.page.context().close();

  await page.goBack();
  await hasAddress(page, ({ searchParams }) => searchParams.get("range") !== "today"); // what was chosen is taken back with the browser's button
  assertClean();
  await page.context().close();
});

// Guarantee: usage is reported by service tier, and a tier is a filter like a model is.
test("service tiers", async () => {
  const { page, assertClean } = await open("/usage?by=SERVICE_TIER");
  await row(page, /^Standard 96% \$6\.75 3 3,000 0 600 0/).waitFor();
  await row(page, /^Batch 4% \$0\.25 1 1,000 0 200 70/).waitFor();
  await page.getByRole("button", { name: "Batch", exact: true }).click();
  await row(page, /^Batch 100% \$0\.25/).waitFor();
  await page.getByRole("button", { name: "Service tiers Batch" }).click();
  await tick(page.getByRole("checkbox", { name: "Standard" }));
  await row(page, /^Standard 96%/).waitFor();
  await assertAccessible(page);
  await hasAddress(page, ({ searchParams }) => searchParams.has("tier"));
  assertClean();
  await page.context().close();
});

// Guarantee: a key is found by what is typed, several keys are reported together, and a workspace leaves out keys that it does not own.
test("keys and workspaces", async () => {
  const { page, assertClean } = await open("/usage?by=API_KEY");
  await page.getByRole("button", { name: "API keys All keys" }).click();
  await page.getByRole("searchbox", { name: "Search api keys" }).fill("sea");
  await tick(page.getByRole("checkbox", { name: /^Search/ }));
  await page.getByRole("searchbox", { name: "Search api keys" }).fill("min");
  await tick(page.getByRole("checkbox", { name: /^Mine/ }));
  await page.keyboard.press("Escape");
  await row(page, /^Together 100% \$2\.25/).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "API keys 2 chosen" }).waitFor();
  await page.getByRole("button", { name: "No filters" }).click();
  await page.getByRole("button", { name: "API keys All keys" }).waitFor();
  await page.getByLabel("Workspace").selectOption({ label: "Production" });
  await row(page, /^Together 100% \$5\.00/).waitFor();
  assert.equal(await row(page, /^Search/).count(), 0);
  await row(page, /^Chat/).getByRole("link", { name: "Chat" }).click();
  await page.waitForURL(`**/keys/${keys.chat.apiKey.id}`);
  assertClean();
  await page.context().close();
});

// Guarantee: days that are chosen are in the report as a whole; a range without usage says so.
test("days", async () => {
  const { page, assertClean } = await open("/usage?from=2020-01-01&to=2020-01-31");
  await page.getByText("No usage in this range").first().waitFor();
  await assertAccessible(page);
  const today = new Date().toISOString().slice(0, 10);
  await page.getByLabel("Last day").fill(today);
  await hasAddress(page, ({ searchParams }) => searchParams.get("to") === today);
  await page.getByLabel("First day").fill(today);
  await hasAddress(page, ({ searchParams }) => searchParams.get("from") === today);
  await row(page, /^Together 100% \$7\.00/).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: a MEMBER sees the usage of the keys that they created, alone, and is offered no workspaces.
test("a member's own usage", async () => {
  const { page, assertClean } = await open("/usage?by=API_KEY", "MEMBER");
  await row(page, /^Mine 100% \$0\.25/).waitFor();
  await page.getByText("of the API keys that you created").waitFor();
  assert.equal(await page.getByLabel("Workspace").count(), 0);
  assertClean();
  await page.context().close();
});

// Guarantee: the files have what the report has, and come with the session's token although no link can send it.
test("CSV", async () => {
  const { page, assertClean } = await open("/usage?by=MODEL&provider=%5B%22openai%22%5D");
  await row(page, /^gpt-4\.1/).waitFor();
  const save = async (name) => {
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name }).click()]);
    return savedText(download);
  };
  const report = await save("Report, CSV");
  assert.match(report, /^start,end,model,requests,/);
  assert.match(report, /,gpt-4\.1,2,/);
  assert.ok(!report.includes("claude"), report);
  assert.match(await save("Report for finance tools, FOCUS"), /BilledCost/);
  const events = await save("Single events, CSV");
  assert.equal(events.trim().split("\r\n").length, 3, events);
  assertClean();
  await page.context().close();
});

// Guarantee: while a report is read again, a line above its chart and its table says so, which stands still for who wants less motion; both stay as
// legible as they were.
test("read again", async () => {
  const { page, assertClean } = await open("/usage", "ADMIN", { reducedMotion: "no-preference" });
  await row(page, /^Together 100% \$7\.00/).waitFor();
  const held = [];
  const isReport = (request) => request.postDataJSON()?.operationName === "UsageReport";
  await page.route("**/graphql", (route) => (isReport(route.request()) ? void held.push(route) : route.fallback()));
  await page.getByLabel("Group by").selectOption("API_KEY");
  const lines = page.locator('[data-part="refreshing"]');
  await lines.nth(1).waitFor();
  await lines.nth(0).waitFor();
  await page.getByRole("region", { name: "Totals" }).locator('table[aria-busy="true"]').waitFor();
  const moving = () =>
    lines.evaluateAll((all) => all.map((line) => line.getAnimations({ subtree: true }).filter(({ effect }) => effect.getTiming().iterations === Infinity).length));
  await eventually(moving, [1, 1]);
  await assertAccessibleEverywhere(page);
  await lines.nth(1).waitFor();
  await eventually(moving, [0, 0]);

  await page.unroute("**/graphql");
  await Promise.all(held.map((route) => route.continue().catch(() => {}))); // one whose page gave it up is over
  await row(page, /^Chat 68% \$4\.75/).waitFor();
  await lines.first().waitFor({ state: "detached" });
  assertClean();
  await page.context().close();
});

// Guarantee: a report is compared with the previous period: beside its sums, in both tables and as a dashed line; the address says so.
test("compare with the previous period", async () => {
  const { page, assertClean } = await open("/usage?by=API_KEY&range=7d");
  await row(page, /^Chat 68% \$4\.75/).waitFor();
  await tick(page.getByLabel("Compare with the previous period"));
  await row(page, /^Chat 68% none new \$4\.75/).waitFor();
  await row(page, /^Together 100% none new \$7\.00/).waitFor();
  await page.getByText("none in the previous period").first().waitFor();
  await page.locator("figure li", { hasText: "Previous period" }).waitFor(); // the legend, which says nothing that the tables do not
  await hasAddress(page, "/usage?range=7d&by=API_KEY&compare=true");
  await page.getByRole("tab", { name: "Over time" }).click();
  await page.getByRole("columnheader", { name: "Previous period" }).waitFor();
  await assertAccessibleEverywhere(page);
  await page.reload();
  await page.getByRole("columnheader", { name: "Previous period" }).waitFor();
  await tick(page.getByLabel("Compare with the previous period"), false);
  await page.getByRole("columnheader", { name: "Previous period" }).waitFor({ state: "detached" });
  assertClean();
  await page.context().close();
});

// Guarantee: days are those of the chosen time zone, and weeks begin on the chosen day: in the report, in the address and in the file; the browser's own zone is offered first. A zone whose days begin at no
// whole hour is refused in words, and hours are offered.
test("days of a time zone", async () => {
  const { page, assertClean } = await open("/usage?by=NONE&view=TIME&range=7d", "ADMIN", { timezoneId: "America/New_York" });
  const zone = page.getByLabel("Time zone");
  await page.getByText("Days, weeks and months are those of UTC, weeks from Sunday.").waitFor();
  assert.equal(await zone.locator("option").first().textContent(), "America/New_York (yours)");
  await zone.selectOption("Pacific/Auckland");
  await page.getByLabel("Weeks begin on").selectOption("MONDAY");
  await page.getByText("Days, weeks and months are those of Pacific/Auckland, weeks from Monday.").waitFor();
  const today = new Intl.DateTimeFormat("en-GB", { timeZone: "Pacific/Auckland", day: "numeric", month: "short" }).format(new Date());
  await row(page, new RegExp(`^\\w+,? ${today} \\$7\\.00`)).waitFor();
  await hasAddress(page, "/usage?range=7d&zone=Pacific%2FAuckland&week=MONDAY&by=NONE&view=TIME");
  await assertAccessibleEverywhere(page);

  await page.getByLabel("Interval").selectOption("WEEK");
  await page.getByText(/^Week of /).first().waitFor();
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name: "Report, CSV" }).click()]);
  const [, start] = /\n([^,]+),/.exec(await savedText(download));
  const at = new Date(start);
  assert.equal(new Intl.DateTimeFormat("en-GB", { timeZone: "Pacific/Auckland", weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at), "Monday 00:00");

  await page.getByLabel("Interval").selectOption("DAY");
  await page.goto(page.url().replace("Pacific%2FAuckland", "Asia%2FKolkata"));
  await page.getByText("Days of Asia/Kolkata do not begin at whole hours of UTC").waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("button", { name: "Show hours" }).click();
  await row(page, / \$7\.00$/).waitFor();
  await zone.selectOption("UTC");
  await page.getByText("Days, weeks and months are those of UTC, weeks from Monday.").waitFor();
  assertClean();
  await page.context().close();
});
