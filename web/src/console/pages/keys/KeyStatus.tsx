import type { ApiKeyStatus } from "../../gql/graphql";
import { Status, type Tone } from "../../ui/Status";

const looks: Record<ApiKeyStatus, { tone: Tone; text: string }> = {
  ACTIVE: { tone: "good", text: "Active" },
  DISABLED: { tone: "neutral", text: "Disabled" },
  EXHAUSTED: { tone: "danger", text: "Exhausted" },
  EXPIRED: { tone: "warning", text: "Expired" },
  REVOKED: { tone: "neutral", text: "Revoked" },
};

/** Whether a key may be used. */
export function KeyStatus({ status }: { status: ApiKeyStatus }) {
  const { tone, text } = looks[status];
  return <Status tone={tone}>{text}</Status>;
}

export const statusText = (status: ApiKeyStatus): string => looks[status].text;
