import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { openPage, startBrowser, tick } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { createTenant } from "./tenant.mjs";

// Webhooks, against the real program and a receiver on this machine.

let program;
let browser;
let tenant;
let receiver;
const received = [];

before(async () => {
  receiver = createServer(async (request, response) => {
    received.push({ path: request.url, headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(request.url === "/gone" ? 410 : 200).end();
  });
  receiver.listen(0, "127.0.0.1");
  await once(receiver, "listening");
  program = await startProgram();
  tenant = await createTenant(program);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
  receiver?.close();
});

const open = (address, role = "ADMIN", options = {}) => openPage(browser, program.origin, `${address}#token=${tenant.tokens[role]}`, options);
const at = (path) => `http://127.0.0.1:${receiver.address().port}${path}`;

/** Presses Refresh until the table of deliveries has what is looked for. */
async function awaitDelivery(page, name) {
  await page.waitForFunction(
    (wanted) => {
      const rows = [...document.querySelectorAll("tbody tr")];
      if (rows.some((row) => new RegExp(wanted).test(row.textContent))) return true;
      [...document.querySelectorAll("button")].find((button) => button.textContent.includes("Refresh"))?.click();
      return false;
    },
    name,
    { polling: 500 },
  );
}

// Guarantee: an administrator makes a webhook, with errors beside the fields, is shown the secret once, sends a test and sees what became of it;
// a target that says it is gone disables it, and the page says why; it is edited, gets another secret, and is deleted.
test("a webhook from its making to its end", async () => {
  const { page, assertClean } = await open("/alert-webhooks");
  await page.getByText("No webhook yet").waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("button", { name: "New webhook" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New webhook" });
  await dialog.getByRole("button", { name: "Create webhook" }).click();
  await dialog.getByText("Give it a name.").waitFor();
  await dialog.getByText("Where is it to be told?").waitFor();
  await dialog.getByRole("textbox", { name: "Name" }).fill("Pager");
  await dialog.getByRole("textbox", { name: "URL" }).fill("https://10.1.2.3/hook");
  await dialog.getByRole("button", { name: "Create webhook" }).click();
  await dialog.getByText(/an address that is not public/).waitFor();
  await assertAccessible(page);
  await dialog.getByRole("textbox", { name: "URL" }).fill(at("/hook"));
  await dialog.getByRole("button", { name: "Create webhook" }).click();
  const created = page.getByRole("dialog", { name: "Pager is created" });
  await created.getByText(/^whsec_/).waitFor();
  await assertAccessible(page);
  await created.getByRole("button", { name: "Done" }).click();

  await page.getByRole("link", { name: "Pager" }).click();
  await page.getByRole("heading", { name: "Pager", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Send a test" }).click();
  await awaitDelivery(page, "Test.*Delivered");
  const [first] = received; // more than one if the receiver was slow
  assert.deepEqual([first.path, first.body.type], ["/hook", "webhook.test"]);
  assert.match(first.headers["webhook-signature"], /^v1,\S+$/);
  await assertAccessibleEverywhere(page);
  await page.getByRole("button", { name: "Show Test" }).click();
  await page.getByRole("dialog", { name: "Test: delivered" }).getByText(/webhook\.test/).waitFor();
  await assertAccessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Rotate secret…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Rotate secret" }).click();
  await page.getByRole("dialog", { name: "The new secret" }).getByText(/^whsec_/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Done" }).click();
  await page.getByText("Old secret signs until").waitFor();

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Edit…" }).click();
  const edit = page.getByRole("dialog", { name: "Edit Pager" });
  await edit.getByRole("textbox", { name: "URL" }).fill(at("/gone"));
  await tick(edit.getByRole("checkbox", { name: /Threshold/ }), false);
  await edit.getByRole("button", { name: "Save" }).click();
  await edit.waitFor({ state: "detached" });
  await page.getByText("Exhausted, Refused, Reset").waitFor();
  await page.getByRole("button", { name: "Send a test" }).click();
  await awaitDelivery(page, "Test.*Failed");
  const { headers } = received.find(({ path }) => path === "/gone");
  assert.match(headers["webhook-signature"], /^v1,\S+ v1,\S+$/); // both secrets sign
  await page.getByText("Bursar has disabled it").waitFor();
  await assertAccessibleEverywhere(page);

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete webhook" }).click();
  await page.getByText("No webhook yet").waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: who reads everything sees a webhook without the path of its URL, and is offered no change.
test("a webhook for those who read", async () => {
  await tenant.graphql("mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } } }", {
    input: { ownerId: tenant.workspaceId, name: "Chat", url: "https://hooks.example.com/T0/secret", format: "SLACK" },
  });
  const { page, assertClean } = await open("/alert-webhooks", "VIEWER", { viewport: { width: 390, height: 844 } });
  await page.getByRole("link", { name: "Chat" }).waitFor();
  await assertAccessibleEverywhere(page);
  assert.equal(await page.getByRole("button", { name: "New webhook" }).count(), 0);
  await page.getByRole("link", { name: "Chat" }).click();
  await page.getByText("https://hooks.example.com/…").waitFor();
  await page.getByText("Nothing yet").waitFor();
  assert.equal(await page.getByRole("button", { name: "Send a test" }).count(), 0);
  assert.ok(!(await page.content()).includes("/T0"), "instants have T0 in the morning, and no slash before it");
  assertClean();
  await page.context().close();
});
