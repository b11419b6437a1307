import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Kind, parse, print, visit } from "graphql";
import { openPage, startBrowser } from "./browser.mjs";
import { rootToken, startProgram } from "./program.mjs";

// The console where the operator runs trusted documents alone, and trusts those that the server itself serves for it.

const file = fileURLToPath(new URL("../dist/console/documents.graphql", import.meta.url));
let program;
let browser;

before(async () => {
  program = await startProgram(["--trusted-documents", file]);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

async function send(query) {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${program.adminToken}` };
  const answer = await fetch(`${program.origin}/graphql`, { method: "POST", headers, body: JSON.stringify({ query, variables: {} }) });
  return answer.json();
}

const isRefused = ({ errors = [] }) => errors.some(({ extensions, message }) => extensions.code === "FORBIDDEN" && /known operations only/.test(message));

/** Each operation of a document, with the fragments that it uses. */
function operationsOf(document) {
  const fragments = new Map(document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION).map((each) => [each.name.value, each]));
  return document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).map((operation) => {
    const used = new Set([operation]);
    for (const definition of used) visit(definition, { FragmentSpread: ({ name }) => void used.add(fragments.get(name.value)) });
    return [...used].map(print).join("\n");
  });
}

// Guarantee: the server serves the file; with it alone, each of the console's operations is one that it runs, and no other is.
test("documents", async () => {
  const text = await readFile(file, "utf8");
  assert.equal(await (await fetch(`${program.origin}/console/documents.graphql`)).text(), text);
  const operations = operationsOf(parse(text));
  assert.ok(operations.length > 50, String(operations.length));
  for (const operation of operations) assert.ok(!isRefused(await send(operation)), operation);
  const [{ name }] = parse(operations[0]).definitions;
  for (const other of ["{ viewer { role } }", "{ __schema { types { name } } }", `query ${name.value} { viewer { role member { email } } }`]) {
    assert.ok(isRefused(await send(other)), other);
  }
});

// Guarantee: every page of the console works with them: what it shows, what it asks for live, and a form that is saved. What the console sends is
// what is in the file, with what its cache adds.
test("pages", async () => {
  const { page, sent, settled, assertClean } = await openWatched("/", program.adminToken);
  const lists = ["/", "/keys", "/usage", "/workspaces", "/organization", "/members", "/access-tokens", "/alerts", "/mail", "/audit"];
  for (const address of [...lists, "/organization/limits", "/keys/new"]) {
    await page.goto(program.origin + address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await settled();
  }
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Trusted");
  await page.getByRole("button", { name: "Create key" }).click();
  await page.getByRole("heading", { name: "Copy the secret now" }).waitFor();

  for (const [list, part] of [["/keys", "keys/key_"], ["/workspaces", "workspaces/ws_"], ["/alerts", "alerts/alt_"]]) {
    await page.goto(program.origin + list);
    await page.locator(`main a[href*="/${part}"]`).first().click();
    await page.waitForURL((url) => url.pathname.startsWith(`/${part}`));
    await page.getByRole("heading", { level: 1 }).waitFor();
    if (list === "/keys") await page.getByRole("tab").first().waitFor();
    for (const name of await page.getByRole("tab").allInnerTexts()) {
      await page.getByRole("tab", { name }).click();
      await settled();
    }
    await settled();
  }
  assertClean();
  assert.ok(sent.size > 25, [...sent].join(" "));
  await page.context().close();

  const operator = await openWatched("/operator/jobs", rootToken);
  await operator.page.getByRole("heading", { level: 1, name: "Jobs" }).waitFor();
  await operator.settled();
  operator.assertClean();
  await operator.page.context().close();
});

/** What an operation was answered; undefined if its page was left before. */
async function answerOf(request) {
  const response = await request.response().catch(() => undefined);
  return response?.json().catch((error) => {
    if (!error.message.includes("navigated away")) throw error;
  });
}

/** Opens a page and watches its operations: `settled` waits for those under way, and fails if one was answered with an error. */
async function openWatched(address, token) {
  const opened = await openPage(browser, program.origin, `${address}#token=${token}`);
  const sent = new Set();
  const answers = [];
  opened.page.on("request", (request) => {
    if (!request.url().endsWith("/graphql")) return;
    sent.add(request.postDataJSON().operationName);
    answers.push(answerOf(request));
  });
  const settled = async () => {
    do {
      while (answers.length > 0) assert.equal((await answers.pop())?.errors, undefined);
      await opened.page.evaluate(() => new Promise(requestIdleCallback)); // what is asked once that is drawn
    } while (answers.length > 0);
  };
  return { ...opened, sent, settled };
}
