import { readPage } from "../../app/list";
import type { ServiceTier } from "../../gql/graphql";
import { readSelection, startOfDay, writeSelection, type Day, type Preset } from "../../time/range";
import type { PageCursor } from "../../ui/Pager";

/** The parts of the page. */
export const priceTabs = ["list", "cost", "unpriced", "multipliers"] as const;
export type PriceTab = (typeof priceTabs)[number];

/** The quantities of a call, in the order of the form; each is a parameter of the address under its name. */
export const quantityNames = [
  "inputTokens",
  "outputTokens",
  "cachedInputTokens",
  "cacheWriteTokens",
  "cacheWrite1hTokens",
  "reasoningTokens",
  "audioInputTokens",
  "audioOutputTokens",
  "images",
  "webSearches",
  "requests",
] as const;
export type QuantityName = (typeof quantityNames)[number];

/** Of whose call the cost is asked: which model, how it was served, when, and what was used. */
export interface Call {
  provider?: string;
  model?: string;
  tier?: ServiceTier;
  /** An instant; without it now. */
  when?: string;
}

/** What the page shows; what is as it is from the start is not in the address. */
export interface PricesSearch extends PageCursor, Call, Partial<Record<QuantityName, number>> {
  tab?: Exclude<PriceTab, "list">;
  /** What stands in the names of provider or model. */
  search?: string;
  /** The day at whose end prices are in effect, or all that ever were; without it now. */
  at?: Day | "all";
  /** The organization's own alone. */
  own?: true;
  range?: Preset;
  from?: Day;
  to?: Day;
  /** The model whose usage the page offers to price again. */
  reprice?: string;
  /** The id of a repricing whose progress is shown. */
  repricing?: string;
}

/** What a new price begins with. */
export interface SetPriceSearch {
  provider?: string;
  model?: string;
  /** The first day, UTC. */
  since?: Day;
  /** The id of a price whose rates it begins with. */
  like?: string;
  /** Whether the page leads back to unpriced usage. */
  then?: "unpriced";
}

const tiers: readonly ServiceTier[] = ["BATCH", "FLEX", "PRIORITY"];

/** A text of an address; the router reads a model named 4 as a number. */
function text(value: unknown): string | undefined {
  if (!["string", "number", "boolean"].includes(typeof value)) return undefined;
  return String(value).trim() || undefined;
}

const id = (prefix: string, value: unknown) =>
  typeof value === "string" && new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(value) ? value : undefined;
const day = (value: unknown): Day | undefined => (startOfDay(value) === null ? undefined : (value as Day));
/** A whole number that is not as it is from the start: 1 of requests, else 0. */
function whole(name: QuantityName, value: unknown): number | undefined {
  const usual = name === "requests" ? 1 : 0;
  const number = text(value) === undefined ? usual : Number(value);
  return Number.isSafeInteger(number) && number >= 0 && number !== usual ? number : undefined;
}
const instant = (value: unknown) => (typeof value === "string" && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined);

/** Leaves out what is undefined: it is not in the address. */
export function given<T extends object>(values: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** The search of /prices; what the API would refuse is left out. */
export function pricesSearch(raw: Record<string, unknown>): PricesSearch {
  const tab = priceTabs.find((each) => each === raw.tab) ?? "list";
  switch (tab) {
    case "list":
      return given<PricesSearch>({
        search: text(raw.search),
        at: raw.at === "all" ? "all" : day(raw.at),
        own: raw.own === true ? true : undefined,
        ...readPage(raw),
      });
    case "cost":
      return given<PricesSearch>({
        tab,
        provider: text(raw.provider),
        model: text(raw.model),
        tier: tiers.find((each) => each === raw.tier),
        when: instant(raw.when),
        ...Object.fromEntries(quantityNames.map((name) => [name, whole(name, raw[name])])),
      });
    case "unpriced": {
      const selection = readSelection(raw, null);
      return given<PricesSearch>({
        tab,
        ...(selection && writeSelection(selection)),
        reprice: text(raw.reprice),
        repricing: id("rpc", raw.repricing),
      });
    }
    case "multipliers":
      return { tab };
  }
}

/** The search of /prices/new. */
export const setPriceSearch = (raw: Record<string, unknown>): SetPriceSearch =>
  given<SetPriceSearch>({
    provider: text(raw.provider),
    model: text(raw.model),
    since: day(raw.since),
    like: id("prc", raw.like),
    then: raw.then === "unpriced" ? "unpriced" : undefined,
  });
