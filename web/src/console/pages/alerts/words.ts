import type { DeliveryStatus } from "../../gql/graphql";
import { amount } from "../../ui/format";
import type { Tone } from "../../ui/Status";
import type { AlertKind } from "./search";

export const kindNames: Record<AlertKind, string> = {
  THRESHOLD: "Threshold",
  EXHAUSTED: "Exhausted",
  REFUSED: "Refused",
  RAISE_REQUESTED: "Raise requested",
  RAISE_GRANTED: "Raise granted",
  RAISE_DECLINED: "Raise declined",
  RAISED: "Raised",
};

export const kindTones: Record<AlertKind, Tone> = {
  THRESHOLD: "warning",
  EXHAUSTED: "danger",
  REFUSED: "warning",
  RAISE_REQUESTED: "neutral",
  RAISE_GRANTED: "good",
  RAISE_DECLINED: "neutral",
  RAISED: "good",
};

export const deliveryNames: Record<DeliveryStatus, string> = {
  QUEUED: "Queued",
  SENT: "Sent",
  DELIVERED: "Delivered",
  BOUNCED: "Bounced",
  COMPLAINED: "Complained",
  FAILED: "Failed",
};

export const deliveryTones: Record<DeliveryStatus, Tone> = {
  QUEUED: "neutral",
  SENT: "good",
  DELIVERED: "good",
  BOUNCED: "danger",
  COMPLAINED: "danger",
  FAILED: "danger",
};

/** What an alert is about, as far as a sentence says it. */
export interface Told {
  kind: AlertKind;
  type: "COST" | "TOKENS" | "REQUESTS";
  threshold?: string | null;
  requested?: string | null;
  reserved?: string | null;
  amount: string;
  used: string;
}

/** What happened, in a sentence. */
export function sentenceOf(alert: Told): string {
  const of = (value: string) => amount(value, alert.type);
  const by = alert.requested == null ? "" : ` by ${of(alert.requested)}`;
  switch (alert.kind) {
    case "THRESHOLD":
      return `${of(alert.used)} of ${of(alert.amount)} used: the threshold of ${of(alert.threshold ?? "0")} is reached.`;
    case "EXHAUSTED":
      return `${of(alert.used)} of ${of(alert.amount)} used: requests are denied.`;
    case "REFUSED":
      return `A request for ${of(alert.requested ?? "0")} was denied: of ${of(alert.amount)}, ${of(alert.used)} is used and ${of(alert.reserved ?? "0")} held.`;
    case "RAISE_REQUESTED":
      return `A raise${by} was asked for. ${of(alert.used)} of ${of(alert.amount)} used.`;
    case "RAISE_GRANTED":
      return `The raise${by} that was asked for was granted: ${of(alert.used)} of ${of(alert.amount)} used.`;
    case "RAISE_DECLINED":
      return `The raise${by} that was asked for was declined. ${of(alert.used)} of ${of(alert.amount)} used.`;
    case "RAISED":
      return `The budget was raised${by}: ${of(alert.used)} of ${of(alert.amount)} used.`;
  }
}

/** How a mail stands, for all addresses together: what went wrong counts before what is under way. */
export function deliveriesSummary(deliveries: readonly { status: DeliveryStatus }[]): { tone: Tone; text: string } {
  const number = (...statuses: DeliveryStatus[]) => deliveries.filter(({ status }) => statuses.includes(status)).length;
  const [failed, queued, sent] = [number("FAILED", "BOUNCED", "COMPLAINED"), number("QUEUED"), number("SENT", "DELIVERED")];
  if (deliveries.length === 0) return { tone: "neutral", text: "No mail" };
  if (failed > 0) return { tone: "danger", text: sent + queued === 0 ? `${failed} failed` : `${failed} of ${deliveries.length} failed` };
  return queued > 0 ? { tone: "neutral", text: `${queued} queued` } : { tone: "good", text: sent === 1 ? "1 sent" : `${sent} sent` };
}
