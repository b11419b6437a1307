import { cacheExchange, type Cache, type KeyGenerator, type UpdatesConfig } from "@urql/exchange-graphcache";
import { embeddedTypes, possibleTypes } from "../gql/cacheTypes";

/** What a message of GET /events says: the ids of things that changed, and the names of their types; or that everything may have. */
export interface Changes {
  ids: string[];
  types: string[];
  reset: boolean;
}

/** Root fields whose answers depend on things of a type, beside the lists that are named after the type. */
const fieldsOfType: Record<string, string[]> = {
  ApiKey: ["apiKeys", "apiKey"],
  Alert: ["alerts"],
  AuditEntry: ["auditLog"],
  Reservation: ["reservations"],
  UsageEvent: ["usage", "usageEvents"],
  Denial: ["denials"],
  Organization: ["organizations"],
};

const none: KeyGenerator = () => null;

/**
 * The normalized cache. Ids are unique over all types (`key_…`, `bud_…`), so they alone are the keys of what implements
 * Node; whatever has no id is kept inside its parent.
 */
export function normalizedCache() {
  return cacheExchange({
    possibleTypes,
    globalIDs: possibleTypes.Node,
    keys: Object.fromEntries([...embeddedTypes, "MembershipOrganization"].map((type) => [type, none])),
    updates,
  });
}

const updates: UpdatesConfig = {
  Subscription: { changes: (result, _, cache) => forget(cache, result.changes as Changes) },
};

/** Forgets what changed. Queries on the page that read it are sent again; nothing else is. */
function forget(cache: Cache, { ids, types, reset }: Changes) {
  const fields = new Set(types.flatMap((type) => fieldsOfType[type] ?? []));
  for (const field of cache.inspectFields("Query")) {
    if (reset || fields.has(field.fieldName)) cache.invalidate("Query", field.fieldName, field.arguments);
  }
  for (const id of ids) cache.invalidate(id);
}
