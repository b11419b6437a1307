import { Environment, Network, RecordSource, Store, type FetchFunction } from "relay-runtime";

export function createEnvironment(server: string, token: string): Environment {
  const send: FetchFunction = async ({ id, text }, variables) => {
    const response = await fetch(`${server}/graphql`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/graphql-response+json", Authorization: `Bearer ${token}` },
      body: JSON.stringify(id ? { documentId: id, variables } : { query: text, variables }),
    });
    return response.json();
  };
  return new Environment({
    network: Network.create(send),
    store: new Store(new RecordSource()),
    // Relay takes one id for one thing, whatever its type. A membership's organization has the organization's id.
    getDataID: ({ id }, type) => (type === "MembershipOrganization" ? `${type}:${id}` : id),
  });
}
