import { cacheExchange, type Cache, type KeyGenerator, type UpdateResolver, type UpdatesConfig } from "@urql/exchange-graphcache";
import { embeddedTypes, mutationFields, possibleTypes } from "../gql/cacheTypes";

/** What a message of GET /events says: the ids of things that changed, and the names of their types; or that everything may have. */
export interface Changes {
  ids: string[];
  types: string[];
  /** More than `ids` has changed. */
  more?: boolean;
  reset: boolean;
}

/** Root fields that prices are in; that one has changed is told by the audit log's entry alone. */
const ofPrices = ["prices", "priceOf"];

/** Root fields whose answers depend on things of a type. Each of the things themselves is forgotten by its id. */
const fieldsOfType: Record<string, string[]> = {
  ApiKey: ["apiKeys"],
  Alert: ["alerts", "alertDeliveries"],
  AuditEntry: ["auditLog", "repricings", "raiseRequests", ...ofPrices],
  Reservation: ["reservations"],
  UsageEvent: ["usage", "usageEvents", "reservations"],
  Organization: ["denials", "limitDenials"],
};

/** Root fields that are lists: what a mutation adds, removes or changes may come into them, or leave them. */
const lists = new Set(["apiKeys", "alerts", "alertDeliveries", "auditLog", "reservations", "organizations", "repricings", "raiseRequests", "simulations", ...ofPrices]);
/** Lists that hang on an organization. */
const organizationLists = new Set(["policies", "workspaces", "members", "accessTokens", "quotas"]);
/** What usage changes of an organization. */
const limits = new Set(["budgetLimits", "rateLimits"]);

/** Limits of policies, which requests for raises name as budgets, by the same ids: these are kept apart. */
const ofPolicies = new Set(["PolicyBudgetLimit", "PolicyRateLimit"]);

const none: KeyGenerator = () => null;

/**
 * The normalized cache. Ids are unique over all types (`key_…`, `bud_…`), so they alone are the keys of what implements
 * Node; whatever has no id is kept inside its parent. `possibleTypes` tells it which fragments match; the whole schema is not
 * given, because it would answer null for what it has not read yet.
 */
export function normalizedCache() {
  return cacheExchange({
    possibleTypes,
    globalIDs: (possibleTypes.Node ?? []).filter((type) => !ofPolicies.has(type)),
    keys: Object.fromEntries([...embeddedTypes, "MembershipOrganization"].map((type) => [type, none])),
    updates,
  });
}

const updates: UpdatesConfig = {
  Mutation: Object.fromEntries(mutationFields.map((name) => [name, forgetLists])),
  Subscription: { changes: (result, _, cache) => forgetChanged(cache, result.changes as unknown as Changes) },
};

/**
 * Forgets what changed. Queries on the page that have read it are sent again; nothing else is. The organization is named with
 * all that is used in it: unless the audit log has an entry, too, its limits have changed, and not its name.
 */
function forgetChanged(cache: Cache, { ids, types, more, reset }: Changes) {
  const everything = reset || more === true;
  const fields = new Set(types.flatMap((type) => fieldsOfType[type] ?? []));
  forgetFields(cache, "Query", (field) => everything || fields.has(field));
  for (const id of ids) {
    if (id.startsWith("org_") && !types.includes("AuditEntry")) forgetFields(cache, id, (field) => limits.has(field));
    else cache.invalidate(id);
    // usage changes groups of policies, and the log does not say of which; a change of a limit names the limit
    if (!id.startsWith("org_")) continue;
    for (const policy of policies(cache)) {
      if (types.includes("AuditEntry")) cache.invalidate(policy);
      else forgetGroups(cache, policy);
    }
  }
}

/** After every mutation: what was deleted is forgotten, and lists are read again. What the payload has is in the cache already. */
function forgetLists(...[result, , cache, { fieldName }]: Parameters<UpdateResolver>) {
  const payload = result[fieldName] as { deletedId?: string } | null;
  if (!payload) return;
  if (payload.deletedId) cache.invalidate(payload.deletedId);
  for (const organization of organizations(cache)) forgetFields(cache, organization, (field) => organizationLists.has(field));
  forgetFields(cache, "Query", (field) => lists.has(field));
}

function forgetFields(cache: Cache, entity: string, matches: (field: string) => boolean) {
  for (const { fieldName, arguments: given } of cache.inspectFields(entity)) {
    if (matches(fieldName)) cache.invalidate(entity, fieldName, given);
  }
}

function forgetGroups(cache: Cache, policy: string) {
  forgetFields(cache, policy, (field) => field === "groups" || field === "groupCount");
}

/** The keys of the policies that queries have named. */
function policies(cache: Cache): Set<string> {
  const keys: unknown[] = [...organizations(cache)].flatMap((organization) => cache.resolve(organization, "policies") ?? []);
  for (const { fieldName, fieldKey } of cache.inspectFields("Query")) {
    if (fieldName === "node") keys.push(cache.resolve("Query", fieldKey));
  }
  return new Set(keys.filter((key): key is string => typeof key === "string" && key.startsWith("pol_")));
}

/** The keys of the organizations that queries have named. */
function organizations(cache: Cache): Set<string> {
  const viewer = cache.resolve("Query", "viewer") as string | null;
  const keys = [viewer && cache.resolve(viewer, "organization")];
  for (const { fieldName, fieldKey } of cache.inspectFields("Query")) {
    if (fieldName === "node") keys.push(cache.resolve("Query", fieldKey));
  }
  return new Set(keys.filter((key): key is string => typeof key === "string" && key.startsWith("org_")));
}
