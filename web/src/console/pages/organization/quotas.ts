import type { QuotaName } from "../../gql/graphql";

/** What each quota counts. */
export const quotaNames: Record<QuotaName, string> = {
  MEMBERS: "Members",
  ADMINISTRATORS: "Owners and admins",
  WORKSPACES: "Workspaces",
  API_KEYS: "API keys that are not revoked",
  ACCESS_TOKENS: "Access tokens in use",
  LIMITS_PER_SUBJECT: "Limits of one key, workspace or organization",
  RECIPIENTS_PER_SUBJECT: "Recipients added to one key, workspace or organization",
  MAILS_PER_HOUR: "Alert mails in an hour",
  WEBHOOKS: "Webhooks",
  POLICIES: "Policies",
};
