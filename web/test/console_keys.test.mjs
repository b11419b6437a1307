import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { eventually, hasAddress, hasFocus, openPage, startBrowser, tick } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// The pages of API keys: the table, the form, against the real program.

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

const open = (address, role = "ADMIN", options = {}) => openPage(browser, program.origin, `${address}#token=${tenant.tokens[role]}`, options);

const everything = `query($id: ID!) { apiKey(id: $id) {
  name description expiresAt metadata emailNotifications version enabled status owner { ... on Workspace { id } ... on Organization { id } }
  recipients { email source } budgetLimits { id type amount thresholds { amount percent } periodicReset } rateLimits { id type limit interval }
} }`;
const saved = async (id) => (await tenant.graphql(everything, { id })).apiKey;
const added = (key) => key.recipients.filter(({ source }) => source === "ADDED").map(({ email }) => email).sort();

/** Goes on with Tab until an element with this role and name has the focus: nothing is reached but by the keyboard. */
async function tabTo(page, role, name, most = 80) {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let pressed = 0; pressed < most; pressed++) {
    if (await wanted.evaluateAll((found) => found.includes(document.activeElement))) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${role} ${name} is not reached by ${most} Tabs`);
}

// Guarantee: a key with two budgets, a rate limit and three recipients is created with the keyboard alone, one save; its secret is shown
// once, and works.
test("create a key from the keyboard", async () => {
  const { page, assertClean } = await open("/keys/new");
  const type = (text) => page.keyboard.type(text);
  const press = (key) => page.keyboard.press(key);
  await page.getByRole("textbox", { name: "Name" }).waitFor();
  await tabTo(page, "textbox", "Name");
  await type("Support assistant");
  await tabTo(page, "combobox", "Owner");
  await type("P"); // Production: a select takes the first letters, if they come within a second
  await tabTo(page, "textbox", "Description");
  await type("Answers tickets");

  await tabTo(page, "switch", /^Add budget limit/);
  await press("Space");
  await tabTo(page, "textbox", "Amount");
  await type("100");
  await tabTo(page, "textbox", "Alert thresholds");
  await type("50%");
  await press("Enter");
  await type("$90.5");
  await press("Enter");
  await tabTo(page, "button", "Another budget");
  await press("Enter");
  await hasFocus(page.getByRole("group", { name: "Budget 2" }).getByRole("combobox", { name: "Type" }));
  await type("T"); // Tokens
  await tabTo(page, "textbox", "Amount");
  await type("2,000,000");
  await tabTo(page, "combobox", "Resets");
  await type("W"); // Weekly

  await tabTo(page, "switch", /^Add rate limit/);
  await press("Space");
  await tabTo(page, "textbox", "At most");
  await type("60");

  await page.getByRole("heading", { name: "Always written to" }).waitFor();
  await page.getByRole("listitem").filter({ hasText: tenant.emails.OWNER }).getByText("owner", { exact: true }).waitFor();
  await tabTo(page, "textbox", "Further recipients");
  await type("finance@acme.test");
  await press("Enter");
  await type("ops@acme.test");
  await tabTo(page, "button", "New recipient");
  await press("Enter");
  await type("Lea <lea@acme.test>");
  await press("Enter");
  await assertAccessible(page);
  await tabTo(page, "button", "Create key");
  await press("Enter");

  await page.getByRole("heading", { name: "Copy the secret now" }).waitFor();
  const secret = await page.getByTestId("secret").innerText();
  assert.match(secret, /^bsr_/);
  for (const way of ["OpenAI SDK, Python", "OpenAI SDK, Node.js", "A gateway of your own", "curl"]) {
    await page.getByRole("tab", { name: way, exact: true }).click();
    await page.getByLabel(`${way}, code`, { exact: true }).waitFor();
  }
  await page.getByLabel("curl, code", { exact: true }).filter({ hasText: secret }).waitFor();
  await assertAccessibleEverywhere(page);
  const { checkUsage } = await tenant.graphql("query($input: CheckUsageInput!) { checkUsage(input: $input) { allowed apiKeyId } }", { input: { secret } }, "GATEWAY");
  assert.equal(checkUsage.allowed, true);
  const key = await saved(checkUsage.apiKeyId);
  assert.equal(key.name, "Support assistant");
  assert.equal(key.description, "Answers tickets");
  assert.equal(key.owner.id, tenant.workspaceId);
  assert.deepEqual(added(key), ["finance@acme.test", "lea@acme.test", "ops@acme.test"]);
  assert.deepEqual(
    key.budgetLimits.map(({ id, ...limit }) => limit).sort((a, b) => a.type.localeCompare(b.type)),
    [
      { type: "COST", amount: "100", thresholds: [{ amount: "50", percent: 50 }, { amount: "80", percent: 80 }, { amount: "90.5", percent: null }], periodicReset: "MONTHLY" },
      { type: "TOKENS", amount: "2000000", thresholds: [{ amount: "1600000", percent: 80 }], periodicReset: "WEEKLY" },
    ],
  );
  assert.deepEqual(key.rateLimits.map(({ id, ...limit }) => limit), [{ type: "REQUESTS", limit: 60, interval: "MINUTE" }]);

  await page.reload();
  await page.getByRole("textbox", { name: "Name" }).waitFor();
  assert.ok(!(await page.content()).includes(secret));
  assertClean();
  await page.context().close();
});

// Guarantee: a pasted list becomes chips, each address once, whatever parts them; what is none stays in the field and is named; a chip is taken away by its
// button.
test("paste recipients", async () => {
  const { page, assertClean } = await open("/keys/new");
  const field = page.getByRole("textbox", { name: "Further recipients" });
  await field.evaluate((input) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", "Lea <lea@acme.test>; ops@acme.test\nOPS@acme.test, nobody@");
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await page.getByText("nobody@ is not an e-mail address. OPS@acme.test is there already.").waitFor();
  assert.equal(await field.inputValue(), "nobody@");
  const chips = page.getByRole("list", { name: "Further recipients, 2 entered" }).getByRole("listitem");
  await eventually(() => chips.allInnerTexts(), ["lea@acme.test", "ops@acme.test"]);
  await page.getByRole("button", { name: "Remove lea@acme.test" }).click();
  await page.getByRole("list", { name: "Further recipients, 1 entered" }).waitFor();
  assertClean();
  await page.context().close();
});

/** A key with something of everything. */
const full = (name) =>
  createKey(tenant, {
    name,
    description: "Before",
    metadata: { team: "search" },
    recipients: ["old@acme.test", "stays@acme.test"],
    budgetLimits: [
      { type: "COST", amount: "10", alertThresholds: ["5"], periodicReset: "MONTHLY" },
      { type: "TOKENS", amount: "1000", periodicReset: "WEEKLY" },
    ],
    rateLimits: [{ type: "REQUESTS", limit: 60, interval: "MINUTE" }],
  });

// Guarantee: name, owner, expiry, metadata, limits and recipients are changed in one save, which is one operation; what stays keeps its id, and
// what is deleted is named before.
test("edit everything at once", async () => {
  const { apiKey } = await full("Edited");
  const before = await saved(apiKey.id);
  const { page, assertClean } = await open(`/keys/${apiKey.id}/edit`);
  const sent = [];
  page.on("request", (request) => sent.push(request.postData() ?? ""));
  await page.getByRole("textbox", { name: "Name" }).first().fill("Edited twice");
  await page.getByRole("combobox", { name: "Owner" }).selectOption({ label: "Acme (no workspace)" });
  await page.getByRole("textbox", { name: "Description" }).fill("");
  await page.getByLabel("Expires").fill("2099-01-02T03:04");
  await page.getByRole("textbox", { name: "Value of entry 1" }).fill("platform");
  const cost = page.getByRole("group", { name: "Budget 1" });
  await cost.getByRole("textbox", { name: "Amount" }).fill("20");
  await cost.getByRole("button", { name: "Remove alert threshold $5.00" }).click();
  await cost.getByRole("textbox", { name: "Alert thresholds" }).fill("75%");
  await cost.getByRole("textbox", { name: "Alert thresholds" }).press("Enter");
  await page.getByRole("button", { name: "Remove budget 2" }).click();
  await hasFocus(cost.getByRole("combobox", { name: "Type" })); // of the row that is left
  await page.getByRole("button", { name: "Another rate limit" }).click();
  const rate = page.getByRole("group", { name: "Rate limit 2" });
  await hasFocus(rate.getByRole("combobox", { name: "Counts" })); // of the new row
  await rate.getByRole("combobox", { name: "Counts" }).selectOption("TOKENS");
  await rate.getByRole("textbox", { name: "At most" }).fill("100,000");
  await rate.getByRole("combobox", { name: "Window" }).selectOption("DAY");
  await page.getByRole("button", { name: "Remove old@acme.test" }).click();
  await page.getByRole("textbox", { name: "Further recipients" }).fill("new@acme.test"); // left without Enter: it is added all the same
  await page.getByRole("button", { name: "Save" }).click();
  const question = page.getByRole("dialog", { name: "Save, and lose what was counted?" });
  await question.getByText("1,000 tokens a week").waitFor();
  await assertAccessible(page);
  await question.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Edited twice", level: 1 }).waitFor();

  const after = await saved(apiKey.id);
  assert.ok(after.version > before.version);
  assert.equal(sent.filter((body) => body.includes("updateApiKey")).length, 1);
  assert.equal(after.owner.id, tenant.organizationId);
  assert.equal(after.description, null);
  assert.ok(after.expiresAt.startsWith("2099-01-0"));
  assert.deepEqual(after.metadata, { team: "platform" });
  const kept = before.budgetLimits.find(({ type }) => type === "COST");
  assert.deepEqual(after.budgetLimits, [{ ...kept, amount: "20", thresholds: [{ amount: "15", percent: 75 }] }]);
  assert.deepEqual(after.rateLimits.map(({ type, limit, interval }) => `${type} ${limit} ${interval}`).sort(), ["REQUESTS 60 MINUTE", "TOKENS 100000 DAY"]);
  assert.ok(after.rateLimits.some(({ id }) => id === before.rateLimits[0].id));
  assert.deepEqual(added(after), ["new@acme.test", "stays@acme.test"]);
  assertClean();
  await page.context().close();
});

// Guarantee: who saves a key that somebody else has saved meanwhile sees both versions, what each changed; what is chosen is saved, theirs
// included, and nothing before.
test("a conflict shows both versions", async () => {
  const { apiKey } = await full("Shared");
  const { page, assertClean } = await open(`/keys/${apiKey.id}/edit`);
  await page.getByRole("textbox", { name: "Name" }).first().fill("Mine");
  await page.getByRole("group", { name: "Budget 1" }).getByRole("textbox", { name: "Amount" }).fill("50");
  const change = { id: apiKey.id, name: "Theirs", description: "Of theirs", recipients: ["stays@acme.test", "theirs@acme.test"] };
  await tenant.graphql("mutation($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { version } } }", { input: change }, "OWNER");
  const theirs = await saved(apiKey.id);

  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: "Somebody else changed this key" });
  const name = dialog.getByRole("group", { name: /^Name/ });
  await name.getByText("changed by both").waitFor();
  for (const text of ["Was: Shared", "Mine", "Theirs"]) await name.getByText(text, { exact: true }).first().waitFor();
  assert.deepEqual(await saved(apiKey.id), theirs, "nothing is saved yet");
  assert.ok(await dialog.getByRole("group", { name: /^Budget/ }).getByRole("radio", { name: /^Mine/ }).isChecked());
  assert.ok(await dialog.getByRole("group", { name: /^Description/ }).getByRole("radio", { name: /^Theirs/ }).isChecked());
  await assertAccessibleEverywhere(page);
  await name.getByRole("radio", { name: /^Theirs/ }).check();
  await dialog.getByRole("button", { name: "Save what is chosen" }).click();
  await page.getByRole("heading", { name: "Theirs", level: 1 }).waitFor();

  const key = await saved(apiKey.id);
  assert.ok(key.version > theirs.version);
  assert.deepEqual([key.name, key.description], ["Theirs", "Of theirs"]);
  assert.equal(key.budgetLimits.find(({ type }) => type === "COST").amount, "50");
  assert.deepEqual(added(key), ["stays@acme.test", "theirs@acme.test"]);
  assertClean();
  await page.context().close();
});

// Guarantee: all that is wrong is told at once, each beside its field, which is read with it; the first gets the focus. What only the server
// knows comes back beside its field as well, and goes when the field is changed. Nothing typed is lost.
test("errors beside their fields", async () => {
  const strict = await createTenant(program, "Strict");
  await strict.graphql("mutation($input: SetRecipientDomainsInput!) { setRecipientDomains(input: $input) { outsideCount } }", {
    input: { organizationId: strict.organizationId, domains: ["acme.test"] },
  });
  const { page, assertClean } = await openPage(browser, program.origin, `/keys/new#token=${strict.tokens.ADMIN}`);
  await page.getByRole("switch", { name: /^Add budget limit/ }).check();
  const budget = page.getByRole("group", { name: "Budget 1" });
  await budget.getByRole("textbox", { name: "Amount" }).fill("0.5");
  await page.getByRole("switch", { name: /^Add rate limit/ }).check();
  await page.getByRole("textbox", { name: "Further recipients" }).fill("no address");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByText("4 fields need attention.").waitFor();
  const described = async (locator) => locator.evaluate((element) => (element.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
  assert.match(await described(page.getByRole("textbox", { name: "Name" })), /Must not be empty/);
  assert.match(await described(budget.getByRole("textbox", { name: "Amount" })), /at least 1 dollar/);
  assert.match(await described(page.getByRole("textbox", { name: "At most" })), /Must be given/);
  assert.match(await described(page.getByRole("textbox", { name: "Further recipients" })), /Not e-mail addresses: no, address/);
  await hasFocus(page.getByRole("textbox", { name: "Name" }));
  await assertAccessibleEverywhere(page);

  await page.getByRole("textbox", { name: "Name" }).fill("Strict");
  await budget.getByRole("textbox", { name: "Amount" }).fill("5");
  await page.getByRole("textbox", { name: "At most" }).fill("7");
  await page.getByRole("textbox", { name: "Further recipients" }).fill("in@acme.test, out@elsewhere.test");
  await page.getByRole("button", { name: "Create key" }).click();
  const chip = page.getByRole("listitem").filter({ hasText: "out@elsewhere.test" });
  await chip.getByText("outside of the domains").waitFor();
  assert.equal(await page.getByRole("listitem").filter({ hasText: "in@acme.test" }).getByText("outside").count(), 0);
  assert.equal(await budget.getByRole("textbox", { name: "Amount" }).inputValue(), "5");
  await assertAccessible(page);
  await page.getByRole("button", { name: "Remove out@elsewhere.test" }).click();
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("heading", { name: "Copy the secret now" }).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: a MEMBER sees the keys that they created and no others, adds limits to them and cannot change or take away what is there; what
// they may not do is not offered.
test("a MEMBER sees only theirs", async () => {
  const own = await createKey(tenant, { name: "Own key", budgetLimits: [{ type: "COST", amount: "5" }], recipients: ["mine@acme.test"] }, "MEMBER");
  const other = await createKey(tenant, { name: "Of somebody else" });
  const { page, assertClean } = await open("/keys", "MEMBER");
  await page.getByRole("link", { name: "Own key" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Of somebody else" }).count(), 0);
  await page.getByText("1 key", { exact: true }).waitFor();
  assert.equal(await page.getByRole("combobox", { name: "Created by" }).count(), 0);

  await page.goto(`${program.origin}/keys/${other.apiKey.id}`);
  await page.getByText("There is no such API key").waitFor();
  await page.goto(`${program.origin}/keys/${own.apiKey.id}`);
  await page.getByRole("heading", { name: "Own key", level: 1 }).waitFor();
  assert.equal(await page.getByRole("tab", { name: "Audit log" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: "Reset…" }).count(), 0);
  await assertAccessible(page);

  await page.goto(`${program.origin}/keys/${own.apiKey.id}/edit`);
  assert.ok(await page.getByRole("group", { name: "Budget 1" }).getByRole("textbox", { name: "Amount" }).isDisabled());
  assert.equal(await page.getByRole("button", { name: "Remove mine@acme.test" }).count(), 0);
  assert.ok(await page.getByRole("switch", { name: /^Email notifications/ }).isDisabled());
  await page.getByRole("button", { name: "Another budget" }).click();
  await page.getByRole("group", { name: "Budget 2" }).getByRole("textbox", { name: "Amount" }).fill("3");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL((url) => url.pathname === `/keys/${own.apiKey.id}`);
  assert.deepEqual((await saved(own.apiKey.id)).budgetLimits.map(({ amount }) => amount).sort(), ["3", "5"]);
  assertClean(/403/);
  await page.context().close();
});

// Guarantee: the table's state is its address: search, filters, order and page survive a reload and the Back button. Chosen keys are disabled
// together, after a question.
test("the table of keys", async () => {
  const many = await createTenant(program, "Many");
  for (let i = 1; i <= 27; i++) await createKey(many, { name: `Key ${String(i).padStart(2, "0")}`, ...(i === 1 ? { budgetLimits: [{ type: "COST", amount: "5" }] } : {}) });
  const { page, assertClean } = await openPage(browser, program.origin, `/keys?size=25&order=name#token=${many.tokens.ADMIN}`);
  const names = () => page.getByRole("table").getByRole("link").allInnerTexts();
  await page.getByRole("link", { name: "Key 01" }).waitFor();
  await eventually(async () => (await names()).length, 25);
  await page.getByText("27 keys").waitFor();
  const first = page.getByRole("row", { name: /Key 01/ });
  for (const cell of ["Active", "Production", "no limit", "never"]) await first.getByText(cell, { exact: true }).first().waitFor({ state: "attached" });
  await first.getByRole("img", { name: /^Budget: \$0\.00 used, \$0\.00 held, of \$5\.00/ }).waitFor();
  await assertAccessibleEverywhere(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("link", { name: "Key 27" }).waitFor();
  await eventually(names, ["Key 26", "Key 27"]);
  await page.reload();
  await page.getByRole("link", { name: "Key 27" }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "Key 01" }).waitFor();
  await page.getByRole("button", { name: "Name" }).click();
  await page.getByRole("link", { name: "Key 27" }).waitFor();
  await eventually(async () => (await names())[0], "Key 27");
  await hasAddress(page, ({ searchParams }) => searchParams.get("order") === "-name");

  await page.getByRole("searchbox", { name: "Search" }).fill("key 0");
  await page.getByText("9 keys").waitFor();
  await hasAddress(page, ({ searchParams }) => searchParams.get("q") === "key 0");
  await tick(page.getByRole("checkbox", { name: "Choose Key 01" }));
  await tick(page.getByRole("checkbox", { name: "Choose Key 02" }));
  await page.getByRole("region", { name: "Chosen keys" }).getByRole("button", { name: "Disable…" }).click();
  await assertAccessible(page);
  await page.getByRole("dialog", { name: "Disable 2 keys?" }).getByRole("button", { name: "Disable" }).click();
  await page.getByText("2 keys are disabled.").waitFor();
  await tick(page.getByRole("checkbox", { name: "Active" }), false);
  await page.getByText("2 keys", { exact: true }).waitFor();
  await eventually(names, ["Key 02", "Key 01"]);

  // also where they leave the list one after the other
  await page.goto(`${program.origin}/keys?q=key+0&order=name&status=%5B%22ACTIVE%22%5D`);
  await page.getByText("7 keys", { exact: true }).waitFor();
  for (const name of ["Key 03", "Key 04", "Key 05"]) await tick(page.getByRole("checkbox", { name: `Choose ${name}` }));
  await page.getByRole("region", { name: "Chosen keys" }).getByRole("button", { name: "Disable…" }).click();
  await page.getByRole("dialog", { name: "Disable 3 keys?" }).getByRole("button", { name: "Disable" }).click();
  await page.getByText("3 keys are disabled.").waitFor();
  await page.getByRole("region", { name: "Chosen keys" }).waitFor({ state: "detached" });
  await page.getByText("4 keys", { exact: true }).waitFor();
  assertClean();
  await page.context().close();
});
