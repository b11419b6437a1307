import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { eventually, openPage, startBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { startProvider } from "./provider.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// Members, invitations and access tokens, against the real program.

const client = "console";
let provider;
let program;
let browser;
let tenant;

before(async () => {
  provider = await startProvider(client);
  program = await startProgram(["--oidc-issuer", provider.origin, "--oidc-audience", "portal", "--oidc-console-client-id", client]);
  tenant = await createTenant(program);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
  await provider?.stop();
});

const open = (address, role = "ADMIN", options = {}) => openPage(browser, program.origin, `${address}#token=${tenant.tokens[role]}`, options);
const row = (page, name) => page.getByRole("row", { name });

// Guarantee: an administrator invites a person, with an error beside the field, changes their role, and withdraws the invitation. An
// administrator may not make owners and is not offered it, nor any change of an owner.
test("invite, change, withdraw", async () => {
  const { page, assertClean } = await open("/members");
  await row(page, /The owner/).waitFor();
  await assertAccessibleEverywhere(page);
  assert.equal(await page.getByRole("button", { name: `Actions for ${tenant.emails.OWNER}` }).count(), 0);
  await page.getByRole("button", { name: "Add member" }).click();
  const dialog = page.getByRole("dialog", { name: "Add member" });
  await eventually(() => dialog.getByLabel("Role").locator("option").allTextContents(), ["Member", "Admin"]);
  await dialog.getByRole("textbox", { name: "Email address" }).fill(tenant.emails.MEMBER);
  await dialog.getByRole("button", { name: "Add member" }).click();
  await dialog.getByText(/is a member already/).waitFor();
  await dialog.getByRole("textbox", { name: "Email address" }).fill("guest@acme.test");
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "Add member" }).click();
  await row(page, /guest@acme\.test Invited Member Invited|guest@acme\.test.*Member.*Invited/).waitFor();

  await page.getByRole("button", { name: "Actions for guest@acme.test" }).click();
  await page.getByRole("menuitem", { name: "Change name or role" }).click();
  const edit = page.getByRole("dialog", { name: "guest@acme.test" });
  await edit.getByRole("textbox", { name: "Name" }).fill("A Guest");
  await edit.getByLabel("Role").selectOption("ADMIN");
  await edit.getByRole("button", { name: "Save" }).click();
  await row(page, /A Guest.*Admin/).waitFor();

  await page.getByRole("button", { name: "Actions for guest@acme.test" }).click();
  await page.getByRole("menuitem", { name: "Withdraw invitation" }).click();
  await page.getByRole("dialog").getByText("They made no access token").waitFor();
  await page.getByRole("button", { name: "Withdraw invitation" }).click();
  await page.getByRole("dialog", { name: "A Guest is removed" }).getByRole("button", { name: "Done" }).click();
  await row(page, /A Guest/).waitFor({ state: "detached" });
  assertClean();
  await page.context().close();
});

