import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPage, startBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

const token = "bst_right";
let server;
let browser;

before(async () => {
  browser = await startBrowser();
  server = await startServer(token);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const field = (page) => page.getByLabel("Access token");
const hint = (page, state) => page.locator(`.access[data-state="${state}"]`);
const run = (page) => page.getByRole("button", { name: /^Execute query/ });
const response = (page) => page.locator(".graphiql-response");

/** The text of one of Monaco's editors, whose lines use no-break spaces. */
const lines = async (editor) => (await editor.locator(".view-lines").innerText()).replaceAll("\u00a0", " ");

// Guarantee: with the token typed in, the first tab runs as it stands and shows the answer; the token goes with every
// request, that for the schema included; and all of it happens on this server under the binary's policy.
test("the token is typed, the first tab runs", async () => {
  const sent = server.requests.length;
  const { page, assertClean } = await openPage(browser, server.origin, "/graphiql");
  await hint(page, "missing").waitFor();
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  assert.match(await lines(page.locator(".graphiql-query-editor")), /query CheckUsage\(\$input: CheckUsageInput!\)/);
  assert.equal(server.requests.length, sent, "nothing is sent without a token");

  await field(page).fill(token);
  await field(page).press("Enter");
  await hint(page, "accepted").filter({ hasText: "GATEWAY of acme" }).waitFor();
  await page.locator(".graphiql-editor-tool").getByText("bsr_YOUR_API_KEY").first().waitFor();
  await run(page).click();
  await response(page).getByText("key_for_bsr_YOUR_API_KEY").waitFor();

  const received = server.requests.slice(sent);
  const names = received.map((request) => request.operationName);
  for (const name of ["IntrospectionQuery", "Viewer", "CheckUsage"]) assert.ok(names.includes(name), `${name} in ${names}`);
  for (const request of received) assert.equal(request.authorization, `Bearer ${token}`);
  assertClean();
  await page.context().close();
});

// Guarantee: on a first visit the gateway's operations and an administrator's wait in tabs, each with its variables.
test("the contract's operations wait in tabs", async () => {
  const { page, assertClean } = await openPage(browser, server.origin, `/graphiql#token=${token}`);
  const operations = {
    ReserveUsage: "chat-0001",
    RecordUsage: "chat-0001-usage",
    ReleaseReservation: "res_FROM_RESERVE_USAGE",
    ExtendReservation: "ttlSeconds",
    CreateApiKey: "org_YOUR_ORGANIZATION",
    CheckUsage: "estimate",
  };
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  for (const [operation, variable] of Object.entries(operations)) {
    await page.getByRole("tab", { name: operation, exact: true }).click();
    await page.locator(".graphiql-query-editor").getByText(operation).first().waitFor();
    await page.locator(".graphiql-editor-tool").getByText(variable).first().waitFor();
  }
  assertClean();
  await page.context().close();
});

// Guarantee: a wrong token leads to a hint that one can see, and the right one takes it away.
test("a wrong token is told", async () => {
  const { page, assertClean } = await openPage(browser, server.origin, "/graphiql");
  await field(page).fill("bst_wrong");
  await field(page).press("Enter");
  await hint(page, "refused").filter({ hasText: "wrong, expired or revoked" }).waitFor();
  await field(page).fill(`Bearer ${token}`);
  await field(page).press("Enter");
  await hint(page, "accepted").waitFor();
  assertClean(/^console: Failed to load resource: the server responded with a status of 401/);
  await page.context().close();
});

// Guarantee: without a token, running an operation sends nothing and says what is missing.
test("a missing token is told", async () => {
  const { page, assertClean } = await openPage(browser, server.origin, "/graphiql");
  const sent = server.requests.length;
  await page.locator(".graphiql-query-editor .view-lines").waitFor();
  await run(page).click();
  await response(page).getByText("Nothing was sent").waitFor();
  assert.ok(await hint(page, "missing").isVisible());
  assert.equal(server.requests.length, sent);
  assertClean();
  await page.context().close();
});

// Guarantee: a token handed in by the address leaves the address bar, also when the page is already open, and is kept
// for this tab alone unless the user asks for more.
test("the token in the address", async () => {
  const { page, assertClean } = await openPage(browser, server.origin, `/graphiql#token=${token}`);
  const kept = () => page.evaluate(() => [sessionStorage.getItem("bursar:token"), localStorage.getItem("bursar:token")]);
  await hint(page, "accepted").waitFor();
  assert.equal(page.url(), `${server.origin}/graphiql`);
  assert.deepEqual(await kept(), [token, null]);

  await page.reload();
  await hint(page, "accepted").waitFor();
  await page.getByLabel("Remember").check();
  assert.deepEqual(await kept(), [null, token]);
  await page.getByLabel("Remember").uncheck();
  assert.deepEqual(await kept(), [token, null]);

  await page.evaluate(() => (location.hash = "#token=bst_other"));
  await hint(page, "refused").waitFor();
  assert.equal(page.url(), `${server.origin}/graphiql`);
  assertClean(/^console: Failed to load resource: the server responded with a status of 401/);
  await page.context().close();
});

// Guarantee: the front page shows under its policy, which allows no script, and leads to GraphiQL.
test("the front page leads to GraphiQL", async () => {
  const { page, assertClean } = await openPage(browser, server.origin, "/");
  await page.getByRole("link", { name: "Open GraphiQL" }).click();
  await hint(page, "missing").waitFor();
  assertClean();
  await page.context().close();
});
