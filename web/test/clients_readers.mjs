/**
 * Three clients whose page shows the budget of a key. `refresh` reads again what has changed, as the manual says, and `used` is what the page
 * shows of the budget then.
 */
export async function readersOf({ origin, token, documents, module }, id) {
  return Promise.all([urql, apollo, relay].map((reader) => reader({ origin, token, documents, module }, id)));
}

async function urql({ origin, token, documents, module }, id) {
  const { createClient } = await module("urql.ts");
  const client = createClient(origin, token);
  let shown = await client.query(documents.Key, { id }).toPromise();
  client.query(documents.Key, { id }).subscribe((result) => (shown = result));
  return {
    name: "urql",
    refresh: (ids) => client.query(documents.Changed, { ids }, { requestPolicy: "network-only" }).toPromise(),
    used: () => shown.data.apiKey.budgetLimits[0].used,
    spend: async (variables) => (await client.query(documents.Spend, variables).toPromise()).data.usage,
  };
}

async function apollo({ origin, token, documents, module }, id) {
  const { createClient } = await module("apollo.ts");
  const client = createClient(origin, token);
  const key = { query: documents.Key, variables: { id } };
  await client.query(key);
  return {
    name: "Apollo Client",
    refresh: (ids) => client.query({ query: documents.Changed, variables: { ids }, fetchPolicy: "network-only", errorPolicy: "all" }),
    used: () => client.readQuery(key).apiKey.budgetLimits[0].used,
    spend: async (variables) => (await client.query({ query: documents.Spend, variables })).data.usage,
  };
}

async function relay({ origin, token, module }, id) {
  const { createOperationDescriptor, fetchQuery, getRequest, getSingularSelector } = (await import("relay-runtime")).default;
  const { createEnvironment } = await module("relay/environment.ts");
  const environment = createEnvironment(origin, token);
  const artifact = async (name) => (await module(`relay/__generated__/${name}.graphql.ts`)).default;
  const [query, changed, limits] = await Promise.all(["PortalSubjectQuery", "PortalChangedQuery", "Portal_limits"].map(artifact));
  await fetchQuery(environment, query, { id }).toPromise();
  const operation = createOperationDescriptor(getRequest(query), { id });
  environment.retain(operation);
  return {
    name: "Relay",
    refresh: (ids) => fetchQuery(environment, changed, { ids }).toPromise(),
    used: () => {
      const { node } = environment.lookup(operation.fragment).data;
      return environment.lookup(getSingularSelector(limits, node.limits)).data.budgetLimits[0].used;
    },
  };
}
