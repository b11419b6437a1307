import { count, instant, money } from "../../ui/format";

/** What reportOutage leaves in the audit log. */
interface Outage {
  beganAt: string;
  endedAt: string;
  calls: number;
  cost: string;
  keys: { apiKeyId: string; calls: number; cost: string }[];
}

function outageOf(entry: { action: string; after?: unknown }): Outage | null {
  return entry.action === "reportOutage" && typeof entry.after === "object" ? (entry.after as Outage | null) : null;
}

const calls = (number: number): string => (number === 1 ? "1 call" : `${count(number)} calls`);

/** An entry about an outage in a few words, for its line; empty for another one. */
export function outageDetail(entry: { action: string; after?: unknown }): string {
  const outage = outageOf(entry);
  return outage ? `${calls(outage.calls)} went on, ${money(outage.cost)} at most` : "";
}

/** The same in sentences; none for another entry. */
export function outageSentences(entry: { action: string; after?: unknown }): string[] {
  const outage = outageOf(entry);
  if (!outage) return [];
  const keys = outage.keys.map((key) => `${key.apiKeyId} (${calls(key.calls)}, ${money(key.cost)})`).join(", ");
  return [
    `From ${instant(outage.beganAt)} to ${instant(outage.endedAt)} a gateway had no answer of Bursar and let ${calls(outage.calls)} go on without a decision.`,
    `They cost ${money(outage.cost)} at most; the ledger has what they cost. Keys: ${keys}.`,
  ];
}
