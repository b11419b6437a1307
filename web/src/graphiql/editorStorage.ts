import type { ComponentProps } from "react";
import type { GraphiQL } from "graphiql";
import { browserStorage } from "./storage";
import { defaultTabs } from "./tabs";

type EditorStorage = NonNullable<ComponentProps<typeof GraphiQL>["storage"]>;

const prefix = "graphiql:";

/** What is kept whole in sessionStorage, until the browser's tab is closed: the editors' contents. */
const editors = ["query", "variables", "tabState"].map((name) => prefix + name);

/** What earlier versions of this page kept whole in localStorage. */
const once = ["query", "variables", "headers", "tabState", "queries", "favorites"].map((name) => prefix + name);

/**
 * Where GraphiQL keeps its editors, tabs, history and settings. Variables and headers hold secrets of API keys and other
 * things of the day: they last as long as the browser's tab. In localStorage, where they would stay for whoever uses the
 * browser next, are the operations alone, without secrets that were typed into them.
 */
export function editorStorage(): EditorStorage {
  const session = browserStorage("sessionStorage");
  const local = browserStorage("localStorage");
  const keepLasting = (key: string, value: string) => {
    const kept = lasting(key, value);
    if (kept === undefined) local?.removeItem(key);
    else local?.setItem(key, kept);
  };
  for (const key of once) {
    const left = local?.getItem(key);
    if (left != null) keepLasting(key, left);
  }

  const getItem = (key: string): string | null => {
    const kept = session?.getItem(key) ?? local?.getItem(key) ?? null;
    if (kept !== null || key !== `${prefix}variables`) return kept;
    // GraphiQL finds the tab of the editors again by their contents, so these are the variables that its tab has.
    return shownVariables(getItem(`${prefix}query`));
  };
  return {
    getItem,
    setItem(key, value) {
      if (editors.includes(key)) session?.setItem(key, value);
      keepLasting(key, value);
    },
    removeItem(key) {
      session?.removeItem(key);
      local?.removeItem(key);
    },
    clear() {
      for (const key of [...keysOf(session), ...keysOf(local)]) this.removeItem(key);
    },
    get length() {
      return keysOf(local).length;
    },
  };
}

function keysOf(storage: Storage | undefined): string[] {
  return Object.keys(storage ?? {}).filter((key) => key.startsWith(prefix));
}

/** What stays of a value in localStorage; undefined for nothing. */
function lasting(key: string, value: string): string | undefined {
  switch (key.slice(prefix.length)) {
    case "variables":
    case "headers":
      return undefined;
    case "tabState":
      return withoutSecrets(changed(value, "tabs", (tab) => ({ ...tab, headers: null, response: null, variables: shownVariables(tab.query) })));
    case "queries":
    case "favorites":
      return withoutSecrets(
        changed(value, key.slice(prefix.length), ({ headers, variables, ...entry }) => ({
          ...entry,
          variables: shownVariables(entry.query) ?? undefined,
        })),
      );
    case "query":
      return withoutSecrets(value);
    default:
      return value;
  }
}

interface Entry {
  query?: string | null;
  [other: string]: unknown;
}

/** A JSON object with each entry of one of its lists changed; undefined if the value is something else. */
function changed(value: string, list: string, change: (entry: Entry) => Entry): string | undefined {
  try {
    const parsed = JSON.parse(value) as Record<string, Entry[]>;
    const entries = parsed[list];
    return entries && JSON.stringify({ ...parsed, [list]: entries.map(change) });
  } catch {
    return undefined;
  }
}

/** The variables with which this page shows an operation as it comes; null for operations of the user's own. */
function shownVariables(query: string | null | undefined): string | null {
  return defaultTabs.find((tab) => tab.query === query)?.variables ?? null;
}

/** A text without Bursar's secrets: keys (bsr_…) and access tokens (bst_…) have 49 digits and letters behind their prefix. */
function withoutSecrets(text: string | undefined): string | undefined {
  return text?.replace(/\b(bs[rt]_)[0-9A-Za-z]{20,}/g, "$1…");
}