// Guarantee: before somebody is removed, the dialog shows the tokens and keys that they made; what is chosen for both happens, and what goes
// on working is shown afterwards.
test("remove a member with what they made", async () => {
  const leaver = await createTenant(program, "Leaving");
  const key = await createKey(leaver, { name: "Notebook" }, "MEMBER");
  const other = (address) => openPage(browser, program.origin, `${address}#token=${leaver.tokens.ADMIN}`);
  const { page, assertClean } = await other("/members");
  await page.getByRole("button", { name: `Actions for ${leaver.emails.MEMBER}` }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove The member?" });
  await dialog.getByText("1 API key").waitFor();
  await dialog.getByRole("link", { name: "Notebook" }).waitFor();
  await assertAccessible(page);
  await dialog.getByLabel("API keys that they created").selectOption("TRANSFER");
  await dialog.getByRole("button", { name: "Remove member" }).click();
  await dialog.getByText("Choose somebody.").waitFor();
  await dialog.getByLabel("Who gets the keys").selectOption(leaver.memberIds.ADMIN);
  await dialog.getByLabel("Access tokens that they made for others").selectOption("REVOKE");
  await dialog.getByRole("button", { name: "Remove member" }).click();
  const told = page.getByRole("dialog", { name: "The member is removed" });
  await told.getByText("This goes on working.").waitFor(); // the key, whose secret they were shown
  await told.getByRole("link", { name: "Notebook" }).waitFor();
  await told.getByRole("button", { name: "Done" }).click();
  const { apiKey } = await leaver.graphql("query($id: ID!) { apiKey(id: $id) { createdBy { id } } }", { id: key.apiKey.id });
  assert.equal(apiKey.createdBy.id, leaver.memberIds.ADMIN);
  assertClean();
  await page.context().close();
});

// Guarantee: somebody who has signed in sees where they are invited beside where they are a member, accepts or declines there, and leaves.
test("own invitations, and leaving", async () => {
  const ada = `ada@${tenant.domain}`;
  const [first, second, third] = [await createTenant(program, "First"), await createTenant(program, "Second"), await createTenant(program, "Third")];
  const add = (organizationId, invite) =>
    program.graphql("mutation($input: AddMemberInput!) { addMember(input: $input) { member { id } } }", { input: { organizationId, email: ada, role: "MEMBER", invite } });
  await add(first.organizationId, false);
  await add(second.organizationId, true);
  await add(third.organizationId, true);
  provider.person = ada;
  const { page, assertClean } = await openPage(browser, program.origin, "/members", { otherOrigins: [provider.origin] });
  await page.getByRole("button", { name: /^Sign in with/ }).click();
  await page.getByRole("heading", { name: "You are invited" }).waitFor();
  await assertAccessibleEverywhere(page);
  const invitation = (name) => page.getByRole("listitem").filter({ hasText: name });
  await invitation("Third").getByRole("button", { name: "Decline" }).click();
  await invitation("Third").waitFor({ state: "detached" });
  await invitation("Second").getByRole("button", { name: "Accept" }).click();
  await page.getByRole("button", { name: /^Organization: Second/ }).waitFor();
  await page.getByRole("button", { name: "Leave Second" }).click();
  await page.getByRole("dialog", { name: "Leave Second?" }).getByRole("button", { name: "Leave" }).click();
  await page.getByRole("button", { name: "Leave First" }).waitFor(); // the only one that is left, and so no switcher
  assertClean(/404/); // the stream of the organization that was left may ask once more
  await page.context().close();
});

// Guarantee: a token is created with its role, member and expiry; its secret is shown once, works, and is gone with the dialog; a revoked one
// is refused from then on.
test("create and revoke an access token", async () => {
  const { page, assertClean } = await open("/access-tokens", "OWNER");
  await row(page, /GATEWAY/).waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog", { name: "New access token" });
  await dialog.getByLabel("Role").selectOption("OWNER");
  await dialog.getByLabel("Accepted for").selectOption("date");
  await dialog.getByRole("button", { name: "Create token" }).click();
  for (const told of ["Give it a name.", "Choose the member whom it is for.", "Choose a day."]) await dialog.getByText(told).waitFor(); // all at once
  await assertAccessible(page);
  await dialog.getByRole("textbox", { name: "Name" }).fill("My session");
  await dialog.getByLabel("Bound to").selectOption({ label: "The member" });
  await dialog.getByLabel("Accepted for").selectOption("30");
  await dialog.getByRole("button", { name: "Create token" }).click();
  const shown = page.getByRole("dialog", { name: "My session is created" });
  const secret = await shown.locator("code").textContent();
  await assertAccessible(page);
  const { viewer } = await program.graphql("{ viewer { role member { id } } }", {}, secret);
  assert.deepEqual(viewer, { role: "MEMBER", member: { id: tenant.memberIds.MEMBER } });
  await shown.getByRole("button", { name: "Done" }).click();
  await shown.waitFor({ state: "detached" });
  assert.ok(!(await page.content()).includes(secret));

  await page.getByRole("button", { name: "Revoke My session" }).click();
  await page.getByRole("dialog", { name: "Revoke My session?" }).getByRole("button", { name: "Revoke token" }).click();
  await row(page, /My session.*Revoked/).waitFor();
  await assert.rejects(program.graphql("{ viewer { role } }", {}, secret));
  await page.getByRole("button", { name: "Revoke My session" }).waitFor({ state: "detached" });
  assertClean();
  await page.context().close();
});

// Guarantee: an administrator is not offered tokens of the role OWNER, a VIEWER no token at all, and a MEMBER not even the page.
test("who is offered access tokens", async () => {
  const admin = await open("/access-tokens");
  await admin.page.getByRole("button", { name: "New token" }).click();
  await eventually(() => admin.page.getByRole("dialog").getByLabel("Role").locator("option").allTextContents(), ["Gateway", "Viewer", "Admin"]);
  admin.assertClean();
  await admin.page.context().close();
  const viewer = await open("/access-tokens", "VIEWER");
  await row(viewer.page, /GATEWAY/).waitFor();
  assert.equal(await viewer.page.getByRole("button", { name: /^(New token|Revoke)/ }).count(), 0);
  viewer.assertClean();
  await viewer.page.context().close();
  const member = await open("/access-tokens", "MEMBER");
  await member.page.getByText("Access tokens are not shown to members").waitFor();
  member.assertClean();
  await member.page.context().close();
});
