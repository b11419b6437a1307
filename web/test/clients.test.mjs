import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { countRequests, cutStreams, folder, generate, run } from "./clients.mjs";
import { assertPages, assertRefusals, changeEverything, plain, unknown, withoutWarnings } from "./clients_changes.mjs";
import { readersOf } from "./clients_readers.mjs";
import { startProgram } from "./program.mjs";
import { loadFile } from "./source.mjs";

// The examples of the manual's page on clients, each against the real program, which trusts their documents alone.

const recordUsage = "mutation RecordUsage($input: RecordUsageInput!) { recordUsage(input: $input) { replayed } }";
const createToken = "mutation CreateToken($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret } }";
let scratch;
let program;
let documents;
let requests;

before(async () => {
  await generate();
  scratch = await mkdtemp(join(tmpdir(), "bursar-trusted-"));
  const trusted = join(scratch, "manifest.json");
  const manifest = async (name) => JSON.parse(await readFile(join(folder, name), "utf8"));
  const own = { ...(await manifest("gql/persisted-documents.json")), ...(await manifest("relay/persisted.json")) };
  const ofConsole = await readFile(new URL("../dist/console/documents.graphql", import.meta.url), "utf8");
  await writeFile(trusted, JSON.stringify({ ...own, ofConsole, recordUsage, createToken }));
  program = await startProgram(["--trusted-documents", trusted]);
  documents = await module("documents.ts");
  requests = countRequests();
});

after(async () => {
  await program?.stop();
  if (scratch) await rm(scratch, { recursive: true });
});

const module = (path) => loadFile(new URL(`../clients/${path}`, import.meta.url));

// Guarantee: what the configuration generates out of the schema compiles, strictly, and so does all that uses it.
test("types", () => run("tsc", "-p", folder));

