import { ApolloClient, HttpLink, InMemoryCache, type ApolloCache, type TypePolicies } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import { possibleTypes } from "./gql/cacheTypes";

/** The answer's list takes the place of the cached one, also when it is shorter. Otherwise Apollo warns of lost data then. */
const replace = { merge: false } as const;

const typePolicies: TypePolicies = {
  Query: { fields: { apiKeys: relayStylePagination(["filter", "orderBy"]), usageEvents: relayStylePagination(["filter"]) } },
  // There is one viewer. What different queries ask of it is kept together.
  Viewer: { keyFields: [] },
  // For Organization, Workspace and ApiKey, which possibleTypes says.
  LimitSubject: { fields: { budgetLimits: replace, rateLimits: replace, recipients: replace } },
  WorkspaceConnection: { fields: { nodes: replace } },
  MemberConnection: { fields: { nodes: replace } },
};

/** The types of what can be deleted, by the prefixes of their ids. */
const typeOfPrefix: Record<string, string> = { bud: "BudgetLimit", rat: "RateLimit", ws: "Workspace", mem: "Member" };

export function createClient(server: string, token: string): ApolloClient {
  return new ApolloClient({
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
    link: new HttpLink({ uri: `${server}/graphql`, headers: { Authorization: `Bearer ${token}` } }),
  });
}

/** The `update` of every mutation: what was deleted is forgotten, wherever else it is named. */
export function forgetDeleted(cache: ApolloCache, { data }: { data?: unknown }) {
  for (const payload of Object.values(data ?? {}) as ({ deletedId?: string } | null)[]) {
    if (!payload?.deletedId) continue;
    const { deletedId } = payload;
    const id = cache.identify({ __typename: typeOfPrefix[deletedId.split("_")[0]!], id: deletedId });
    if (id !== undefined) cache.evict({ id });
  }
}
