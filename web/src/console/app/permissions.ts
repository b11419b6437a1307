import type { ViewerRole } from "../gql/graphql";

/** What a role may do in the console. What it may not do is not offered; the server decides in any case. */
export interface Permissions {
  /** Organization, workspaces, members, limits and tokens; owners besides for OWNER. */
  administer: boolean;
  /** Make members owners, and change or remove owners. */
  manageOwners: boolean;
  /** Create API keys, and change those that `manageKey` allows. */
  createKeys: boolean;
  /** See what is of the whole organization: a MEMBER sees the keys that they created, with all that belongs to these. */
  seeEverything: boolean;
  /** The instance: every organization, plans, jobs. */
  operate: boolean;
}

export function permissions(role: ViewerRole): Permissions {
  const administer = role === "ROOT" || role === "OWNER" || role === "ADMIN";
  return {
    administer,
    manageOwners: role === "ROOT" || role === "OWNER",
    createKeys: administer || role === "MEMBER",
    seeEverything: administer || role === "VIEWER",
    operate: role === "ROOT",
  };
}
