import type { WebhookDeliveryStatus, WebhookEvent, WebhookFormat } from "../../gql/graphql";
import type { Tone } from "../../ui/Status";

/** The events of which a webhook can be told, in the order of the form. */
export const toldEvents: Exclude<WebhookEvent, "TEST">[] = ["THRESHOLD", "EXHAUSTED", "REFUSED", "RESET"];

export const eventNames: Record<WebhookEvent, string> = {
  THRESHOLD: "Threshold",
  EXHAUSTED: "Exhausted",
  REFUSED: "Refused",
  RESET: "Reset",
  TEST: "Test",
};

export const eventHints: Record<Exclude<WebhookEvent, "TEST">, string> = {
  THRESHOLD: "Usage reached a threshold of a budget.",
  EXHAUSTED: "A budget is used up.",
  REFUSED: "A budget that is not used up denied a request.",
  RESET: "A budget that was used up lets requests through again.",
};

export const formatNames: Record<WebhookFormat, string> = { STANDARD: "Standard Webhooks", SLACK: "Slack" };

export const statusNames: Record<WebhookDeliveryStatus, string> = { QUEUED: "Queued", DELIVERED: "Delivered", FAILED: "Failed" };

export const statusTones: Record<WebhookDeliveryStatus, Tone> = { QUEUED: "neutral", DELIVERED: "good", FAILED: "danger" };
