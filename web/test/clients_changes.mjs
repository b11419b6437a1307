import assert from "node:assert/strict";
import { parse } from "graphql";

/** The id of nothing. */
export const unknown = `key_${"0".repeat(32)}`;

/**
 * Changes everything that the portal changes, and holds what a cache shows against what the server answers to a new client. `client` has
 * `watch(document, variables)`, which returns a function that returns what is shown, and `mutate`; `fresh` has `read`, without a cache. `requests`
 * counts what is sent.
 */
export async function changeEverything({ documents, requests }, client, fresh) {
  const viewer = client.watch(documents.Viewer, {});
  const organizationId = (await viewer()).viewer.organization.id;
  const { createApiKey } = await client.mutate(documents.CreateKey, {
    input: { ownerId: organizationId, name: "Portal", recipients: ["a@acme.test", "b@acme.test"], metadata: { team: "a" } },
  });
  const { id } = createApiKey.apiKey;
  const watched = [
    [documents.Key, { id }],
    [documents.Subject, { id: organizationId }],
    [documents.Viewer, {}],
  ].map(([document, variables]) => ({ document, variables, shown: client.watch(document, variables) }));
  for (const { shown } of watched) await shown();

  /** Sends a mutation: one request, after which each watched query shows what the server has. */
  const change = async (document, input) => {
    const sent = requests.number;
    const data = await client.mutate(document, { input });
    const shown = await Promise.all(watched.map(({ shown }) => shown()));
    assert.equal(requests.number - sent, 1, `${Object.keys(data)} is all that is sent`);
    for (const [index, { document, variables }] of watched.entries()) {
      assert.deepEqual(shown[index], await fresh.read(document, variables), `${Object.keys(data)}: the cache is right`);
    }
    return { data, key: shown[0].apiKey, viewer: shown[2].viewer };
  };

  const created = await change(documents.CreateBudget, { subjectId: id, type: "COST", amount: "10.50", alertThresholds: ["5"], periodicReset: "MONTHLY" });
  const [budget] = created.key.budgetLimits;
  assert.equal(budget.amount, "10.5");
  assert.equal((await change(documents.UpdateBudget, { id: budget.id, amount: "20" })).key.budgetLimits[0].amount, "20");
  const saved = await change(documents.SaveKey, {
    id, name: "Renamed", enabled: false, metadata: { team: "b" }, recipients: ["b@acme.test"],
    budgetLimits: [{ id: budget.id, amount: "30" }, { type: "TOKENS", amount: "1000" }], rateLimits: [{ type: "REQUESTS", limit: 60, interval: "DAY" }],
  });
  assert.equal(saved.key.status, "DISABLED");
  assert.equal(saved.key.budgetLimits.length, 2);
  assert.deepEqual((await change(documents.DeleteBudget, { id: budget.id })).key.budgetLimits.map(({ type }) => type), ["TOKENS"]);
  await change(documents.RemoveRecipients, { subjectId: id, emails: ["b@acme.test"] });
  const { data } = await change(documents.CreateBudget, { subjectId: organizationId, type: "TOKENS", amount: "5000000000", periodicReset: "WEEKLY" });
  await change(documents.DeleteBudget, { id: data.createBudgetLimit.budgetLimit.id });

  const { createWorkspace } = (await change(documents.CreateWorkspace, { organizationId, name: "Portal" })).data;
  await change(documents.DeleteWorkspace, { id: createWorkspace.workspace.id });
  const { addMember } = (await change(documents.AddMember, { organizationId, email: "portal@acme.test", role: "MEMBER" })).data;
  const removed = await change(documents.RemoveMember, { id: addMember.member.id });
  assert.ok(removed.viewer.organization.members.nodes.every(({ email }) => email !== "portal@acme.test"));
  assert.equal((await change(documents.RevokeKey, { id })).key.status, "REVOKED");
}

/**
 * Fails if the development build of a client finds fault with its cache, as with data that it may lose. `--conditions=development` of Node, which
 * `npm test` sets, chooses that build. `spurious` are warnings that mean nothing.
 */
export async function withoutWarnings(change, spurious = /^$/) {
  assert.ok((await import("@apollo/client/utilities/environment")).__DEV__, "run it with --conditions=development");
  const warnings = [];
  const { warn, error } = console;
  console.warn = console.error = (...given) => warnings.push(given.join(" "));
  try {
    await change();
  } finally {
    Object.assign(console, { warn, error });
  }
  assert.deepEqual(warnings.filter((warning) => !spurious.test(warning)), []);
}

/** A copy without prototypes and the caches' own marks, which deepEqual would compare. */
export const plain = (data) => JSON.parse(JSON.stringify(data, (key, value) => (key === "__typename" ? undefined : value)));

/** Holds what a client makes of refusals: `send` returns the errors. Fields of a form find theirs, and a document that is not trusted does not run. */
export async function assertRefusals(documents, send) {
  const invalid = await send(documents.CreateBudget, { input: { subjectId: unknown, type: "COST", amount: "0.5" } });
  assert.deepEqual(invalid.map(({ extensions }) => [extensions.code, extensions.field]), [["NOT_FOUND", "subjectId"], ["BAD_USER_INPUT", "amount"]]);
  assert.match(invalid[1].extensions.reason, /at least 1 dollar/);
  const refused = await send(parse("mutation Other($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { name } } }"), { input: { id: unknown } });
  assert.deepEqual(refused.map(({ extensions }) => extensions.code), ["FORBIDDEN"]);
}

/** Holds two pages of five keys by name against one of ten, which another client of urql reads. */
export async function assertPages(documents, fresh, edges) {
  const { data } = await fresh.query(documents.Keys, { first: 10, orderBy: { field: "NAME" } }).toPromise();
  assert.equal(data.apiKeys.edges.length, 10);
  assert.deepEqual(edges.map(({ node }) => node.name), data.apiKeys.edges.map(({ node }) => node.name));
}
