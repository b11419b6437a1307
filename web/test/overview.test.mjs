import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessibleEverywhere } from "./axe.mjs";
import { openPage, startBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";

// The overview, against the real program: an organization of this test's own, whose figures are known.

let program;
let browser;
let organization;
let admin;

const mutate = (name, input, selection, token) =>
  program
    .graphql(`mutation($input: ${name[0].toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`, { input }, token)
    .then((data) => data[name]);

const createToken = async (role, memberId) => {
  const made = await mutate("createAccessToken", { organizationId: organization, name: role, role, memberId }, "secret");
  return made.secret;
};

const createKey = (name, input = {}, token) => mutate("createApiKey", { ownerId: organization, name, ...input }, "secret apiKey { id }", token);

before(async () => {
  program = await startProgram();
  const made = await mutate("createOrganization", { name: "Acme", slug: "acme", plan: "ENTERPRISE" }, "organization { id }");
  organization = made.organization.id;
  admin = await createToken("ADMIN");
  const budget = { subjectId: organization, type: "COST", amount: "1000", alertThresholds: ["500"], periodicReset: "MONTHLY" };
  await mutate("createBudgetLimit", budget, "budgetLimit { id }");
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

const open = (token, options) => openPage(browser, program.origin, `/#token=${token}`, options);
const figure = (page, label) => page.locator("dl > div").filter({ has: page.getByText(label, { exact: true }) });
const card = (page, title) => page.locator("section").filter({ has: page.getByRole("heading", { name: title, level: 2, exact: true }) });

// Guarantee: the overview of an organization in which nothing was used says so, and has no violation of axe's rules.
test("an empty overview", async () => {
  const { page, assertClean } = await open(admin);
  await figure(page, "Spent today").getByText("$0.00").first().waitFor();
  await page.getByText("No key is near a limit").waitFor();
  await page.getByText("No alert yet").waitFor();
  await page.getByText("Nothing was denied today").waitFor();
  await assertAccessibleEverywhere(page);
  assertClean();
  await page.context().close();
});

// Guarantee: what is recorded, held, denied and alerted while the page is open comes to be shown without a reload: figures, bars, keys
// near a limit, models, alerts and denials, each with its link. It takes two operations, and none of axe's rules is violated.
test("the overview follows what happens", async () => {
  const { page, assertClean } = await openPage(browser, program.origin, "/docs/"); // nothing is asked for yet
  const asked = new Set();
  page.on("request", (request) => request.url().endsWith("/graphql") && asked.add(request.postDataJSON().operationName));
  await page.goto(`${program.origin}/#token=${admin}`);
  await figure(page, "Spent today").getByText("$0.00").first().waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  await card(page, "Alerts").getByText("No alert yet").waitFor();
  assert.deepEqual([...asked].filter((name) => !name.startsWith("Console")).sort(), ["OverviewDetail", "OverviewSpend"]);

  const { secret, apiKey } = await createKey("Checkout", { budgetLimits: [{ type: "COST", amount: "700", alertThresholds: ["500"] }] });
  const usage = { inputTokens: 1000, outputTokens: 500, provider: "openai", model: "gpt-4.1" };
  await mutate("recordUsage", { secret, requestId: "1", cost: "612.5", ...usage }, "replayed");
  await figure(page, "Spent today").getByText("$612.50").waitFor();
  for (const label of ["This week", "This month"]) await figure(page, label).getByText("$612.50").waitFor();
  await card(page, "Top workspaces").getByText("no workspace").waitFor();
  await card(page, "Cost budget, monthly").getByText(/^At the pace of the last 7 days it (is used up on|lasts until)/).waitFor();
  await figure(page, "Requests today").getByText("1,500 tokens").or(page.getByText("1.5K tokens")).first().waitFor();
  await card(page, "Cost budget, monthly").getByRole("img", { name: "$612.50 of $1,000.00 used, $0.00 held" }).waitFor();
  await card(page, "Top models").getByText("gpt-4.1").waitFor();
  await card(page, "Keys near a limit").getByRole("img", { name: "88% of $700.00" }).waitFor();
  assert.equal(await card(page, "Top keys").getByRole("link", { name: "Checkout" }).getAttribute("href"), `/keys/${apiKey.id}`);
  await card(page, "Alerts").getByText("$612.50 of $700.00").waitFor();

  await mutate("reserveUsage", { secret, requestId: "2", estimate: { requests: 1, cost: "50" } }, "decision { allowed }");
  await card(page, "Cost budget, monthly").getByRole("img", { name: "$612.50 of $1,000.00 used, $50.00 held" }).waitFor();
  await mutate("reserveUsage", { secret, requestId: "3", estimate: { requests: 1, cost: "60" } }, "decision { allowed }");
  await card(page, "Denied today").getByRole("link", { name: "Checkout" }).waitFor();
  await assertAccessibleEverywhere(page);
  assertClean();
  await page.context().close();
});

// Guarantee: a MEMBER sees what their own keys spend, and nothing of others' keys.
test("a member's overview", async () => {
  const { member } = await mutate("addMember", { organizationId: organization, email: "ada@acme.test", role: "MEMBER" }, "member { id }");
  const token = await createToken("ADMIN", member.id);
  const mine = await createKey("Ada’s", {}, token);
  await mutate("recordUsage", { secret: mine.secret, requestId: "4", cost: "2.25", inputTokens: 10 }, "replayed");
  const { page, assertClean } = await open(token);
  await figure(page, "Spent today").getByText("$2.25").waitFor();
  await page.getByText("What the API keys that you created spend").waitFor();
  await card(page, "Top keys").getByRole("link", { name: "Ada’s" }).waitFor();
  assert.equal(await page.getByText("Checkout").count(), 0);
  assertClean();
  await page.context().close();
});
