import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { eventually, hasAddress, hasFocus, openPage, startBrowser } from "./browser.mjs";
import { rootToken, startProgram } from "./program.mjs";
import { startProvider } from "./provider.mjs";

// Who may enter the console, and what stands around its pages, against the real program.

const client = "console";
const ada = "ada@acme.test";
let provider;
let program;
let browser;
let acme;
let beta;

before(async () => {
  provider = await startProvider(client);
  program = await startProgram(["--oidc-issuer", provider.origin, "--oidc-audience", "portal", "--oidc-console-client-id", client]);
  [acme, beta] = await Promise.all([createOrganization("Acme", "acme"), createOrganization("Beta", "beta")]);
  await addMember(acme, ada, "OWNER");
  await addMember(beta, ada, "MEMBER");
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
  await provider?.stop();
});

async function createOrganization(name, slug) {
  const mutation = "mutation($input: CreateOrganizationInput!) { createOrganization(input: $input) { organization { id } } }";
  const { createOrganization } = await program.graphql(mutation, { input: { name, slug, plan: "ENTERPRISE" } });
  return createOrganization.organization.id;
}

async function addMember(organizationId, email, role) {
  const mutation = "mutation($input: AddMemberInput!) { addMember(input: $input) { member { id } } }";
  return (await program.graphql(mutation, { input: { organizationId, email, role } })).addMember.member.id;
}

async function createToken(organizationId, role) {
  const mutation = "mutation($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret accessToken { id } } }";
  const { createAccessToken } = await program.graphql(mutation, { input: { organizationId, name: role, role } });
  return { secret: createAccessToken.secret, id: createAccessToken.accessToken.id };
}

const open = (address, options) => openPage(browser, program.origin, address, { otherOrigins: [provider.origin], ...options });
const overview = (page) => page.getByRole("heading", { name: "Overview", level: 1 });
const signIn = (page) => page.getByRole("heading", { name: "Sign in", level: 1 });
const stored = (page) => page.evaluate(() => [JSON.stringify(sessionStorage), JSON.stringify(localStorage)]);
/** The server's 401, which the browser's console tells. */
const refused = /^console: Failed to load resource: the server responded with a status of 401/;

/** Signs a page in with a token that is typed. */
async function enter(page, token) {
  await page.getByRole("button", { name: "Use an access token" }).click();
  await page.getByLabel("Access token").fill(token);
  await page.getByLabel("Access token").press("Enter");
}

// Guarantee: an access token opens the page whose address was asked for; it is kept in this tab's storage alone, sent to this server
// alone, and gone when the user signs out. A wrong one is told, and the address stays.
test("sign in with an access token", async () => {
  const { page, assertClean } = await open("/?from=mail");
  await signIn(page).waitFor();
  await enter(page, "bst_wrong");
  await page.getByText("The server says:").waitFor();
  await hasAddress(page, "/?from=mail");

  await enter(page, `Bearer ${program.adminToken} `);
  await overview(page).waitFor();
  await hasAddress(page, "/?from=mail");
  const [session, local] = await stored(page);
  assert.ok(session.includes(program.adminToken) && !local.includes("bst_"), local);
  await page.reload();
  await overview(page).waitFor();

  const other = await page.context().newPage();
  await other.goto(program.origin);
  await signIn(other).waitFor();
  await other.close();

  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await signIn(page).waitFor();
  assert.ok(!(await stored(page)).join("").includes(program.adminToken));
  assertClean(refused);
  await page.context().close();
});

// Guarantee: the link that bursar dev prints signs in where nobody is, and leaves no token in the address or the history. Where somebody is,
// nothing is sent with a link's token until they say so.
test("links with a token", async () => {
  const { page, assertClean } = await open(`/#token=${program.adminToken}`);
  await overview(page).waitFor();
  await hasAddress(page, (url) => url.href === `${program.origin}/`); // without a fragment

  const sent = [];
  page.on("request", (request) => sent.push(request.headers().authorization));
  await page.goto(`${program.origin}/#token=bst_of_somebody_else`);
  const question = page.getByRole("dialog", { name: "Use another access token?" });
  await question.waitFor();
  await hasAddress(page, (url) => url.href === `${program.origin}/`); // without a fragment
  await assertAccessible(page);
  await page.keyboard.press("Enter"); // keeps mine
  await question.waitFor({ state: "detached" });
  assert.ok(!sent.some((authorization) => authorization?.includes("somebody")), String(sent));
  assert.ok((await stored(page))[0].includes(program.adminToken));

  await page.goto(`${program.origin}/#token=${rootToken}`);
  await question.getByRole("button", { name: "Use the link’s" }).click();
  await page.getByRole("button", { name: /^Account: Operator/ }).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: a gateway's token is told that it reads nothing.
test("a gateway's token", async () => {
  const { secret } = await createToken(acme, "GATEWAY");
  const { page, assertClean } = await open(`/#token=${secret}`);
  await page.getByRole("heading", { name: "This token is a gateway’s" }).waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "Use another token" }).click();
  await signIn(page).waitFor();
  assertClean(/403/);
  await page.context().close();
});

