import type { MemberRole, TokenRole } from "../../gql/graphql";

/** What a role may do, in a sentence, for whoever gives it. */
export const memberRoles: Record<MemberRole, { name: string; may: string }> = {
  MEMBER: { name: "Member", may: "Sees the organization, and creates and manages API keys of their own." },
  ADMIN: { name: "Admin", may: "Manages everything but the organization's owners." },
  OWNER: { name: "Owner", may: "Manages everything, owners included." },
};

export const tokenRoles: Record<TokenRole, { name: string; may: string }> = {
  GATEWAY: { name: "Gateway", may: "Checks, reserves and records usage, and nothing else." },
  VIEWER: { name: "Viewer", may: "Reads everything, changes nothing." },
  ADMIN: { name: "Admin", may: "Manages everything but the organization's owners." },
  OWNER: { name: "Owner", may: "May as much as the member whom it is bound to." },
};
