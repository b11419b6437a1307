import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { assertAccessible, assertAccessibleEverywhere } from "./axe.mjs";
import { hasFocus, openPage, startBrowser } from "./browser.mjs";
import { rootToken, startProgram } from "./program.mjs";
import { load } from "./source.mjs";
import { createKey, createTenant } from "./tenant.mjs";

// Prices, the cost of a call, and usage without a price, against the real program.

const { pricesSearch, setPriceSearch } = await load("pages/prices/search.ts");
const { draftOf, inputOf, withRate } = await load("pages/prices/draft.ts");
const { furtherText, multiplierText, rateText, shiftDecimal, sourceAddress, stateOf } = await load("pages/prices/words.ts");

let program;
let browser;
let tenant;

before(async () => {
  program = await startProgram();
  tenant = await createTenant(program);
  await setPrice({ provider: "acme models", model: "listed*", source: "https://example.com", rates: tokens("1", "2") }, rootToken);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await program?.stop();
});

const open = (address, token = tenant.tokens.ADMIN) => openPage(browser, program.origin, `${address}#token=${token}`);
const setPrice = (input, token = tenant.tokens.ADMIN) =>
  program.graphql("mutation($input: SetPriceInput!) { setPrice(input: $input) { price { id } } }", { input }, token);
const tokens = (input, output) => [
  { unit: "INPUT_TOKENS", perMillion: input },
  { unit: "OUTPUT_TOKENS", perMillion: output },
];
const focused = (locator) => locator.evaluateAll((found) => found.includes(document.activeElement));

