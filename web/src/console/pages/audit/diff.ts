import { secondUTC } from "../../ui/format";

/** One value of an audited thing, before and after a change. */
export interface Change {
  /** The path of the value, as metadata.team. */
  path: string;
  kind: "added" | "removed" | "changed" | "same";
  before: unknown;
  after: unknown;
}

type Values = Record<string, unknown>;

const isObject = (value: unknown): value is Values => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether both are the same JSON, whatever the order of an object's keys. */
function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((each, index) => equal(each, b[index]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
  }
  return a === b;
}

/** A value that is not there counts as null: what was created had nothing before. */
function kindOf(before: unknown, after: unknown): Change["kind"] {
  const [was, is] = [before ?? null, after ?? null];
  if (equal(was, is)) return "same";
  if (was === null) return "added";
  return is === null ? "removed" : "changed";
}

function walk(before: Values, after: Values, prefix: string): Change[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  return names.flatMap((name) => {
    const [was, is, path] = [before[name], after[name], prefix + name];
    if ((isObject(was) || isObject(is)) && (isObject(was) || was == null) && (isObject(is) || is == null)) {
      return walk(isObject(was) ? was : {}, isObject(is) ? is : {}, `${path}.`);
    }
    return [{ path, kind: kindOf(was, is), before: was, after: is }];
  });
}

/** What changes with every change: of the values that differ it comes last. */
export const counted: ReadonlySet<string> = new Set(["version", "updatedAt"]);

/** What an audit entry changed, value by value: what differs first, then what stayed. Objects are compared key by key. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const all = walk(isObject(before) ? before : {}, isObject(after) ? after : {}, "");
  const rank = ({ kind, path }: Change) => (kind === "same" ? 2 : counted.has(path) ? 1 : 0);
  return all.sort((a, b) => rank(a) - rank(b));
}

const instantText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:[\d.]+(Z|[+-]\d{2}:\d{2})$/;

/** A value as a person reads it: texts as they are, instants in UTC, lists by commas, all else as JSON. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string" && instantText.test(value)) return secondUTC(value);
  if (typeof value === "string") return value === "" ? "(empty)" : value;
  if (Array.isArray(value) && value.every((each) => typeof each !== "object")) return value.length === 0 ? "(none)" : value.join(", ");
  return JSON.stringify(value);
}

/** A mutation's name in words: createApiKey is "Create API key". Actions that are no mutations stay as they are. */
export function actionName(action: string): string {
  if (!/^[a-z]+([A-Z][a-z]*)*$/.test(action)) return action;
  const words = action.replace(/([A-Z])/g, " $1").toLowerCase().replace(/\bapi\b/, "API").split(" ");
  const [first = "", ...rest] = words;
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(" ");
}
