import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { eventually, openPage, startBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// Policies, against the real program.

let program;
let browser;
let tenant;
let key;

before(async () => {
  program = await startProgram();
  tenant = await createTenant(program);
  key = await createKey(tenant, { name: "Assistant" });
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

const open = (address, role = "ADMIN", options = {}) => openPage(browser, program.origin, `${address}#token=${tenant.tokens[role]}`, options);
const picture = process.env.BURSAR_TEST_PICTURES; // a folder: what pages look like

/** Keeps what a page looks like, light and dark, at a desk and on a telephone. */
async function show(page, name) {
  if (!picture) return;
  const before = page.viewportSize();
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1440, 390]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `${picture}/${name}-${colorScheme}-${width}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(before);
}

async function reserve(user, cost) {
  const { reserveUsage } = await tenant.graphql(
    "mutation($input: ReserveUsageInput!) { reserveUsage(input: $input) { decision { allowed } } }",
    { input: { secret: key.secret, metadata: { user }, estimate: { cost } } },
    "GATEWAY",
  );
  return reserveUsage.decision.allowed;
}

const createPolicy = async (input) =>
  (await tenant.graphql("mutation($input: CreatePolicyInput!) { createPolicy(input: $input) { policy { id version budgetLimits { id } } } }", { input })).createPolicy.policy;

// Guarantee: from the keyboard alone an administrator makes a policy, with what is wrong beside its field, the first wrong field focused; the list says in
// words what it limits.
test("a policy is made from the keyboard", async () => {
  const { page, assertClean } = await open("/policies");
  await page.getByText("No policy yet").waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("link", { name: "New policy" }).first().focus();
  await page.keyboard.press("Enter");
  const form = page.getByRole("form", { name: "Policy" });
  const name = form.getByRole("textbox", { name: "Name" });
  await name.focus();
  await page.keyboard.press("Enter"); // sends it
  await form.getByText("Must not be empty.").waitFor();
  await eventually(() => name.evaluate((input) => input === document.activeElement), true);
  await assertAccessible(page);
  await page.keyboard.type("Each user");

  await form.getByRole("button", { name: "Add condition" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab"); // from the attribute, which is the model, to the button that removes it
  await page.keyboard.press("Tab");
  await page.keyboard.type("gpt-4*");
  await page.keyboard.press("Enter");
  await form.getByText("gpt-4*", { exact: true }).waitFor();
  await form.getByRole("textbox", { name: "Each value of this metadata" }).focus();
  await page.keyboard.type("user");
  await page.keyboard.press("Enter");
  await form.getByRole("button", { name: "Add budget" }).focus();
  await page.keyboard.press("Enter");
  await form.getByRole("textbox", { name: "Amount" }).focus();
  await page.keyboard.type("0.50");
  await page.keyboard.press("Enter");
  await form.getByText(/at least \$1/i).last().waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("20");
  await assertAccessibleEverywhere(page);
  await show(page, "form");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "Each user", level: 1 }).waitFor();
  await page.getByText("requests whose model is gpt-4*, each metadata user on its own").waitFor();
  await page.getByText("No request yet").waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("link", { name: "Policies" }).first().click();
  await page.getByRole("row", { name: /Each user.*\$20\.00 a month.*Refuses requests/ }).waitFor();
  await assertAccessibleEverywhere(page);
  await assertClean();
});

// Guarantee: groups are listed with what they have used, held and left, the largest first, and follow usage without a reload; one is found by its text, is given an
// amount of its own, and is raised for a while; the server decides by both.
test("groups of a policy", async () => {
  const policy = await createPolicy({
    ownerId: tenant.organizationId, name: "Users", groupBy: ["metadata.user"], budgetLimits: [{ type: "COST", amount: "10", periodicReset: "MONTHLY" }],
    rateLimits: [{ type: "REQUESTS", limit: 60, interval: "HOUR" }],
  });
  assert.equal(await reserve("ann", "9"), true);
  assert.equal(await reserve("bob", "2"), true);
  const { page, assertClean } = await open(`/policies/${policy.id}`);
  const rows = page.getByRole("table", { name: "Groups" }).getByRole("row");
  await rows.filter({ hasText: "bob" }).waitFor();
  assert.match(await rows.nth(1).innerText(), /ann/);
  await page.getByRole("img", { name: "$10.00 a month: $0.00 used, $9.00 held, $1.00 left of $10.00" }).waitFor();
  assert.equal(await reserve("eve", "10"), true);
  await rows.filter({ hasText: "eve" }).waitFor(); // told by the server's events
  assert.match(await rows.nth(1).innerText(), /eve/);
  await assertAccessibleEverywhere(page);
  await show(page, "groups");

  await page.getByRole("searchbox", { name: "Find a group" }).fill("BO");
  await page.keyboard.press("Enter");
  await page.getByText("1 group,").waitFor();
  assert.equal(await rows.count(), 2);
  assert.equal(await reserve("bob", "9"), false);
  await page.getByRole("button", { name: "Change amounts of bob" }).click();
  const dialog = page.getByRole("dialog", { name: "Amounts of bob" });
  const own = dialog.getByRole("textbox", { name: "In place of $10.00 a month" });
  await own.fill("0.5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("At least $1.").waitFor();
  await assertAccessible(page);
  await show(page, "override");
  await own.fill("50");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Own amount").waitFor();
  assert.equal(await reserve("bob", "40"), true);
  assert.equal(await reserve("bob", "20"), false);

  await page.getByRole("button", { name: "Change amounts of bob" }).click();
  await dialog.getByRole("button", { name: "Raise $10.00 a month for a while…" }).click();
  const raise = page.getByRole("dialog", { name: "Raise $10.00 a month of bob?" });
  await raise.getByRole("button", { name: "Raise" }).click();
  assert.equal(await raise.getByRole("textbox", { name: "By" }).getAttribute("aria-invalid"), "true");
  await raise.getByRole("textbox", { name: "By" }).fill("30");
  await raise.getByRole("textbox", { name: "Reason" }).fill("a demo");
  await assertAccessible(page);
  await raise.getByRole("button", { name: "Raise" }).click();
  await page.getByText(/^bob: \$30\.00 more until .*: a demo$/).waitFor();
  assert.equal(await reserve("bob", "20"), true);
  await assertClean();
});

// Guarantee: what somebody else has saved meanwhile is shown beside one's own, nothing is lost, and both are saved; before groups are deleted the form asks; a
// policy is deleted after a question.
test("a policy that two change is saved with both, and deleted", async () => {
  const policy = await createPolicy({
    ownerId: tenant.workspaceId, name: "Models", groupBy: ["model"], budgetLimits: [{ type: "TOKENS", amount: "1000", alertThresholdPercents: [80] }],
  });
  const { page, assertClean } = await open(`/policies/${policy.id}/edit`, "ADMIN", { expected: [/CONFLICT/] });
  const form = page.getByRole("form", { name: "Policy" });
  await form.getByRole("textbox", { name: "Name" }).fill("Every model");
  await form.getByText("80%").first().waitFor();
  await tenant.graphql("mutation($input: UpdatePolicyInput!) { updatePolicy(input: $input) { policy { id } } }", {
    input: { id: policy.id, mode: "SHADOW", budgetLimits: [{ id: policy.budgetLimits[0].id, amount: "2000" }] },
  });
  await form.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "Somebody else changed this policy" });
  await dialog.getByText("refuses requests").first().waitFor();
  await assertAccessible(page);
  await show(page, "conflict");
  await dialog.getByRole("button", { name: "Save what is chosen" }).click();
  await page.getByRole("heading", { name: "Every model", level: 1 }).waitFor();
  await page.getByText("2,000 tokens in all").first().waitFor();
  await page.getByText("Shadow", { exact: true }).first().waitFor();

  await page.getByRole("tab", { name: "Audit log" }).click();
  await page.getByText("updatePolicy").first().waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog", { name: "Delete Every model?" }).getByRole("button", { name: "Delete policy" }).click();
  await page.getByRole("heading", { name: "Policies", level: 1 }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Every model" }).count(), 0);
  await assertClean();
});

// Guarantee: what a policy and a key's limit denied, and would have denied in shadow, is shown by limit and hour, on the page of each.
test("what limits denied, and would have denied in shadow", async () => {
  const policy = await createPolicy({
    ownerId: tenant.organizationId, name: "Shadowed", mode: "SHADOW", groupBy: ["metadata.user"], budgetLimits: [{ type: "COST", amount: "1", periodicReset: "DAILY" }],
  });
  const limited = await createKey(tenant, { name: "Limited", budgetLimits: [{ type: "COST", amount: "1", mode: "SHADOW" }], rateLimits: [{ type: "REQUESTS", limit: 2, interval: "DAY" }] });
  for (let i = 0; i < 4; i++) {
    await tenant.graphql("mutation($input: ReserveUsageInput!) { reserveUsage(input: $input) { decision { allowed } } }",
      { input: { secret: limited.secret, metadata: { user: "kim" }, estimate: { cost: "0.9" } } }, "GATEWAY");
  }
  const { page, assertClean } = await open(`/keys/${limited.apiKey.id}`);
  const table = page.getByRole("table", { name: "What each limit denied" });
  await table.getByRole("row", { name: /2 requests a day\s+2\s+0/ }).waitFor();
  await table.getByRole("row", { name: /\$1\.00 in all\s+0\s+3/ }).waitFor();
  await page.getByRole("table", { name: "Requests that were denied, and that shadow would have denied, by the hour" }).getByRole("row", { name: /2 3$/ }).waitFor();
  await assertAccessibleEverywhere(page);
  await show(page, "denied-key");
  await page.goto(`${program.origin}/policies/${policy.id}?tab=denied`);
  await table.getByRole("row", { name: /\$1\.00 a day\s+0\s+3/ }).waitFor();
  await assertAccessibleEverywhere(page);
  await show(page, "denied-policy");
  await page.goto(`${program.origin}/policies`);
  await page.getByRole("row", { name: /Shadowed.*3 in shadow/ }).waitFor();
  await show(page, "list");
  await assertClean();
});

// Guarantee: who may see policies and not change them is offered no change; a MEMBER sees no policies.
test("roles", async () => {
  const policy = await createPolicy({ ownerId: tenant.organizationId, name: "Watched", groupBy: [], budgetLimits: [{ type: "TOKENS", amount: "1000" }] });
  const viewer = await open("/policies", "VIEWER");
  await viewer.page.getByRole("link", { name: "Watched" }).waitFor();
  assert.equal(await viewer.page.getByRole("link", { name: "New policy" }).count(), 0);
  await viewer.page.getByRole("link", { name: "Watched" }).click();
  await viewer.page.getByRole("heading", { name: "Watched", level: 1 }).waitFor();
  await viewer.page.getByText("No request yet").waitFor();
  for (const name of ["Edit", "Delete…", "Raise…"]) assert.equal(await viewer.page.getByText(name, { exact: true }).count(), 0);
  await viewer.page.goto(`${program.origin}/policies/${policy.id}/edit`);
  await viewer.page.getByText("Owners and admins may change it.").waitFor();
  const member = await open("/policies", "MEMBER");
  await member.page.getByText("Policies are not shown to members").waitFor();
  assert.equal(await member.page.getByRole("navigation").getByRole("link", { name: "Policies" }).count(), 0);
  await viewer.assertClean();
  await member.assertClean();
});