// Guarantee: a person signs in at the identity provider by authorization code with PKCE, comes back to the page that they asked for, and
// sees the organizations that they are a member of, in each with their role there. The code is gone from the address, and works once.
test("sign in at the identity provider", async () => {
  provider.person = ada;
  const { page, assertClean } = await open("/?from=mail");
  await signIn(page).waitFor();
  await assertAccessibleEverywhere(page);
  await page.getByRole("button", { name: `Sign in with ${new URL(provider.origin).host}` }).click();
  await overview(page).waitFor();
  await hasAddress(page, "/?from=mail");
  const { searchParams } = provider.requests.findLast(({ pathname }) => pathname === "/authorize");
  assert.equal(searchParams.get("code_challenge_method"), "S256");
  assert.equal(searchParams.get("redirect_uri"), `${program.origin}/sign-in`);

  await page.getByRole("button", { name: `Account: ${ada} owner` }).waitFor();
  await page.getByRole("button", { name: "Organization: Acme acme" }).click();
  const requested = page.waitForRequest(
    (request) => request.url().endsWith("/graphql") && request.headers()["bursar-organization"] === beta,
  );
  await page.getByRole("menuitemcheckbox", { name: /Beta/ }).click();
  await requested;
  await page.getByRole("button", { name: "Organization: Beta beta" }).waitFor();
  await page.getByRole("button", { name: `Account: ${ada} member` }).waitFor();
  await page.reload(); // in the same organization
  await page.getByRole("button", { name: "Organization: Beta beta" }).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: what the identity provider refuses, and an answer that nobody in this tab has asked for, signs nobody in.
test("refusals of the identity provider", async () => {
  provider.refusal = "access_denied";
  const { page, assertClean } = await open("/");
  await page.getByRole("button", { name: /^Sign in with/ }).click();
  await page.getByText("The identity provider has not let you in.").waitFor();
  provider.refusal = undefined;
  await hasAddress(page, "/sign-in");
  await page.goto(`${program.origin}/sign-in?code=stolen&state=guessed`);
  await page.getByText("begun in another tab").waitFor();
  await hasAddress(page, "/sign-in");
  assert.ok(!(await stored(page)).join("").includes("ey"));
  assertClean();
  await page.context().close();
});

// Guarantee: somebody who is invited accepts in the console, and is in the organization then; somebody who is nowhere is told so.
test("invitations", async () => {
  provider.person = "new@acme.test";
  const { secret } = await createToken(acme, "ADMIN");
  const { page, assertClean } = await open("/");
  await page.getByRole("button", { name: /^Sign in with/ }).click();
  await page.getByText("The server says:").waitFor(); // that they are a member of no organization
  const mutation = "mutation($input: AddMemberInput!) { addMember(input: $input) { member { id } } }";
  await program.graphql(mutation, { input: { organizationId: acme, email: "new@acme.test", role: "MEMBER" } }, secret);
  await page.getByRole("button", { name: /^Sign in with/ }).click();
  await page.getByRole("heading", { name: "You are invited" }).waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "Accept" }).click();
  await overview(page).waitFor();
  assertClean(refused);
  await page.context().close();
});

/** Holds what a page asks of a path in the organization Beta: `begun` when it does, until `release`. */
async function hold(page, path) {
  const held = [];
  let first;
  let released = false;
  const begun = new Promise((resolve) => (first = resolve));
  await page.route(
    (url) => url.pathname === path,
    (route) => (released || route.request().headers()["bursar-organization"] !== beta ? route.fallback() : first(held.push(route))),
  );
  const release = () => {
    released = true;
    return Promise.all(held.map((route) => route.continue().catch(() => {}))); // one whose page gave it up is over
  };
  return { begun, release };
}