/** Goes on with Tab until the element has the focus: nothing is reached but by the keyboard. */
async function tabTo(page, locator) {
  for (let pressed = 0; pressed < 80; pressed++) {
    if (await focused(locator)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`${locator} is not reached by 80 Tabs`);
}

/** Records usage of the tenant without a cost, and returns the id of its event. */
async function record(secret, usage) {
  const { recordUsage } = await tenant.graphql(
    "mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id cost } } }",
    { input: { secret, requestId: randomUUID(), ...usage } },
    "GATEWAY",
  );
  return recordUsage.usageEvent.id;
}

// An address holds what the page shows, of each part its own; what the API would refuse, and what is as it is from the start, is left out.
test("the prices' state survives its address", () => {
  const states = [
    {},
    { search: "gpt", at: "2026-11-01", own: true, after: "c" },
    { at: "all" },
    { tab: "cost", provider: "openai", model: "4", tier: "BATCH", when: "2026-11-28T10:00:00.000Z", inputTokens: 7, requests: 0 },
    { tab: "unpriced", range: "7d", reprice: "m", repricing: `rpc_${"0".repeat(32)}` },
    { tab: "multipliers" },
  ];
  for (const state of states) assert.deepEqual(pricesSearch(state), state);
  assert.deepEqual(pricesSearch({ tab: "cost", model: 4, inputTokens: -1, outputTokens: 1.5, images: "0", requests: 1, tier: "STANDARD", when: "x" }), {
    tab: "cost",
    model: "4",
  });
  assert.deepEqual(pricesSearch({ tab: "unpriced", repricing: "prc_1", search: "x" }), { tab: "unpriced" });
  assert.deepEqual(setPriceSearch({ provider: "p", model: 4, since: "2026-02-30", like: "prc_1", then: "x" }), { provider: "p", model: "4" });
});

// Decimals are shifted exactly, however many digits they have; rates of pieces are told for one, those of tokens for a million.
test("rates in words", () => {
  assert.equal(shiftDecimal("10000", -6), "0.01");
  assert.equal(shiftDecimal("0.000001", 6), "1");
  assert.equal(shiftDecimal("12345678901234567890.5", 1), "123456789012345678905");
  assert.equal(shiftDecimal("0", 6), "0");
  assert.equal(rateText({ unit: "INPUT_TOKENS", perMillion: "2.5" }), "$2.50");
  assert.equal(rateText({ unit: "INPUT_TOKENS", perMillion: "0.075" }), "$0.075");
  assert.equal(rateText({ unit: "WEB_SEARCHES", perMillion: "10000" }), "$0.01 each");
  const rate = (unit, perMillion, serviceTier = "STANDARD", aboveInputTokens = 0) => ({ unit, perMillion, serviceTier, aboveInputTokens });
  assert.deepEqual(furtherText([rate("INPUT_TOKENS", "1"), rate("CACHE_WRITE_TOKENS", "3.75"), rate("INPUT_TOKENS", "0.5", "BATCH")]), [
    "Cache write, 5 min $3.75",
    "Also Batch",
  ]);
  assert.deepEqual(["0.85", "1.105", "1", "0", "1.000000001"].map(multiplierText), ["15% less", "10.5% more", "as listed", "100% less", "0.0000001% more"]);
  assert.equal(sourceAddress("javascript:alert(1)"), undefined);
  assert.equal(sourceAddress("list of https://example.com/prices, 2026"), "https://example.com/prices");
  const at = Date.parse("2026-11-28T00:00:00Z");
  assert.equal(stateOf({ effectiveFrom: "2026-11-29T00:00:00Z", effectiveTo: null }, at), "later");
  assert.equal(stateOf({ effectiveFrom: "2026-11-29T00:00:00Z", effectiveTo: "2026-11-29T00:00:00Z" }, at), "over");
  assert.equal(stateOf({ effectiveFrom: "2026-11-01T00:00:00Z", effectiveTo: "2026-11-28T00:00:00Z" }, at), "over");
});

// What is typed becomes the API's input exactly: dollars for one piece are those for a million times a million, and what is no number
// is told beside its field, at the index of its rate.
test("a typed price is the API's", () => {
  const draft = draftOf({ provider: "p", model: "m", since: "2026-11-01" }, undefined, false);
  const [input, output] = draft.rates;
  const rates = [{ ...input, dollars: "1,000.5", above: "200,000" }, { ...output, unit: "IMAGES", dollars: "$0.04" }];
  assert.deepEqual(inputOf({ ...draft, rates }, "org").input, {
    organizationId: "org",
    provider: "p",
    model: "m",
    effectiveFrom: "2026-11-01T00:00:00.000Z",
    source: null,
    maxOutputTokens: null,
    rates: [
      { unit: "INPUT_TOKENS", perMillion: "1000.5", aboveInputTokens: 200000, serviceTier: "STANDARD" },
      { unit: "IMAGES", perMillion: "40000", aboveInputTokens: 0, serviceTier: "STANDARD" },
    ],
  });
  const wrong = { ...draft, model: " ", rates: [{ ...input, dollars: "1,5" }, { ...output, dollars: "0.0000001", above: "1.5" }] };
  assert.deepEqual(Object.keys(inputOf(wrong, "org").errors).sort(), ["model", "rates.0.perMillion", "rates.1.aboveInputTokens", "rates.1.perMillion"]);
  assert.deepEqual(withRate(draft.rates).map(({ unit }) => unit), ["INPUT_TOKENS", "OUTPUT_TOKENS", "CACHED_INPUT_TOKENS"]);
  assert.equal(inputOf({ ...draft, everybodys: true, rates }, "org").input.organizationId, null);
});

// Guarantee: an administrator sets a price of the organization's own with the keyboard alone; what is wrong stands beside its field, that
// of the server, too; it is found in the list and on its page, and a later one is in its history.
test("set an own price, from the keyboard", async () => {
  const { page, assertClean } = await open("/prices");
  const type = (text) => page.keyboard.type(text);
  const press = (key) => page.keyboard.press(key);
  await page.getByRole("tab", { name: "Prices" }).waitFor();
  await page.getByRole("row").nth(1).waitFor();
  await assertAccessibleEverywhere(page);
  await tabTo(page, page.getByRole("main").getByRole("link", { name: "Set a price" }));
  await press("Enter");
  await page.getByRole("heading", { name: "Set a price", level: 1 }).waitFor();
  await tabTo(page, page.getByRole("textbox", { name: "Provider" }));
  await type("Acme Models");
  await press("Enter");
  await page.getByText("Must be given.").waitFor(); // the model
  await page.getByText("Must be given; 0 is free.").first().waitFor();
  const model = page.getByRole("textbox", { name: "Model" });
  await hasFocus(model); // the first field with an error
  await assertAccessibleEverywhere(page);
  await type("house*7b");
  const dollars = page.getByRole("textbox", { name: "Per million" });
  await tabTo(page, dollars.first());
  await type("0.40");
  await tabTo(page, dollars.nth(1));
  await type("1.60");
  await tabTo(page, page.getByRole("button", { name: "Another rate" }));
  await press("Enter");
  const third = page.getByRole("group", { name: "Rate 3" });
  await third.getByRole("combobox", { name: "For" }).selectOption("Input");
  await third.getByRole("textbox", { name: "Per million" }).fill("0.5");
  await page.getByRole("button", { name: "Set price" }).click();
  await page.getByText(/may have one \*, at its end/).waitFor();
  await model.and(page.locator('[aria-invalid="true"]')).waitFor();
  await third.getByText(/given twice/).waitFor();
  await assertAccessible(page);
  await model.fill("house-7b*");
  await third.getByRole("textbox", { name: "Input above" }).fill("100,000");
  await tabTo(page, page.getByRole("button", { name: "Set price" }));
  await press("Enter");
  await page.getByRole("heading", { name: "house-7b*", level: 1 }).waitFor();
  await page.getByText("Acme’s own").waitFor();
  await page.getByRole("columnheader", { name: "Standard, above 100,000" }).waitFor();
  await assertAccessibleEverywhere(page);

  await page.getByRole("link", { name: "Set a new price" }).click();
  await page.getByRole("textbox", { name: "Per million" }).first().fill("0.30");
  await page.getByRole("button", { name: "Set price" }).click();
  await page.getByRole("region", { name: "History of this price" }).getByText("Over").waitFor();
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "Prices" }).click();
  await page.getByRole("searchbox", { name: "Search" }).fill("HOUSE-7b");
  await press("Enter");
  await page.getByText("1 price", { exact: true }).waitFor();
  const row = page.getByRole("row", { name: /house-7b/ });
  await row.getByText("$0.30").waitFor(); // the cell has the rate of larger requests, too
  for (const text of ["$0.50 above 100K", "$1.60", "Acme"]) await row.getByText(text, { exact: true }).waitFor();
  await page.getByRole("combobox", { name: "In effect" }).selectOption("Ever: history, too");
  await page.getByText("2 prices", { exact: true }).waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill("no such model");
  await press("Enter");
  await page.getByText("No price like this").waitFor();
  await assertAccessible(page);
  assertClean();
  await page.context().close();
});

