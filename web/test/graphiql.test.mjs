import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, openPage, startBrowser } from "./browser.mjs";
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
  await eventually(async () => /query CheckUsage\(\$input: CheckUsageInput!\)/.test(await lines(page.locator(".graphiql-query-editor"))), true);
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

  await page.evaluate((same) => (location.hash = `#token=${same}`), token);
  await page.waitForURL(`${server.origin}/graphiql`);
  assert.deepEqual(await kept(), [token, null]);
  assert.equal(await offer(page).count(), 0);
  assertClean();
  await page.context().close();
});

const offer = (page) => page.getByRole("dialog", { name: "Use another access token?" });

// Guarantee: a link's token does not replace another one that is in use: the user is asked, shown enough of both to tell them apart and not
// more, and keeps theirs by the button that has the focus and by Escape. Until they accept it, the link's token is neither sent nor kept.
test("a link with another token asks first", async () => {
  const mine = `bst_${"Mine".repeat(11)}12345`;
  const theirs = `bst_${"Link".repeat(11)}12345`;
  const { page, assertClean } = await openPage(browser, server.origin, `/graphiql#token=${mine}`);
  const refusals = /^console: Failed to load resource: the server responded with a status of 401/;
  const kept = () => page.evaluate(() => [sessionStorage.getItem("bursar:token"), localStorage.getItem("bursar:token")]);
  await hint(page, "refused").waitFor();
  await page.getByLabel("Remember").check();

  const sent = server.requests.length;
  const open = (value) => page.evaluate((hash) => (location.hash = hash), `#token=${value}`);
  const refuse = [() => page.keyboard.press("Enter"), () => page.keyboard.press("Escape"), () => page.getByRole("button", { name: "Keep mine" }).click()];
  for (const [number, keep] of refuse.entries()) {
    if (number === 0) await page.goto(`${server.origin}/?`); // a link elsewhere, which loads the page anew
    if (number === 0) await page.goto(`${server.origin}/graphiql#token=${theirs}`);
    else await open(theirs);
    await offer(page).getByText("refuses this token").waitFor(); // what is known of the user's own
    assert.equal(page.url(), `${server.origin}/graphiql`);
    const text = await offer(page).innerText();
    for (const shown of ["bst_MineMi…", "bst_LinkLi…"]) assert.ok(text.includes(shown), `${shown} in ${text}`);
    for (const hidden of [mine.slice(0, 12), theirs.slice(0, 12)]) assert.ok(!text.includes(hidden), `${hidden} in ${text}`);
    assert.deepEqual(await kept(), [null, mine]);
    await keep();
    await offer(page).waitFor({ state: "detached" });
    assert.equal(await field(page).inputValue(), mine);
  }
  await open(mine);
  await page.waitForURL(`${server.origin}/graphiql`);
  assert.equal(await offer(page).count(), 0);
  assert.deepEqual(await kept(), [null, mine]);
  for (const request of server.requests.slice(sent)) assert.equal(request.authorization, `Bearer ${mine}`);

  await open(token);
  await offer(page).getByRole("button", { name: "Use the link’s" }).click();
  await hint(page, "accepted").waitFor();
  assert.deepEqual(await kept(), [token, null]);
  assert.equal(await offer(page).count(), 0);
  assertClean(refusals);
  await page.context().close();
});

/** Replaces the text of one of Monaco's editors. */
async function replace(page, editor, text) {
  await editor.locator(".view-lines").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(text);
  await page.keyboard.press("ControlOrMeta+Shift+End"); // the quotes and braces that the editor has closed itself
  await page.keyboard.press("Delete");
}

const variablesEditor = (page) => page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden)").first();

/** Everything in the page's localStorage, once GraphiQL, which writes half a second late, has put something into it. */
async function local(page, something) {
  await page.waitForFunction((text) => JSON.stringify(localStorage).includes(text), something);
  return page.evaluate(() => JSON.stringify(localStorage));
}

