import type { AlertFieldsFragment, DeliveryFieldsFragment } from "../../gql/graphql";
import type { MailFilter } from "./search";

/** A mail to one address, and what it told of. */
export interface Mail extends DeliveryFieldsFragment {
  key: string;
  alert: AlertFieldsFragment;
  /** It tells of the reset that ended an exhaustion, not of the alert itself. */
  aboutReset: boolean;
}

const failed = new Set<string>(["FAILED", "BOUNCED", "COMPLAINED"]);

/** The mails of alerts, the one that was queued last first. */
export function mailsOf(alerts: readonly AlertFieldsFragment[], filter: MailFilter | undefined): Mail[] {
  const all = alerts.flatMap((alert) => [
    ...alert.deliveries.map((delivery) => ({ ...delivery, alert, aboutReset: false, key: `${alert.id} ${delivery.email}` })),
    ...alert.resetDeliveries.map((delivery) => ({ ...delivery, alert, aboutReset: true, key: `${alert.id} ${delivery.email} reset` })),
  ]);
  const shown = all.filter(({ status }) => filter === undefined || (filter === "FAILED" ? failed.has(status) : status === "QUEUED"));
  return shown.sort((a, b) => Date.parse(b.queuedAt) - Date.parse(a.queuedAt));
}
