/** The parts of a key's page. */
export const keyTabs = ["limits", "usage", "events", "holds", "alerts", "audit", "use"] as const;
export type KeyTab = (typeof keyTabs)[number];

/** How long back usage is shown. */
export const ranges = ["24h", "7d", "30d", "90d"] as const;
export type Range = (typeof ranges)[number];

/** What of a key is shown; what is at its default is not in the address. */
export type KeySearch = { tab?: KeyTab; range?: Range; after?: string; before?: string };

export function readKeySearch(raw: Record<string, unknown>): KeySearch {
  const tab = keyTabs.find((one) => one === raw["tab"] && one !== "limits");
  const range = ranges.find((one) => one === raw["range"] && one !== "30d");
  const cursor = (name: "after" | "before") => (typeof raw[name] === "string" && raw[name] !== "" ? { [name]: raw[name] } : {});
  return { ...(tab && { tab }), ...(range && { range }), ...cursor("after"), ...(raw["after"] ? {} : cursor("before")) };
}