// Guarantee: a price ends when an administrator says so.
test("end a price", async () => {
  const { setPrice: set } = await setPrice({ organizationId: tenant.organizationId, provider: "acme models", model: "ending", rates: tokens("1", "2") });
  const { page, assertClean } = await open(`/prices/${set.price.id}`);
  await page.getByRole("button", { name: "End…" }).click();
  const dialog = page.getByRole("dialog", { name: "End the price of ending?" });
  await assertAccessible(page);
  await dialog.getByLabel("When").fill("2020-01-01T00:00");
  await dialog.getByRole("button", { name: "End price" }).click();
  await dialog.getByText(/over/).waitFor();
  await dialog.getByLabel("When").fill("");
  await dialog.getByRole("button", { name: "End price" }).click();
  await page.getByRole("button", { name: "End…" }).waitFor({ state: "detached" });
  assertClean();
  await page.context().close();
});

// Guarantee: the operator sets everybody's prices; an administrator is offered a price of their own beside it, and no end of it.
test("everybody's prices are the operator's", async () => {
  const operator = await open("/prices/new?provider=acme%20models&model=everybodys", rootToken);
  await operator.page.getByRole("combobox", { name: "Whose price" }).waitFor();
  await operator.page.getByRole("textbox", { name: "Per million" }).first().fill("3");
  await operator.page.getByRole("textbox", { name: "Per million" }).nth(1).fill("4");
  await assertAccessible(operator.page);
  await operator.page.getByRole("button", { name: "Set price" }).click();
  await operator.page.getByRole("heading", { name: "everybodys", level: 1 }).waitFor();
  await operator.page.getByText("Everybody’s").first().waitFor();
  await operator.page.getByRole("button", { name: "End…" }).waitFor();
  const { pathname } = new URL(operator.page.url());
  operator.assertClean();
  await operator.page.context().close();

  const { page, assertClean } = await open(pathname);
  await page.getByRole("link", { name: "Set an own price" }).click();
  await page.getByRole("textbox", { name: "Model" }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Per million" }).first().inputValue(), "3");
  assert.equal(await page.getByRole("combobox", { name: "Whose price" }).count(), 0);
  await page.goBack();
  await page.getByRole("heading", { name: "everybodys", level: 1 }).waitFor();
  assert.equal(await page.getByRole("button", { name: "End…" }).count(), 0);
  assertClean();
  await page.context().close();
});

// Guarantee: members and viewers see prices and what calls cost, and are offered no change; members are not told of discounts.
test("what members and viewers are not offered", async () => {
  for (const role of ["MEMBER", "VIEWER"]) {
    const { page, assertClean } = await open("/prices", tenant.tokens[role]);
    await page.getByRole("row").nth(1).waitFor();
    assert.equal(await page.getByRole("link", { name: "Set a price" }).count(), 0, role);
    assert.equal(await page.getByRole("tab", { name: "Discounts" }).count(), role === "VIEWER" ? 1 : 0);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("heading", { name: "Rates" }).waitFor();
    assert.equal(await page.getByRole("main").getByRole("button", { name: "End…" }).count(), 0, role);
    assert.equal(await page.getByRole("main").getByRole("link", { name: /^Set a/ }).count(), 0, role);
    await page.goto(`${program.origin}/prices/new`);
    await page.getByText("Prices are set by owners and admins").waitFor();
    assert.equal(await page.getByRole("button", { name: "Set price" }).count(), 0, role);
    await page.goto(`${program.origin}/prices?tab=unpriced`);
    await page.getByRole("heading", { name: "By model" }).waitFor();
    assertClean();
    await page.context().close();
  }
});

// Guarantee: the cost of a call is explained rate by rate, the address keeps the call, and the cost is the one of the ledger: a usage event
// leads to its own.
test("what a call costs, rate by rate", async () => {
  await setPrice({
    organizationId: tenant.organizationId,
    provider: "acme models",
    model: "explained",
    rates: [...tokens("2.5", "10"), { unit: "CACHED_INPUT_TOKENS", perMillion: "0.25" }, { unit: "WEB_SEARCHES", perMillion: "10000" }],
  });
  const { page, assertClean } = await open("/prices?tab=cost");
  await page.getByText("Name a model").waitFor();
  await page.getByRole("button", { name: "Compute" }).click();
  await page.getByText("Must be given.").waitFor();
  await page.getByRole("textbox", { name: "Model" }).fill("explained");
  await page.getByRole("textbox", { name: "Input tokens", exact: true }).fill("1,000");
  await page.getByRole("textbox", { name: "of input: cached" }).fill("5000");
  await page.getByRole("button", { name: "Compute" }).click();
  await page.getByText(/cached/i).and(page.locator("[id$=-error]")).waitFor(); // more cached than went in, as the server says
  await assertAccessible(page);
  await page.getByRole("textbox", { name: "of input: cached" }).fill("400");
  await page.getByRole("textbox", { name: "Output tokens", exact: true }).fill("100");
  await page.getByRole("textbox", { name: "Web searches" }).fill("1");
  await page.getByRole("button", { name: "Compute" }).click();
  await page.getByText("$0.0126", { exact: true }).waitFor(); // 600 × 2.5 + 400 × 0.25 + 100 × 10 a million, and a search of a cent
  await page.getByRole("row", { name: "Cached input 400 $0.25 $0.0001" }).waitFor();
  await assertAccessibleEverywhere(page);
  await page.reload();
  await page.getByText("$0.0126", { exact: true }).waitFor();
  await page.getByRole("textbox", { name: "Model" }).fill("nobody-knows");
  await page.getByRole("button", { name: "Compute" }).click();
  await page.getByText("No price of nobody-knows").waitFor();
  await assertAccessible(page);

  const { secret, apiKey } = await createKey(tenant, { name: "Explained" });
  await record(secret, { provider: "acme models", model: "explained", inputTokens: 1000, cachedInputTokens: 400, outputTokens: 100, webSearches: 1 });
  await page.goto(`${program.origin}/keys/${apiKey.id}?tab=events`);
  await page.getByRole("row", { name: /explained/ }).getByRole("link").click();
  await page.getByText("$0.0126", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Now instead" }).waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: a discount is set for all providers or for one, with errors beside fields, and costs are multiplied by it.
test("discounts", async () => {
  const own = await createTenant(program, "Thrifty");
  await setPrice({ organizationId: own.organizationId, provider: "p", model: "m", rates: tokens("10", "10") }, own.tokens.ADMIN);
  const { page, assertClean } = await open("/prices?tab=multipliers", own.tokens.ADMIN);
  await page.getByText("As listed").waitFor();
  await assertAccessible(page);
  await page.getByRole("button", { name: "Set", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Discount or mark-up" });
  const times = dialog.getByRole("textbox", { name: "Times" });
  await times.fill("half");
  await dialog.getByRole("button", { name: "Set" }).click();
  await dialog.getByText(/Must be a number/).waitFor();
  await times.fill("1001");
  await dialog.getByRole("button", { name: "Set" }).click();
  await dialog.getByText(/must be 0 to 1000/).waitFor();
  await times.and(page.locator('[aria-invalid="true"]')).waitFor();
  await times.fill("0.85");
  await dialog.getByText("The organization pays 15% less.").waitFor();
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "Set" }).click();
  await page.getByRole("row", { name: /All other providers 0\.85/ }).waitFor();
  await assertAccessibleEverywhere(page);
  await page.goto(`${program.origin}/prices?tab=cost&model=m&inputTokens=1000000`);
  await page.getByText("$8.50", { exact: true }).waitFor();
  await page.getByText("times 0.85 (15% less)").waitFor();
  assertClean();
  await page.context().close();
});

// Guarantee: usage without a price is listed by model; a price that reaches back is set from there, and pricing again corrects it: then the
// list is empty, and the cost is in the report.
test("unpriced usage is priced again", async () => {
  const own = await createTenant(program, "Forgetful");
  const { secret } = await createKey(own, { name: "Bot" });
  for (let i = 0; i < 3; i++) {
    await own.graphql(
      "mutation($input: RecordUsageInput!) { recordUsage(input: $input) { usageEvent { id } } }",
      { input: { secret, requestId: randomUUID(), provider: "acme models", model: "forgotten-1", inputTokens: 1_000_000 } },
      "GATEWAY",
    );
  }
  const { page, assertClean } = await open("/prices?tab=unpriced", own.tokens.ADMIN);
  const row = page.getByRole("row", { name: /forgotten-1/ });
  await row.getByText("of 3", { exact: true }).waitFor();
  await assertAccessibleEverywhere(page);
  await row.getByRole("link", { name: "Set a price" }).click();
  await page.getByRole("heading", { name: "Set a price", level: 1 }).waitFor();
  assert.equal(await page.getByRole("textbox", { name: "Provider" }).inputValue(), "acme models");
  assert.equal(await page.getByRole("textbox", { name: "Model" }).inputValue(), "forgotten-1");
  assert.notEqual(await page.getByLabel("From").inputValue(), "");
  await page.getByRole("textbox", { name: "Per million" }).first().fill("2");
  await page.getByRole("textbox", { name: "Per million" }).nth(1).fill("8");
  await page.getByRole("button", { name: "Set price" }).click();
  const dialog = page.getByRole("dialog", { name: "Price forgotten-1 again?" });
  await assertAccessible(page);
  await dialog.getByRole("button", { name: "Price again" }).click();
  await page.getByText("3 events compared, 3 corrected, $6.00 in all.").waitFor();
  await page.getByText("Everything is priced").waitFor();
  await page.getByRole("region", { name: "Usage that was priced again" }).getByRole("row", { name: /forgotten-1 .* by .* 3 of 3 \$6\.00/ }).waitFor();
  await assertAccessibleEverywhere(page);
  const { usage } = await own.graphql("query($filter: UsageFilter!) { usage(filter: $filter, interval: MONTH) { total { cost unpricedRequests } } }", {
    filter: { subjectId: own.organizationId, from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date(Date.now() + 3_600_000).toISOString() },
  });
  assert.deepEqual(usage.total, { cost: "6", unpricedRequests: 0 });
  assertClean();
  await page.context().close();
});

// Guarantee: where there is no price at all, the page says how prices come.
test("no prices yet", async () => {
  const { page } = await open("/sign-in");
  await page.route("**/graphql", async (route) => {
    if (!route.request().postDataJSON().query.includes("query PricesPage")) return route.continue();
    const empty = { totalCount: 0, nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null, __typename: "PageInfo" }, __typename: "PriceConnection" };
    return route.fulfill({ json: { data: { prices: empty } } });
  });
  await page.goto(`${program.origin}/prices`);
  await page.getByText("No prices yet").waitFor();
  await page.getByText("bursar prices import").waitFor();
  await assertAccessibleEverywhere(page);
  await page.context().close();
});
