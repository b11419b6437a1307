import { cacheExchange, type Cache, type UpdateResolver } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";
import { Client, fetchExchange, type Exchange } from "@urql/core";
import { embeddedTypes, possibleTypes } from "./gql/cacheTypes";

/** Lists that hang on nothing: only the server knows what a mutation brings into them, with their filters and order. */
const lists: Record<string, string[]> = {
  createApiKey: ["apiKeys"],
  updateApiKey: ["apiKeys"],
  revokeApiKey: ["apiKeys"],
  resendAlert: ["alerts"],
  releaseReservations: ["reservations"],
};

/** Mutations whose payload has a deletedId. */
const deletions = ["deleteBudgetLimit", "deleteRateLimit", "deleteWorkspace", "removeMember"];

export function normalizedCache(): Exchange {
  return cacheExchange({
    possibleTypes,
    // Ids are unique over all types. So deletedId and the ids of GET /events are keys of the cache as they are.
    globalIDs: possibleTypes.Node,
    keys: Object.fromEntries(embeddedTypes.map((type) => [type, () => null])),
    resolvers: { Query: { apiKeys: relayPagination() } },
    updates: {
      Mutation: {
        ...Object.fromEntries(Object.entries(lists).map(([mutation, fields]) => [mutation, (_: unknown, __: unknown, cache: Cache) => forget(cache, fields)])),
        ...Object.fromEntries(deletions.map((mutation) => [mutation, forgetDeleted])),
      },
    },
  });
}

/** What was deleted is forgotten, wherever else it is named: an alert has the budget that raised it. */
const forgetDeleted: UpdateResolver = (result, _, cache, { fieldName }) => {
  const payload = result[fieldName] as { deletedId: string } | null;
  if (payload) cache.invalidate(payload.deletedId);
};

/** Forgets lists of the root, with whatever arguments. Those on the page are read again. */
export function forget(cache: Cache, fields: string[]) {
  for (const { fieldName, arguments: given } of cache.inspectFields("Query")) {
    if (fields.includes(fieldName)) cache.invalidate("Query", fieldName, given);
  }
}

export function createClient(server: string, token: string): Client {
  return new Client({
    url: `${server}/graphql`,
    preferGetMethod: false,
    fetchOptions: { headers: { Authorization: `Bearer ${token}` } },
    exchanges: [normalizedCache(), fetchExchange],
  });
}
