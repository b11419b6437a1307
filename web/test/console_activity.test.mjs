import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { hasAddress, openPage, savedText, startBrowser } from "./browser.mjs";
import { rootToken, startProgram } from "./program.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// Alerts, mail, the audit log and jobs, against the real program.

let program;
let browser;
let tenant;
let key;

before(async () => {
  program = await startProgram();
  tenant = await createTenant(program);
  key = await createKey(tenant, { name: "Assistant", budgetLimits: [{ type: "COST", amount: "10", alertThresholds: ["5"], periodicReset: "MONTHLY" }] });
  const mutation = "mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }";
  await tenant.graphql(mutation, { input: { key: key.secret, cost: "6", inputTokens: 1, outputTokens: 1 } }, "GATEWAY");
  await tenant.graphql(mutation, { input: { key: key.secret, cost: "5", inputTokens: 1, outputTokens: 1 } }, "GATEWAY");
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

const open = (address, role = "ADMIN", options = {}) => openPage(browser, program.origin, `${address}#token=${tenant.tokens[role]}`, options);
/** Waits until the address has these parameters, in the order of their names. */
const hasSearch = (page, expected) => hasAddress(page, (url) => JSON.stringify([...url.searchParams].sort()) === JSON.stringify(expected));

// Guarantee: alerts are listed with what happened and filtered by kind and time, in the address; an alert's page has its mails, and mails it
// to recipients who were added since, once.
test("alerts", async () => {
  const { page, assertClean } = await open("/alerts");
  const exhausted = page.getByRole("link", { name: "$11.00 of $10.00 used: requests are denied." });
  await exhausted.waitFor();
  await page.getByRole("link", { name: "$6.00 of $10.00 used: the threshold of $5.00 is reached." }).waitFor();
  await page.getByText("2 alerts").waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByLabel("Kind").selectOption("EXHAUSTED");
  await page.getByText("1 alert", { exact: true }).waitFor();
  await page.getByLabel("Raised").selectOption("lastMonth");
  await page.getByText("No alert like this").waitFor();
  await hasSearch(page, [["kind", "EXHAUSTED"], ["range", "lastMonth"]]);
  await page.getByLabel("Raised").selectOption("any");
  await exhausted.click();

  await page.getByRole("heading", { name: "Assistant", level: 1 }).waitFor();
  const mail = (address) => page.getByRole("row", { name: address });
  await mail(tenant.emails.OWNER).waitFor();
  await assertAccessibleEverywhere(page);
  await tenant.graphql("mutation($input: AddRecipientsInput!) { addRecipients(input: $input) { recipients { email } } }", {
    input: { subjectId: key.apiKey.id, emails: ["later@acme.test"] },
  });
  await page.getByRole("button", { name: "Resend" }).click();
  await page.getByText("1 mail is queued.").waitFor();
  await mail("later@acme.test").waitFor();
  await page.getByRole("button", { name: "Resend" }).click();
  await page.getByText("All recipients have been sent it.").waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: mails are listed address by address with what became of them, over pages, and filtered by what became of them and by address, whatever
// page they would be on; the outbox of a server that sends none is one link away.
test("mail", async () => {
  const { page, assertClean } = await open("/mail");
  await page.getByRole("row", { name: new RegExp(`^${tenant.emails.OWNER} Assistant`) }).first().waitFor();
  await assertAccessibleEverywhere(page);
  assert.equal(await page.getByRole("main").getByRole("link", { name: "Outbox" }).getAttribute("href"), "/outbox");
  const many = await createKey(tenant, {
    name: "Many",
    recipients: Array.from({ length: 60 }, (_, number) => `r${number}@acme.test`),
    budgetLimits: [{ type: "TOKENS", amount: "2" }],
  });
  await tenant.graphql("mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }", { input: { key: many.secret, inputTokens: 2 } }, "GATEWAY");
  await page.reload();
  await page.getByText(/^6\d mails$/).waitFor();
  const first = page.getByRole("row", { name: tenant.emails.OWNER }).filter({ hasText: "Assistant" });
  assert.equal(await first.count(), 0); // the oldest are on another page
  await page.getByLabel("To", { exact: true }).fill(tenant.emails.OWNER.toUpperCase());
  await page.keyboard.press("Enter");
  await first.first().waitFor();
  await page.getByText("3 mails", { exact: true }).waitFor();
  await page.getByLabel("Show").selectOption("FAILED");
  await page.getByText("No such mail").waitFor();
  await hasSearch(page, [["address", tenant.emails.OWNER.toUpperCase()], ["show", "FAILED"]]);
  await page.getByLabel("To", { exact: true }).fill("nobody");
  await page.keyboard.press("Enter");
  await page.getByText("Is no e-mail address.").waitFor();
  await page.getByRole("button", { name: "No filters" }).click();
  await page.getByText(/^6\d mails$/).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: a change is in the audit log with who made it and what it was before and after; filters by action, actor and target are in the
// address; what they find is saved as a file.
test("audit log", async () => {
  await tenant.graphql("mutation($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { id } } }", {
    input: { id: key.apiKey.id, name: "Assistant 2", metadata: { team: "support" } },
  });
  const { page, assertClean } = await open("/audit");
  await page.getByLabel("Action").selectOption({ label: "Update API key" });
  const entry = page.locator("details").filter({ hasText: "Update API key" }).first();
  await entry.getByText("name, metadata.team").waitFor();
  await assertAccessibleEverywhere(page);
  await entry.locator("summary").first().focus();
  await page.keyboard.press("Enter");
  const changes = entry.getByRole("region", { name: "What changed" });
  await changes.getByRole("row", { name: /^name changed Assistant Assistant 2$/ }).waitFor();
  await changes.getByRole("row", { name: /^metadata\.team set – support$/ }).waitFor();
  await assertAccessibleEverywhere(page);
  await entry.getByRole("button", { name: "All changes of this API key" }).click();
  await hasSearch(page, [["action", "updateApiKey"], ["target", key.apiKey.id]]);
  const created = page.locator("summary").filter({ hasText: "Create API key" }).first();
  await created.waitFor({ state: "detached" }); // the action still narrows
  await page.getByLabel("Action").selectOption("");
  await created.waitFor();
  await hasSearch(page, [["target", key.apiKey.id]]);

  await page.getByLabel("Target").fill("key_1");
  await page.keyboard.press("Enter");
  await page.getByText("Is no id.").waitFor();
  await page.getByRole("button", { name: "No filters" }).click();
  await hasSearch(page, []);
  const actor = page.getByLabel("Actor");
  await actor.selectOption({ label: "The owner" });
  await page.getByText("No change like this").waitFor(); // who made nothing

  const save = async () => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export CSV" }).click()]);
    return (await savedText(download)).trim().split("\r\n");
  };
  const [header, ...none] = await save();
  assert.match(header, /^id,organizationId,at,actor,action,/);
  assert.deepEqual(none, []);
  await actor.selectOption("");
  await created.waitFor();
  const [, ...all] = await save();
  assert.ok(all.length > 2 && all.every((row) => row.includes(tenant.organizationId)));
  assertClean();
  await page.context().close();
});

// Guarantee: the operator sees the periodic jobs; nobody else is offered them, at their address either. A MEMBER is shown no audit log.
test("jobs, and who is shown what", async () => {
  const { page, assertClean } = await openPage(browser, program.origin, `/operator/jobs#token=${rootToken}`);
  await page.getByRole("row", { name: /^close_periods/ }).waitFor();
  await assertAccessibleEverywhere(page);
  assert.equal(await page.getByRole("main").getByRole("link", { name: "River UI" }).getAttribute("href"), "/jobs");
  assertClean();
  await page.context().close();

  const member = await open("/audit", "MEMBER");
  await member.page.getByText("The audit log is not shown to members").waitFor();
  await member.page.goto(`${program.origin}/operator/jobs`);
  await member.page.getByText("Jobs are the operator’s").waitFor();
  await assertAccessible(member.page);
  await member.page.goto(`${program.origin}/alerts`);
  await member.page.getByText("No alert yet").waitFor(); // the key is not theirs
  member.assertClean();
  await member.page.context().close();
});

// Guarantee: the operator's pages show the organization that is chosen in the switcher: its keys, alerts, mails and audit log, and nothing of others,
// in the file of the audit log either.
test("the operator sees one organization at a time", async () => {
  const other = await createTenant(program, "Beta");
  const quiet = await createKey(other, { name: "Quiet", budgetLimits: [{ type: "TOKENS", amount: "2" }] });
  await other.graphql("mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }", { input: { key: quiet.secret, inputTokens: 2 } }, "GATEWAY");
  const { page, assertClean } = await openPage(browser, program.origin, `/keys#token=${rootToken}`);
  const choose = async (name) => {
    await page.getByRole("button", { name: /^Organization: / }).click();
    await page.getByRole("menuitemcheckbox", { name }).click();
    await page.getByRole("button", { name: new RegExp(`^Organization: ${name}`) }).waitFor();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
  };
  const visit = (name) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true }).click();
  for (const [name, own, foreign] of [["Beta", "Quiet", "Assistant"], ["Acme", "Assistant", "Quiet"]]) {
    await choose(name);
    for (const link of ["API keys", "Alerts", "Mail", "Audit log"]) {
      await visit(link);
      await page.getByRole("heading", { name: link, level: 1 }).waitFor();
      if (link === "Mail" && name === "Acme") await page.getByRole("link", { name: "Many" }).first().waitFor();
      else await page.getByRole("main").getByText(own).first().waitFor();
      assert.equal(await page.getByRole("main").getByText(foreign, { exact: false }).count(), 0, `${link} of ${name}`);
    }
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export CSV" }).click()]);
    const [, ...rows] = (await savedText(download)).trim().split("\r\n");
    const organizationId = name === "Beta" ? other.organizationId : tenant.organizationId;
    assert.ok(rows.length > 2 && rows.every((row) => row.includes(organizationId)));
  }
  assertClean();
  await page.context().close();
});
