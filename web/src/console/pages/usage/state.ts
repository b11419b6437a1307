import { intervals, type Interval } from "../../time/interval";
import { isTimeZone, utc, weekdays, type Place, type Weekday } from "../../time/place";
import { readSelection, writeSelection, type Day, type Preset, type Selection } from "../../time/range";

/** What the explorer counts. */
export const measures = ["COST", "TOKENS", "REQUESTS", "DENIED"] as const;
export type Measure = (typeof measures)[number];

/** What it groups by; null shows one series of everything. */
export const dimensions = ["API_KEY", "WORKSPACE", "MODEL", "PROVIDER", "SERVICE_TIER"] as const;
export type Dimension = (typeof dimensions)[number];

export const serviceTiers = ["STANDARD", "BATCH", "FLEX", "PRIORITY"] as const;
export type ServiceTier = (typeof serviceTiers)[number];

/** What the table below the chart has: a row for each series, or one for each bucket. */
export const views = ["TOTALS", "TIME"] as const;
export type View = (typeof views)[number];

/** All that the explorer shows is in this, and all of this is in its address. */
export interface ExplorerState {
  selection: Selection;
  /** Where days, weeks and months begin. */
  place: Place;
  /** null: what fits the range. */
  interval: Interval | null;
  groupBy: Dimension | null;
  measure: Measure;
  view: View;
  /** A workspace's id; null: the whole organization, of a MEMBER their own keys. */
  workspace: string | null;
  keys: string[];
  providers: string[];
  models: string[];
  tiers: ServiceTier[];
  /** Whether it is compared with the previous period. */
  compare: boolean;
}

/** The parameters of the explorer's address. What is as it is from the start is left out. */
export interface ExplorerSearch {
  range?: Preset;
  from?: Day;
  to?: Day;
  zone?: string;
  week?: Weekday;
  interval?: Interval;
  by?: Dimension | "NONE";
  measure?: Measure;
  view?: View;
  workspace?: string;
  key?: string[];
  provider?: string[];
  model?: string[];
  tier?: ServiceTier[];
  compare?: true;
}

const initialSelection: Selection = { preset: "30d" };
const initialDimension: Dimension = "MODEL";

/** The API takes at most 100 values of a filter. */
const mostValues = 100;

const oneOf = <T extends string>(all: readonly T[], value: unknown): T | null => (all.includes(value as T) ? (value as T) : null);

/** Texts of a parameter that was given once or several times. The router reads a model named 4 as a number. */
function texts(value: unknown): string[] {
  const list = (Array.isArray(value) ? value : [value]).filter((each) => ["string", "number", "boolean"].includes(typeof each));
  return [...new Set(list.map(String).filter((each) => each !== ""))].slice(0, mostValues);
}

const id = (prefix: string, value: unknown): string | null =>
  typeof value === "string" && new RegExp(`^${prefix}_[0-9a-f]{32}$`).test(value) ? value : null;

/** The state that an address names. What it does not name, or names wrongly, is as it is from the start. */
export function readState(search: Record<string, unknown>): ExplorerState {
  return {
    selection: readSelection(search, initialSelection),
    place: { timeZone: isTimeZone(search.zone) ? search.zone : utc.timeZone, weekStartsOn: oneOf(weekdays, search.week) ?? utc.weekStartsOn },
    interval: oneOf(intervals, search.interval),
    groupBy: search.by === "NONE" ? null : (oneOf(dimensions, search.by) ?? initialDimension),
    measure: oneOf(measures, search.measure) ?? "COST",
    view: oneOf(views, search.view) ?? "TOTALS",
    workspace: id("ws", search.workspace),
    keys: texts(search.key).filter((key) => id("key", key) !== null),
    providers: texts(search.provider),
    models: texts(search.model),
    tiers: texts(search.tier).filter((tier) => oneOf(serviceTiers, tier) !== null) as ServiceTier[],
    compare: search.compare === true,
  };
}

/** The address of a state: `readState` reads the same state out of it. */
export function writeState(state: ExplorerState): ExplorerSearch {
  const search: ExplorerSearch = {};
  if (!("preset" in state.selection) || state.selection.preset !== "30d") Object.assign(search, writeSelection(state.selection));
  if (state.place.timeZone !== utc.timeZone) search.zone = state.place.timeZone;
  if (state.place.weekStartsOn !== utc.weekStartsOn) search.week = state.place.weekStartsOn;
  if (state.interval !== null) search.interval = state.interval;
  if (state.groupBy !== initialDimension) search.by = state.groupBy ?? "NONE";
  if (state.measure !== "COST") search.measure = state.measure;
  if (state.view !== "TOTALS") search.view = state.view;
  if (state.workspace !== null) search.workspace = state.workspace;
  if (state.keys.length > 0) search.key = state.keys;
  if (state.providers.length > 0) search.provider = state.providers;
  if (state.models.length > 0) search.model = state.models;
  if (state.tiers.length > 0) search.tier = state.tiers;
  if (state.compare) search.compare = true;
  return search;
}
