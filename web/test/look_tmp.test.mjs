import { after, before, test } from "node:test";
import { openPage, startBrowser } from "./browser.mjs";
import { startProgram } from "./program.mjs";
import { createKey, createTenant } from "./tenant.mjs";
let program, browser, tenant;
before(async () => { program = await startProgram(); tenant = await createTenant(program); browser = await startBrowser(); });
after(async () => { await browser?.close(); await program?.stop(); });
test("look", async () => {
  await tenant.graphql("mutation($input: SetLeasePolicyInput!) { setLeasePolicy(input: $input) { organization { id } } }", {
    input: { organizationId: tenant.organizationId, allowed: true, ttlSecondsMost: 60 } });
  const leased = await createKey(tenant, { name: "Assistant", budgetLimits: [{ type: "TOKENS", amount: "1000000" }, { type: "COST", amount: "50", periodicReset: "MONTHLY" }],
    rateLimits: [{ type: "REQUESTS", limit: 1000, interval: "MINUTE" }] });
  for (const [gateway, requests, tokens, cost] of [["gateway-eu-1.prod.acme.test", 100, 40000, "4"], ["gateway-us-2.prod.acme.test", 60, 24000, "2.5"]]) {
    const { leaseUsage } = await tenant.graphql("mutation($input: LeaseUsageInput!) { leaseUsage(input: $input) { lease { id } } }", {
      input: { secret: leased.secret, requests, tokens, cost, metadata: { gateway } } }, "GATEWAY");
    await tenant.graphql("mutation($input: RecordUsageInput!) { recordUsage(input: $input) { replayed } }",
      { input: { leaseId: leaseUsage.lease.id, requests: 30, inputTokens: 9000, cost: "0.75" } }, "GATEWAY");
  }
  for (const [name, address] of [["key", `/keys/${leased.apiKey.id}?tab=holds`], ["org", "/organization"]]) {
    const { page } = await openPage(browser, program.origin, `${address}#token=${tenant.tokens.ADMIN}`);
    await page.getByRole("heading", { name: name === "key" ? "Leases" : "Leases of gateways" }).waitFor();
    if (name === "org") {
      await page.screenshot({ path: `/dev/shm/leases/org-page.png`, fullPage: true });
      await page.getByRole("button", { name: "Change" }).nth(1).click();
      await page.getByRole("dialog").waitFor();
    }
    for (const colorScheme of ["light", "dark"]) for (const size of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize(size);
      await page.screenshot({ path: `/dev/shm/leases/${name}-${colorScheme}-${size.width}.png`, fullPage: true });
    }
    await page.context().close();
  }
});
