import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessibleEverywhere } from "./axe.mjs";
import { openPage, startBrowser } from "./browser.mjs";
import { rootToken, startProgram } from "./program.mjs";

// The pages of the whole program, under the headers that it sends.

let server;
let origin;
let graphql;
let browser;

before(async () => {
  server = await startProgram();
  ({ origin, graphql } = server);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

// Guarantee: the manual and GraphiQL against the real API show without a violation of their policies.
test("manual, GraphiQL", async () => {
  for (const address of ["/docs/", "/docs/operations", "/docs/performance"]) {
    const { page, assertClean } = await openPage(browser, origin, address);
    assert.match(await page.locator("h1").first().innerText(), /\S/, address);
    assertClean();
    await page.context().close();
  }
  const { page, assertClean } = await openPage(browser, origin, `/graphiql#token=${rootToken}`);
  await page.locator('.access[data-state="accepted"]').filter({ hasText: "ROOT" }).waitFor();
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.getByText("checkUsage").first().waitFor(); // out of the schema, which the token opens
  assertClean();
  await page.context().close();
});

// Guarantee: an address at which nothing is shows a page, without a violation of its policy or of axe's rules, that leads to the console.
test("an unknown address", async () => {
  for (const address of ["/nothing-here", "/docs/nothing-here"]) {
    const { page, assertClean } = await openPage(browser, origin, address);
    await page.getByRole("heading", { name: "There is no page at this address" }).waitFor();
    await assertAccessibleEverywhere(page);
    await page.getByRole("link", { name: "Console" }).click();
    await page.getByRole("heading", { name: "Sign in", level: 1 }).waitFor();
    assertClean(/status of 404/);
    await page.context().close();
  }
});

// Guarantee: mail is shown in the outbox without a violation, and none of it runs.
test("outbox", async () => {
  const { organizations } = await graphql("{ organizations { edges { node { id } } } }");
  const ownerId = organizations.edges[0].node.id;
  const { createApiKey } = await graphql("mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }", {
    input: { ownerId, name: "<script>alert(1)</script>", recipients: ["a@acme.test"], budgetLimits: [{ type: "TOKENS", amount: 10 }] },
  });
  await graphql("mutation($input: RecordUsageInput!) { recordUsage(input: $input) { replayed } }", {
    input: { secret: createApiKey.secret, inputTokens: 10 },
  });
  const { page, assertClean } = await openPage(browser, origin, `/mail?address=a%40acme.test#token=${server.adminToken}`);
  await page.getByRole("row", { name: /^a@acme\.test .*(Sent|Delivered)/ }).first().waitFor(); // the page follows what becomes of it
  await page.goto(`${origin}/outbox`);
  await page.locator("td.subject a").first().click();
  await page.locator("iframe").first().waitFor();
  await page.frameLocator("iframe").locator("body").getByText("alert(1)").first().waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: River UI shows the jobs under a policy that lets no script but its own files run. It tries eval, is refused, and does
// without.
test("jobs", async () => {
  const { page, assertClean } = await openPage(browser, origin, "/jobs/", { httpCredentials: { username: "any", password: rootToken } });
  await page.getByText("Completed").first().waitFor();
  for (const [path, text] of [["queues", "maintenance"], ["workflows", "Workflow"], ["jobs?state=completed", "dispatch_alerts"]]) {
    await page.goto(`${origin}/jobs/${path}`);
    await page.getByText(text).first().waitFor();
  }
  await page.getByText("dispatch_alerts").first().click();
  await page.getByText("Attempt").first().waitFor();
  assertClean(/^policy violated: script-src by eval$/);
  await page.context().close();
});