// Guarantee: a person who is no member of the chosen organization any more stays signed in, in another one of theirs, or is told that they are in
// none; whichever the server refuses first: the stream of events, while operations wait for their answers, or an operation, while the stream
// does. What is refused later, for the organization that was left, ends nothing.
for (const { others, waits } of [true, false].flatMap((others) => ["/graphql", "/events"].map((waits) => ({ others, waits })))) {
  test(`an organization that is left, ${others ? "of several" : "the only one"}, while ${waits} waits`, async () => {
    const eve = `eve-${others}@${waits.slice(1)}.test`;
    provider.person = eve;
    if (others) await addMember(acme, eve, "MEMBER");
    const left = await addMember(beta, eve, "MEMBER");
    const { page, assertClean } = await open("/");
    await page.getByRole("button", { name: /^Sign in with/ }).click();
    if (others) {
      await page.getByRole("button", { name: /^Organization: / }).click();
      await page.getByRole("menuitemcheckbox", { name: /Beta/ }).click();
    }
    await page.getByText("Organization: Beta").waitFor();
    await page.getByText("Live", { exact: true }).waitFor();

    // The page asks before the person is removed, while it is certainly there, and is answered after that.
    const operations = await hold(page, "/graphql");
    const streams = waits === "/events" && (await hold(page, "/events"));
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "API keys" }).click();
    await operations.begun;
    await program.graphql("mutation($input: RemoveMemberInput!) { removeMember(input: $input) { deletedId } }", { input: { id: left } });
    if (streams) await operations.release();
    const next = page.getByText(others ? "Organization: Acme" : `${eve} is a member of no organization`);
    await next.waitFor();
    await (streams || operations).release();
    if (others) {
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Usage" }).click();
      await page.getByRole("heading", { name: "Usage", level: 1 }).waitFor();
      await page.getByRole("button", { name: `Account: ${eve} member` }).waitFor();
    }
    await next.waitFor();
    assert.equal(await signIn(page).count(), others ? 0 : 1);
    assertClean(/^console: Failed to load resource: the server responded with a status of (401|404)/);
    await page.context().close();
  });
}

// Guarantee: a session ends as soon as its token is revoked, also while nothing is asked for: it leads back to the sign-in under the same
// address, and on to the page with another token.
test("the end of a session", async () => {
  const { secret, id } = await createToken(acme, "VIEWER");
  const { page, assertClean } = await open(`/?from=mail#token=${secret}`);
  await overview(page).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await program.graphql("mutation($input: RevokeAccessTokenInput!) { revokeAccessToken(input: $input) { accessToken { id } } }", {
    input: { id },
  });
  await page.getByText("The server says:").waitFor();
  await hasAddress(page, "/?from=mail");
  await enter(page, program.adminToken);
  await overview(page).waitFor();
  await hasAddress(page, "/?from=mail");
  assertClean(refused);
  await page.context().close();
});

// Guarantee: the shell works with the keyboard alone: past the navigation to the page, through a menu, and out of it to where one was.
test("keyboard", async () => {
  const { page, assertClean } = await open(`/#token=${rootToken}`);
  await overview(page).waitFor();
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the page" });
  await hasFocus(skip);
  await page.keyboard.press("Enter");
  await hasFocus(page.getByRole("main"));

  const switcher = page.getByRole("button", { name: /^Organization: / });
  await switcher.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitemcheckbox", { name: "Demo" }).waitFor();
  await assertAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await hasFocus(switcher);

  const account = page.getByRole("button", { name: /^Account/ });
  await account.focus();
  await page.keyboard.press("Enter");
  const dark = page.getByRole("menuitemcheckbox", { name: "Dark" });
  await hasFocus(page.getByRole("menu").locator("[role^=menuitem]").first()); // where the menu begins
  await dark.focus();
  await hasFocus(dark);
  await page.keyboard.press("Enter");
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await eventually(scheme, "dark");
  await page.reload(); // in this browser, for good
  await overview(page).waitFor();
  await eventually(scheme, "dark");
  assertClean();
  await page.context().close();
});

// Guarantee: on a telephone the navigation opens and closes with a button and with Escape, and a chosen page closes it.
test("navigation on a telephone", async () => {
  const { page, assertClean } = await open(`/#token=${program.adminToken}`, { viewport: { width: 360, height: 740 } });
  await overview(page).waitFor();
  const navigation = page.getByRole("navigation", { name: "Main" });
  assert.ok(!(await navigation.isVisible()));
  await page.getByRole("button", { name: "Open the navigation" }).click();
  await navigation.waitFor();
  await assertAccessible(page);
  await navigation.getByRole("link", { name: "Overview" }).focus();
  await page.keyboard.press("Escape");
  await navigation.waitFor({ state: "hidden" });
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  assertClean();
  await page.context().close();
});