/** Graphcache's warning of the fields of a fragment on another type than the answer's: of a key, where the answer is an organization. */
const spurious = /^Invalid undefined: The field at .*\(Caused At: .*Fragment/s;

const wrongToken = "bst_wrong";

// Guarantee: with urql's graphcache every watched query is right after each mutation, without another request.
test("urql", async () => {
  const { createClient } = await module("urql.ts");
  const answered = ({ data, error }) => {
    if (error) throw error;
    return plain(data);
  };
  const make = () => {
    const client = createClient(program.origin, program.adminToken);
    const read = async (document, variables) => answered(await client.query(document, variables).toPromise());
    const watch = (document, variables) => {
      let latest;
      client.query(document, variables).subscribe((result) => (latest = result));
      return async () => (latest && !latest.stale ? answered(latest) : read(document, variables));
    };
    return { read, watch, mutate: async (document, variables) => answered(await client.mutation(document, variables).toPromise()) };
  };
  await withoutWarnings(() => changeEverything({ documents, requests }, make(), { read: (...given) => make().read(...given) }), spurious);
});

// Guarantee: with Apollo Client every watched query is right after each mutation, without another request.
test("Apollo Client", async () => {
  const { createClient, forgetDeleted } = await module("apollo.ts");
  const make = () => {
    const client = createClient(program.origin, program.adminToken);
    const read = async (query, variables) => plain((await client.query({ query, variables })).data);
    const watch = (query, variables) => {
      const watched = client.watchQuery({ query, variables });
      let latest;
      watched.subscribe((result) => (latest = result));
      return async () => (latest?.dataState === "complete" ? plain(latest.data) : read(query, variables));
    };
    const mutate = async (mutation, variables) => plain((await client.mutate({ mutation, variables, update: forgetDeleted })).data);
    return { read, watch, mutate };
  };
  await withoutWarnings(() => changeEverything({ documents, requests }, make(), { read: (...given) => make().read(...given) }));
});

// Guarantee: the pages of a list come together in the order of the server; of several things, what cannot be seen is an error beside the
// others; and refusals have their code and field.
test("pages and errors, with urql", () => withoutWarnings(async () => {
  const { createClient } = await module("urql.ts");
  const client = createClient(program.origin, program.adminToken);
  const page = async (after) => (await client.query(documents.Keys, { first: 5, after, orderBy: { field: "NAME" } }).toPromise()).data.apiKeys;
  const first = await page(null);
  const both = await page(first.pageInfo.endCursor);
  await assertPages(documents, createClient(program.origin, program.adminToken), both.edges);

  // a list on the page is read again after a mutation of its type
  const name = "New, with urql";
  await new Promise((resolve, reject) => {
    const list = client.query(documents.Keys, { first: 1 }).subscribe(({ data, error }) => {
      if (error) reject(error);
      if (data?.apiKeys.edges[0].node.name !== name) return;
      list.unsubscribe();
      resolve();
    });
    keyWithBudget().then((input) => client.mutation(documents.CreateKey, { input: { ...input, name } }).toPromise()).catch(reject);
  });

  const changed = await client.query(documents.Changed, { ids: [first.edges[0].node.id, unknown] }, { requestPolicy: "network-only" }).toPromise();
  assert.equal(changed.data.nodes[0].id, first.edges[0].node.id);
  assert.deepEqual(changed.error.graphQLErrors.map(({ path, extensions }) => [path, extensions.code]), [[["nodes", 1], "NOT_FOUND"]]);
  const anonymous = await createClient(program.origin, wrongToken).query(documents.Viewer, {}).toPromise();
  assert.equal(anonymous.error.graphQLErrors[0].extensions.code, "UNAUTHENTICATED");
  await assertRefusals(documents, async (document, variables) => {
    const { error } = await client.mutation(document, variables).toPromise();
    return error.graphQLErrors;
  });
}, spurious));

test("pages and errors, with Apollo Client", async () => {
  const { createClient } = await module("apollo.ts");
  const { CombinedGraphQLErrors } = await import("@apollo/client/errors");
  const client = createClient(program.origin, program.adminToken);
  const keys = { query: documents.Keys, variables: { first: 5, orderBy: { field: "NAME" } } };
  const first = (await client.query(keys)).data.apiKeys;
  const list = client.watchQuery(keys);
  list.subscribe(() => undefined);
  await list.fetchMore({ variables: { after: first.pageInfo.endCursor } });
  await assertPages(documents, (await module("urql.ts")).createClient(program.origin, program.adminToken), client.readQuery(keys).apiKeys.edges);

  // a list on the page is read again after a mutation of its type
  const latest = { query: documents.Keys, variables: { first: 1 } };
  await client.query(latest); // so that no first answer is under way, which would be taken for the one after the mutation
  client.watchQuery(latest).subscribe(() => undefined);
  const input = { ...(await keyWithBudget()), name: "New, with Apollo Client" };
  await client.mutate({ mutation: documents.CreateKey, variables: { input }, refetchQueries: [documents.Keys], awaitRefetchQueries: true });
  assert.equal(client.readQuery(latest).apiKeys.edges[0].node.name, input.name);

  const variables = { ids: [first.edges[0].node.id, unknown] };
  const changed = await client.query({ query: documents.Changed, variables, fetchPolicy: "network-only", errorPolicy: "all" });
  assert.equal(changed.data.nodes[0].id, first.edges[0].node.id);
  assert.deepEqual(changed.error.errors.map(({ path, extensions }) => [path, extensions.code]), [[["nodes", 1], "NOT_FOUND"]]);
  const anonymous = await createClient(program.origin, wrongToken).query({ query: documents.Viewer, errorPolicy: "all" });
  assert.equal(anonymous.error.errors[0].extensions.code, "UNAUTHENTICATED");
  await assertRefusals(documents, async (mutation, variables) => {
    const { error } = await client.mutate({ mutation, variables, errorPolicy: "all" });
    assert.ok(CombinedGraphQLErrors.is(error), error);
    return error.errors;
  });
});

// Guarantee: what GET /events names is read again with one query, and each page that shows it is right, with each of the clients; also after the
// connection was lost, because the stream goes on where it was left.
test("changes", () => withoutWarnings(async () => {
  const { changes } = await module("events.ts");
  const { createClient } = await module("urql.ts");
  const client = createClient(program.origin, program.adminToken);
  const { createApiKey } = (await client.mutation(documents.CreateKey, { input: await keyWithBudget() }).toPromise()).data;
  const { id } = createApiKey.apiKey;
  const readers = await readersOf({ origin: program.origin, token: program.adminToken, documents, module }, id);
  for (const { name, used } of readers) assert.equal(used(), "0", name);

  const streams = cutStreams();
  const stopped = new AbortController();
  const stream = changes(program.origin, program.adminToken, stopped.signal);
  assert.deepEqual((await stream.next()).value, { ids: [], types: [], reset: false }); // ready
  for (const [tokens, sum] of [[40, "40"], [2, "42"]]) {
    await program.graphql(recordUsage, { input: { secret: createApiKey.secret, inputTokens: tokens, cost: "0.1" } });
    for (let change = { ids: [] }; !change.ids.includes(id); ) {
      change = (await stream.next()).value;
      if (change.ids.length > 0) await Promise.all(readers.map(({ refresh }) => refresh(change.ids)));
    }
    for (const { name, used } of readers) assert.equal(used(), sum, name);
    streams.cut();
  }
  const day = { from: "2020-01-01T00:00:00Z", to: "2120-01-01T00:00:00Z" };
  for (const { name, spend } of readers.slice(0, 2)) {
    const { total, series } = await spend({ filter: { ...day, subjectId: id }, interval: "MONTH" });
    assert.deepEqual([total.tokens, total.cost, series[0].dimensions[0].node.id], [42, "0.2", id], name);
  }
  assert.ok(streams.lastIds.length >= 2 && streams.lastIds.slice(1).every(Boolean), String(streams.lastIds));
  stopped.abort();
  await stream.next();
}, spurious));

/** The demo organization, with its members. */
async function organization() {
  const { createClient } = await module("urql.ts");
  return (await createClient(program.origin, program.adminToken).query(documents.Viewer, {}).toPromise()).data.viewer.organization;
}

const keyWithBudget = async () => ({ ownerId: (await organization()).id, name: "Portal", budgetLimits: [{ type: "TOKENS", amount: "1000" }] });

// Guarantee: Relay's store is right after each mutation, without another request: also its lists, and what was deleted; and a membership's
// organization, which has the id of the organization, is kept apart from it.
test("Relay", () => withoutWarnings(async () => {
  const { ConnectionHandler, ROOT_ID, commitMutation, createOperationDescriptor, fetchQuery, getRequest, getSingularSelector } =
    (await import("relay-runtime")).default;
  const { createEnvironment } = await module("relay/environment.ts");
  const artifact = async (name) => (await module(`relay/__generated__/${name}.graphql.ts`)).default;
  const environment = createEnvironment(program.origin, await memberToken());

  const read = async (name, variables, { network = false, into = environment } = {}) => {
    const query = await artifact(name);
    if (network) await fetchQuery(into, query, variables).toPromise();
    const { data, isMissingData, selector } = into.lookup(createOperationDescriptor(getRequest(query), variables).fragment);
    assert.ok(!isMissingData, `${name}: ${JSON.stringify(selector.variables)}`);
    return data;
  };
  const part = async (name, parent, into = environment) => into.lookup(getSingularSelector(await artifact(name), parent)).data;
  const mutate = async (name, variables) => {
    const mutation = await artifact(name);
    return new Promise((onCompleted, onError) => commitMutation(environment, { mutation, variables, onCompleted, onError }));
  };

  const { viewer } = await read("PortalViewerQuery", {}, { network: true });
  assert.equal(viewer.memberships[0].organization.id, viewer.organization.id);
  const organizationId = viewer.organization.id;
  const keys = await part("Portal_keys", await read("PortalKeysQuery", { filter: null }, { network: true }));
  const connection = ConnectionHandler.getConnectionID(ROOT_ID, "Portal_apiKeys", { filter: null });
  const { createApiKey } = await mutate("PortalCreateKeyMutation", { input: { ownerId: organizationId, name: "Relay" }, connections: [connection] });
  const { id } = createApiKey.apiKey;
  const more = await part("Portal_keys", await read("PortalKeysQuery", { filter: null }));
  assert.equal(more.apiKeys.edges.length, keys.apiKeys.edges.length + 1);
  assert.equal(more.apiKeys.edges[0].node.id, id);

  await read("PortalSubjectQuery", { id }, { network: true });
  const limits = async (into = environment, network = false) => part("Portal_limits", (await read("PortalSubjectQuery", { id }, { into, network })).node.limits, into);
  const change = async (name, input) => {
    const sent = requests.number;
    const data = await mutate(name, { input });
    const shown = await limits();
    assert.equal(requests.number - sent, 1);
    assert.deepEqual(shown, await limits(createEnvironment(program.origin, program.adminToken), true), name);
    return { data, shown };
  };
  const [budget] = (await change("PortalCreateBudgetMutation", { subjectId: id, type: "COST", amount: "10.50" })).shown.budgetLimits;
  assert.equal((await change("PortalUpdateBudgetMutation", { id: budget.id, amount: "20" })).shown.budgetLimits[0].amount, "20");
  assert.deepEqual((await change("PortalDeleteBudgetMutation", { id: budget.id })).shown.budgetLimits, []);
  assert.equal(environment.getStore().getSource().get(budget.id), null);
  assert.equal(environment.getStore().getSource().get(organizationId).__typename, "Organization");
}));

/** A token of a member, who has a membership. */
async function memberToken() {
  const { id, members } = await organization();
  const input = { organizationId: id, name: "portal", role: "OWNER", memberId: members.nodes.find(({ role }) => role === "OWNER").id };
  return (await program.graphql(createToken, { input })).createAccessToken.secret;
}