// Guarantee: what was typed as a variable is there while the browser's tab is open, and is not in localStorage: not in tabs, editors or
// history, and not what an earlier version of the page left there. The operations are, without Bursar's secrets. A new visit opens
// with them, and with the variables that the page itself brings.
test("variables are not kept in localStorage", async () => {
  const { page, assertClean } = await openPage(browser, server.origin, `/graphiql#token=${token}`);
  await hint(page, "accepted").waitFor();
  await variablesEditor(page).getByText("bsr_YOUR_API_KEY").first().waitFor();
  await replace(page, variablesEditor(page), `{"input": {"secret": "typed-secret"}}`);
  await run(page).click();
  await response(page).getByText("key_for_typed-secret").waitFor();

  await page.locator(".graphiql-tab-add, [aria-label='New tab']").first().click();
  await eventually(async () => (await lines(page.locator(".graphiql-query-editor"))).includes("CheckUsage"), false);
  const inline = `bsr_${"Inline".repeat(8)}1`;
  await replace(page, page.locator(".graphiql-query-editor"), `query Mine($n: Int64) { checkUsage(input: {secret: "${inline}", estimate: {tokens: $n}}) { apiKeyId } }`);
  await replace(page, variablesEditor(page), `{"n": 4711}`);
  await run(page).click();
  await response(page).getByText("key_for_bsr_").waitFor(); // the editor wraps the rest
  const stored = await local(page, "query Mine");
  await page.waitForFunction(() => sessionStorage.getItem("graphiql:tabState")?.includes("4711"));
  const after = await local(page, "query Mine");
  for (const text of [stored, after]) {
    for (const typed of ["typed-secret", "4711", inline]) assert.ok(!text.includes(typed), `${typed} in ${text}`);
    assert.ok(text.includes("bsr_…"), text);
  }

  await page.reload();
  await variablesEditor(page).getByText("4711").first().waitFor();
  await page.getByRole("tab", { name: "CheckUsage", exact: true }).click();
  await variablesEditor(page).getByText("typed-secret").first().waitFor();

  const later = await page.context().newPage(); // has the same localStorage, and a sessionStorage of its own
  await later.goto(`${server.origin}/graphiql`);
  await variablesEditor(later).getByText("bsr_YOUR_API_KEY").first().waitFor();
  await later.getByRole("tab", { name: "Mine", exact: true }).click();
  await later.locator(".graphiql-query-editor").getByText("bsr_…").first().waitFor();
  await eventually(async () => (await lines(variablesEditor(later))).trim(), "");
  await later.getByRole("tab", { name: "CheckUsage", exact: true }).click();
  await variablesEditor(later).getByText("bsr_YOUR_API_KEY").first().waitFor();
  await eventually(() => later.getByRole("tab").count(), 7);
  await later.close();

  await page.goto(`${server.origin}/?`); // where nothing writes any more
  await page.evaluate(() => {
    const tab = { id: "1", title: "Old", query: "query Old { viewer { role } }", variables: '{"old": "left"}', headers: '{"old": "left"}', operationName: "Old", response: null };
    localStorage.setItem("graphiql:tabState", JSON.stringify({ activeTabIndex: 0, tabs: [tab] }));
    localStorage.setItem("graphiql:variables", '{"old": "left"}');
    localStorage.setItem("graphiql:headers", '{"old": "left"}');
    localStorage.setItem("graphiql:queries", JSON.stringify({ queries: [tab] }));
    localStorage.setItem("graphiql:favorites", JSON.stringify({ favorites: [tab] }));
  });
  const upgraded = await page.context().newPage();
  await upgraded.goto(`${server.origin}/graphiql`);
  await upgraded.getByRole("tab", { name: "Old", exact: true }).waitFor();
  const cleaned = await local(upgraded, "query Old");
  assert.ok(!cleaned.includes("left"), cleaned);
  assertClean();
  await page.context().close();
});
