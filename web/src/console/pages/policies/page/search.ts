/** The parts of a policy's page. */
export type PolicyTab = "groups" | "denied" | "audit";

/** Which part is open, which text groups are searched for, and after which one the page of them begins. */
export interface PolicySearch {
  tab?: PolicyTab;
  find?: string;
  after?: string;
  before?: string;
}

const tabs: readonly unknown[] = ["denied", "audit"] satisfies PolicyTab[];
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined);

/** What an address says; groups are what the page opens with. */
export function readPolicySearch(search: Record<string, unknown>): PolicySearch {
  const tab = tabs.includes(search["tab"]) ? (search["tab"] as PolicyTab) : undefined;
  const [find, after, before] = [text(search["find"]), text(search["after"]), text(search["before"])];
  return { ...(tab && { tab }), ...(!tab && find && { find }), ...(after ? { after } : before ? { before } : {}) };
}
