// What the table of keys shows is in the address: filters, order and page. A link is the whole state.

export const statuses = ["ACTIVE", "DISABLED", "EXHAUSTED", "EXPIRED", "REVOKED"] as const;
export type Status = (typeof statuses)[number];
export const orders = ["-created", "created", "name", "-name", "-used", "used"] as const;
export type Order = (typeof orders)[number];

/** The search part of the address; what is at its default is not in it. */
export type ListSearch = {
  q?: string;
  /** None: every status but REVOKED. */
  status?: Status[];
  owner?: string;
  by?: string;
  order?: Order;
  size?: number;
  after?: string;
  before?: string;
};

export const sizes = [25, 50, 100];
export const defaultSize = 50;
export const defaultOrder: Order = "-created";
/** Revoked keys stay for ever; they are shown when they are asked for. */
export const defaultStatuses: Status[] = ["ACTIVE", "DISABLED", "EXHAUSTED", "EXPIRED"];

/** A search text without the part of a secret that is secret: the address is kept in histories, and sent to others. The prefix finds the key. */
export const searchable = (q: string): string => q.trim().replace(/(bs[rt]_[0-9A-Za-z]{6})[0-9A-Za-z]+/g, "$1");

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Reads an address as somebody may have written it: what makes no sense is left out. */
export function readSearch(raw: Record<string, unknown>): ListSearch {
  const asked = (Array.isArray(raw["status"]) ? raw["status"] : [raw["status"]]).filter((one): one is Status => statuses.includes(one as Status));
  const size = Number(raw["size"]);
  return without({
    q: text(typeof raw["q"] === "string" ? searchable(raw["q"]) : undefined),
    status: asked.length === 0 ? undefined : [...new Set(asked)],
    owner: text(raw["owner"]),
    by: text(raw["by"]),
    order: orders.find((one) => one === raw["order"] && one !== defaultOrder),
    size: sizes.includes(size) && size !== defaultSize ? size : undefined,
    after: text(raw["after"]),
    before: text(raw["after"]) === undefined ? text(raw["before"]) : undefined,
  });
}

function without(search: { [Name in keyof ListSearch]: ListSearch[Name] | undefined }): ListSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as ListSearch;
}

/** What is changed of an address; undefined takes it out. */
export type Change = { [Name in keyof ListSearch]?: ListSearch[Name] | undefined };

/** The address with something changed; anything but another page begins at the first page. */
export function changed(search: ListSearch, change: Change): ListSearch {
  const isPage = "after" in change || "before" in change;
  return without({ ...search, after: undefined, before: undefined, ...change, ...(isPage ? {} : { after: undefined, before: undefined }) });
}

const fields = { created: "CREATED_AT", name: "NAME", used: "LAST_USED_AT" } as const;

/** The variables of the list's operation, for one organization. */
export function variablesOf(search: ListSearch, organizationId: string) {
  const order = search.order ?? defaultOrder;
  const size = search.size ?? defaultSize;
  return {
    filter: {
      organizationId,
      statuses: search.status ?? defaultStatuses,
      ...(search.q === undefined ? {} : { search: search.q }),
      ...(search.owner === undefined ? {} : { ownerId: search.owner }),
      ...(search.by === undefined ? {} : { createdById: search.by }),
    },
    orderBy: { field: fields[order.replace("-", "") as keyof typeof fields], direction: order.startsWith("-") ? ("DESC" as const) : ("ASC" as const) },
    ...(search.before === undefined ? { first: size, after: search.after ?? null } : { last: size, before: search.before }),
  };
}

/** The order after a click on a column's head: first the way that is of more use, then the other. */
export function nextOrder(current: Order | undefined, column: "created" | "name" | "used"): Order {
  const now = current ?? defaultOrder;
  const first: Order = column === "name" ? "name" : `-${column}`;
  return now === first ? (first.startsWith("-") ? column : `-${column}`) : first;
}
