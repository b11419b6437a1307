import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { hasFocus, openPage, startBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// Workspaces and the organization, against the real program.

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

const open = (address, token = tenant.tokens.ADMIN, options = {}) => openPage(browser, program.origin, `${address}#token=${token}`, options);
const limits = `query($id: ID!) { node(id: $id) { ... on LimitSubject {
  name version budgetLimits { type amount thresholds { amount percent } periodicReset used } rateLimits { type limit interval } recipients { email source }
} } }`;
const saved = async (id) => (await tenant.graphql(limits, { id })).node;
const focused = (locator) => locator.evaluateAll((found) => found.includes(document.activeElement));

/** Goes on with Tab until the element has the focus: nothing is reached but by the keyboard. */
async function tabTo(page, locator) {
  for (let pressed = 0; pressed < 80; pressed++) {
    if (await focused(locator)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${locator} is not reached by 80 Tabs`);
}

// Guarantee: a workspace is created with the keyboard alone and gets a budget with two thresholds, a rate limit and recipients in one
// save; its page shows them.
test("create a workspace and limit it, from the keyboard", async () => {
  const { page, assertClean } = await open("/workspaces");
  const type = (text) => page.keyboard.type(text);
  const press = (key) => page.keyboard.press(key);
  await page.getByRole("link", { name: "Production" }).waitFor();
  await assertAccessibleEverywhere(page);
  await tabTo(page, page.getByRole("button", { name: "New workspace" }));
  await press("Enter");
  await page.getByRole("dialog", { name: "New workspace" }).waitFor();
  await assertAccessible(page);
  await hasFocus(page.getByRole("dialog").getByRole("textbox", { name: "Name" }));
  await type("Support desk");
  await press("Enter");
  await page.getByRole("heading", { name: "Support desk", level: 1 }).waitFor();
  const id = new URL(page.url()).pathname.split("/").at(-1);

  await page.getByText("No limits yet").waitFor();
  await tabTo(page, page.getByRole("link", { name: "Add limits" }));
  await press("Enter");
  await page.getByRole("heading", { name: "Limits of Support desk" }).waitFor();
  await tabTo(page, page.getByRole("button", { name: "Add budget" }));
  await press("Enter");
  await tabTo(page, page.getByRole("textbox", { name: "Amount" }));
  await type("250");
  await tabTo(page, page.getByRole("combobox", { name: "Resets" }));
  await type("M"); // Monthly: a select takes the first letters, if they come within a second
  await tabTo(page, page.getByRole("textbox", { name: "Alert thresholds" }));
  await type("50%"); // beside the 80% that a new budget has
  await press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Add rate limit" }));
  await press("Enter");
  await tabTo(page, page.getByRole("textbox", { name: "At most" }));
  await type("600");
  await tabTo(page, page.getByRole("textbox", { name: "Further recipients" }));
  await type("finance@acme.test");
  await press("Enter");
  await assertAccessibleEverywhere(page);
  await tabTo(page, page.getByRole("button", { name: "Save" }));
  await press("Enter");
  await page.getByText("The limits of Support desk are saved.").waitFor();

  const { budgetLimits, rateLimits, recipients } = await saved(id);
  const thresholds = [{ amount: "125", percent: 50 }, { amount: "200", percent: 80 }];
  assert.deepEqual(budgetLimits, [{ type: "COST", amount: "250", thresholds, periodicReset: "MONTHLY", used: "0" }]);
  assert.deepEqual(rateLimits, [{ type: "REQUESTS", limit: 600, interval: "MINUTE" }]);
  assert.deepEqual(recipients.filter(({ source }) => source === "ADDED").map(({ email }) => email), ["finance@acme.test"]);
  await page.getByRole("img", { name: /^\$0\.00 used, \$0\.00 held, \$250\.00 left/ }).waitFor();
  await page.getByText("finance@acme.test").waitFor();
  await assertAccessibleEverywhere(page);
  assertClean();
  await page.context().close();
});

// Guarantee: what somebody else has saved meanwhile is not overwritten: both are shown, and what is chosen is saved on top of theirs.
test("two edits of one workspace's limits", async () => {
  const id = tenant.workspaceId;
  await tenant.graphql("mutation($input: SetLimitsInput!) { setLimits(input: $input) { subject { id } } }", {
    input: { subjectId: id, budgetLimits: [{ type: "COST", amount: "100", periodicReset: "WEEKLY" }] },
  });
  const { page, assertClean } = await open(`/workspaces/${id}/limits`);
  const amount = page.getByRole("textbox", { name: "Amount" });
  await amount.fill("120");
  await tenant.graphql("mutation($input: AddRecipientsInput!) { addRecipients(input: $input) { recipients { email } } }", {
    input: { subjectId: id, emails: ["theirs@acme.test"] },
  });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog", { name: "Somebody else changed this workspace" }).waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "Save what is chosen" }).click();
  await page.getByText("are saved.").waitFor();
  const { budgetLimits, recipients } = await saved(id);
  assert.deepEqual(budgetLimits.map(({ amount: each }) => each), ["120"]);
  assert.ok(recipients.some(({ email }) => email === "theirs@acme.test"));
  assertClean();
  await page.context().close();
});

// Guarantee: errors stand beside their fields, a name that was changed meanwhile is a conflict, and a workspace that owns keys is not
// deleted but says why.
test("rename and delete a workspace", async () => {
  const { createWorkspace } = await tenant.graphql("mutation($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id version } } }", {
    input: { organizationId: tenant.organizationId, name: "Research" },
  });
  const { id } = createWorkspace.workspace;
  await createKey(tenant, { ownerId: id, name: "Notebook" });
  const { page, assertClean } = await open(`/workspaces/${id}`);
  await page.getByRole("button", { name: "Rename" }).click();
  const dialog = page.getByRole("dialog", { name: "Rename Research" });
  await dialog.getByRole("textbox", { name: "Slug" }).fill("Not A Slug");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText(/lower-case letters, digits and hyphens, no hyphen/).waitFor();
  await dialog.getByRole("textbox", { name: "Slug" }).and(page.locator('[aria-invalid="true"]')).waitFor();
  await tenant.graphql("mutation($input: UpdateWorkspaceInput!) { updateWorkspace(input: $input) { workspace { id } } }", { input: { id, name: "Lab" } });
  await page.locator("h1", { hasText: "Lab" }).waitFor(); // behind the dialog, whose begin stays
  await dialog.getByRole("textbox", { name: "Slug" }).fill("research-2");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Somebody else has changed this workspace").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("heading", { name: "Lab", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  const question = page.getByRole("dialog", { name: "Delete Lab?" });
  await hasFocus(question.getByRole("button", { name: "Cancel" })); // on what does nothing
  await question.getByRole("button", { name: "Delete workspace" }).click();
  await question.getByText("It still owns API keys").waitFor();
  await assertAccessible(page);
  await question.getByRole("link", { name: "Show its keys" }).click();
  await page.waitForURL((url) => url.pathname === "/keys" && url.searchParams.get("owner") === id);
  assertClean();
  await page.context().close();
});

// Guarantee: a MEMBER sees workspaces and the organization with their limits, and is offered no change of them; the address of a form
// offers none either.
test("what a member is not offered", async () => {
  const { page, assertClean } = await open("/workspaces", tenant.tokens.MEMBER);
  await page.getByRole("link", { name: "Production" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "New workspace" }).count(), 0);
  assert.equal(await page.getByRole("button", { name: /^Actions for/ }).count(), 0);
  const navigation = page.getByRole("navigation", { name: "Main" });
  for (const name of ["Access tokens", "Audit log", "Jobs"]) assert.equal(await navigation.getByRole("link", { name }).count(), 0, name);
  await page.goto(`${program.origin}/organization`);
  await page.getByRole("heading", { name: "Limits" }).waitFor();
  for (const name of [/limits$/, "Change", "Edit as operator"]) assert.equal(await page.getByRole("main").getByRole("button", { name }).count(), 0, String(name));
  assert.equal(await page.getByRole("main").getByRole("link", { name: /limits$/ }).count(), 0);
  await page.goto(`${program.origin}/workspaces/${tenant.workspaceId}/limits`);
  await page.getByText("These limits cannot be changed").waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: without governance there is "not in this plan" in place of a form; when the operator changes the plan, there are limits.
test("plan and availability", async () => {
  const free = await createTenant(program, "Free");
  await program.graphql("mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { id } } }", {
    input: { id: free.organizationId, plan: "FREE" },
  });
  const { page, assertClean } = await open("/organization", free.tokens.ADMIN);
  await page.getByText("Limits not in this plan").waitFor();
  await page.getByText("Not in this plan", { exact: true }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Add limits" }).count(), 0);
  await assertAccessibleEverywhere(page);
  await page.goto(`${program.origin}/organization/limits`);
  await page.getByText("Not in this plan", { exact: true }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Add budget" }).count(), 0);
  await page.context().close();
  assertClean();

  const operator = await open("/organization", "root-token-of-the-pages-0000000000000000");
  await operator.page.getByRole("button", { name: /^Organization: / }).click();
  await operator.page.getByRole("menuitemcheckbox", { name: /Free/ }).click();
  await operator.page.getByRole("button", { name: /^Organization: Free/ }).waitFor();
  await operator.page.getByRole("heading", { name: "Overview", level: 1 }).waitFor(); // where it leads
  await operator.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Organization", exact: true }).click();
  await operator.page.getByRole("heading", { name: "Free", level: 1 }).waitFor();
  await operator.page.getByRole("button", { name: "Edit as operator" }).click();
  const dialog = operator.page.getByRole("dialog", { name: "Free, as operator" });
  await dialog.getByRole("combobox", { name: "Plan" }).selectOption("PRO");
  await dialog.getByRole("switch", { name: /Limits with the plan Pro/ }).check();
  await assertAccessible(operator.page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await operator.page.getByText("Limits available").waitFor();
  await operator.page.getByRole("button", { name: "Set", exact: true }).click();
  const quotas = operator.page.getByRole("dialog", { name: "Quotas" });
  await quotas.getByRole("textbox", { name: "Workspaces" }).fill("many");
  await quotas.getByRole("button", { name: "Save" }).click();
  await quotas.getByText("A whole number.").waitFor();
  await quotas.getByRole("textbox", { name: "Workspaces" }).fill("7");
  await quotas.getByRole("button", { name: "Save" }).click();
  await operator.page.getByRole("row", { name: /^Workspaces .* 7$/ }).waitFor();
  operator.assertClean();
  await operator.page.context().close();
});

// Guarantee: an administrator says whether gateways may lease, for how long and whether they may merge events, is told what that gives up, and finds an error beside its field.
test("leases of gateways", async () => {
  const { page, assertClean } = await open("/organization");
  await page.getByText("yes, for 10 seconds at most").waitFor();
  await page.getByText("no, each call has its own").waitFor();
  await page.getByRole("button", { name: "Change" }).nth(1).click();
  const dialog = page.getByRole("dialog", { name: "Leases of gateways" });
  await dialog.getByText("What leases give up").waitFor();
  await assertAccessibleEverywhere(page);
  await dialog.getByRole("textbox", { name: "Longest time of a lease" }).fill("61");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("A whole number, 1 to 60.").waitFor();
  await dialog.getByRole("textbox", { name: "Longest time of a lease" }).fill("30");
  await dialog.getByRole("switch", { name: "Allow events of several calls" }).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("yes, for 30 seconds at most").waitFor();
  await page.getByText("allowed", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Change" }).nth(1).click();
  await dialog.getByRole("switch", { name: "Allow leases" }).uncheck();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("no, each call is asked for").waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: bounds of holds and domains of recipients are set with errors beside their fields, and recipients that were added before and
// are outside of the domains are told.
test("holds and recipient domains", async () => {
  await tenant.graphql("mutation($input: AddRecipientsInput!) { addRecipients(input: $input) { recipients { email } } }", {
    input: { subjectId: tenant.organizationId, emails: ["outside@acme.test"] },
  });
  const { page, assertClean } = await open("/organization");
  await page.getByRole("heading", { name: "Holds of one key" }).waitFor();
  await page.getByRole("button", { name: "Change" }).first().click();
  const holds = page.getByRole("dialog", { name: "What one key may hold" });
  await holds.getByRole("textbox", { name: "Share of the smallest budget" }).fill("120");
  await holds.getByRole("textbox", { name: "Time of a hold" }).fill("900");
  await holds.getByRole("button", { name: "Save" }).click();
  await holds.getByText("A whole number, 1 to 100.").waitFor();
  await holds.getByRole("textbox", { name: "Share of the smallest budget" }).fill("20");
  await holds.getByRole("button", { name: "Save" }).click();
  await page.getByText("15 minutes").waitFor();
  await page.getByText("20%", { exact: true }).waitFor();

  await page.getByRole("button", { name: "Change" }).last().click();
  const domains = page.getByRole("dialog", { name: "Who may be added as recipient" });
  await domains.getByRole("textbox", { name: "E-mail domains" }).fill("me@acme.test");
  await page.keyboard.press("Enter");
  await domains.getByText("Leave out what is before the @").waitFor();
  await domains.getByRole("textbox", { name: "E-mail domains" }).fill(tenant.domain);
  await page.keyboard.press("Enter");
  await domains.getByRole("button", { name: "Save" }).click();
  const told = page.getByRole("dialog", { name: "The domains are saved" });
  await told.getByText(/recipients? (is|are) outside of them/).waitFor();
  await assertAccessible(page);
  await told.getByRole("button", { name: "Done" }).click();
  await page.getByText(`Addresses of ${tenant.domain}.`).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: each alert of a budget can be told to somebody else, and the form shows before saving who is told what, in which mail, who is not mailed and why, and what is raised at once; what is then saved is that.
test("who is told what, before saving", async () => {
  const mine = await createTenant(program);
  const { createWorkspace } = await mine.graphql("mutation($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }", {
    input: { organizationId: mine.organizationId, name: "Told", slug: "told" },
  });
  const id = createWorkspace.workspace.id;
  const key = await createKey(mine, { name: "Spends", ownerId: id });
  await mine.graphql("mutation($input: SetLimitsInput!) { setLimits(input: $input) { subject { id } } }", {
    input: { subjectId: id, budgetLimits: [{ type: "COST", amount: "100", periodicReset: "MONTHLY", timeZone: "Pacific/Kiritimati" }], recipients: ["team@acme.test"] },
  });
  await mine.graphql("mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }", { input: { key: key.secret, cost: "60" } }, "GATEWAY");
  const { page, assertClean } = await open(`/workspaces/${id}/limits`, mine.tokens.ADMIN);
  const told = page.getByRole("heading", { name: "Who is told what" });
  const thresholds = page.getByRole("textbox", { name: "Alert thresholds" });
  await thresholds.waitFor();
  assert.equal(await told.count(), 0, "nothing is changed yet");
  await thresholds.fill("50% 90%");
  await thresholds.press("Enter");
  await told.waitFor();
  const hear = (name) => page.getByRole("list", { name: `Told: ${name}`, exact: true });
  await hear("50% ($50.00)").getByText("team@acme.test").waitFor();
  await page.getByText("at once", { exact: true }).waitFor();

  await page.getByText("Who hears of which alert: all recipients of every alert").click();
  await page.getByLabel("50%", { exact: true }).selectOption("NAMED");
  await page.getByText("Shown when what is typed is complete.").waitFor();
  await page.getByRole("textbox", { name: "Told of “50%”" }).fill("lead@acme.test");
  await page.getByRole("textbox", { name: "Told of “50%”" }).press("Enter");
  await page.getByLabel("Used up, and reset").selectOption("BOTH");
  await page.getByRole("textbox", { name: "Told of “Used up, and reset”" }).fill("finance@acme.test");
  await page.getByRole("textbox", { name: "Told of “Used up, and reset”" }).press("Enter");
  await hear("50% ($50.00)").getByText("lead@acme.test").waitFor();
  assert.equal(await hear("50% ($50.00)").getByText("team@acme.test").count(), 0);
  await hear("Used up").getByText("finance@acme.test").waitFor();
  await hear("Used up").getByText("team@acme.test").waitFor();
  await hear("Reset after it was used up").getByText("finance@acme.test").waitFor();
  await page.getByText(/^\[Bursar\] Approaching: workspace "Told", 50 % of its monthly budget of \$100\.00/).click();
  await page.getByText("Nothing is blocked yet.").first().waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The limits of Told are saved.").waitFor();
  await page.getByText("50 % is told to lead@acme.test. That it is used up is told to finance@acme.test, all recipients.").waitFor();
  await page.getByText(/Since 1 \w+ \d+; resets/).waitFor(); // there: the day before in UTC
  const query = "query($id: ID!) { node(id: $id) { ... on Workspace { budgetLimits { alertRecipients { kind thresholdPercent emails includeSubjectRecipients } } } } alerts { nodes { threshold deliveries { email } } } }";
  const { node, alerts } = await mine.graphql(query, { id });
  assert.deepEqual(node.budgetLimits[0].alertRecipients, [
    { kind: "THRESHOLD", thresholdPercent: 50, emails: ["lead@acme.test"], includeSubjectRecipients: false },
    { kind: "EXHAUSTED", thresholdPercent: null, emails: ["finance@acme.test"], includeSubjectRecipients: true },
  ]);
  assert.deepEqual(alerts.nodes.map(({ threshold, deliveries }) => [threshold, deliveries.map(({ email }) => email)]), [["50", ["lead@acme.test"]]]);
  assertClean();
  await page.context().close();
});
