import { createContext, use, type ReactNode } from "react";
import { useQuery } from "urql";
import { graphql } from "../gql";
import { keepsSession } from "./client";
import type { MemberRole, Plan, ViewerRole } from "../gql/graphql";
import { permissions, type Permissions } from "./permissions";

/** The organization that the pages are about. */
export interface Organization {
  id: string;
  name: string;
  slug: string;
  plan: Plan;
  governanceEnabled: boolean;
}

/** An organization that the switcher offers; the operator has no role in it. */
export interface Choice {
  id: string;
  name: string;
  slug: string;
  role: MemberRole | undefined;
}

/** Who uses the console, where, and what they may do. */
export interface Viewer {
  role: ViewerRole;
  can: Permissions;
  organization: Organization;
  /** The member who signed in, or whom the access token is bound to; undefined when there is none. */
  member: { id: string; email: string; name: string } | undefined;
  /** What the switcher offers: at least `organization`. */
  choices: Choice[];
}

const Context = createContext<Viewer | undefined>(undefined);

/** Who uses the console. Only pages inside the shell may ask: it has loaded the viewer before it shows any. */
export function useViewer(): Viewer {
  const viewer = use(Context);
  if (viewer === undefined) throw new Error("useViewer outside of the shell");
  return viewer;
}

/** Whether this viewer may change that API key: a MEMBER those that they created. */
export function mayManageKey({ can, role, member }: Viewer, key: { createdBy?: { id: string } | null }): boolean {
  return can.administer || (role === "MEMBER" && member !== undefined && key.createdBy?.id === member.id);
}

export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  return <Context value={viewer}>{children}</Context>;
}

const MembershipsQuery = graphql(`
  query ConsoleMemberships {
    viewer {
      memberships {
        role
        organization {
          id
          name
          slug
        }
      }
    }
  }
`);

/** The organizations of the person who signed in. Needs no organization to be chosen; UNAUTHENTICATED for members of none. */
export function useMemberships() {
  return useQuery({ query: MembershipsQuery, requestPolicy: "network-only", context: keepsSession });
}

const InvitationsQuery = graphql(`
  query ConsoleInvitations {
    viewer {
      invitations {
        role
        organization {
          id
          name
          slug
        }
      }
    }
  }
`);

/** Where somebody is invited who is a member of no organization. Nothing else is answered to them, so it is asked for alone. */
export function useInvitations(pause: boolean) {
  return useQuery({ query: InvitationsQuery, requestPolicy: "network-only", pause });
}

const ViewerQuery = graphql(`
  query ConsoleViewer {
    viewer {
      role
      organization {
        ...ConsoleOrganization
      }
      member {
        id
        email
        name
      }
    }
  }
`);

/** What the bearer is, in the organization that was chosen or that the access token belongs to. */
export function useViewerQuery(pause: boolean) {
  return useQuery({ query: ViewerQuery, pause });
}

const OrganizationsQuery = graphql(`
  query ConsoleOrganizations {
    organizations(first: 100) {
      edges {
        node {
          ...ConsoleOrganization
        }
      }
    }
  }
`);

/** All organizations of the instance, for the operator. */
export function useOrganizations(pause: boolean) {
  return useQuery({ query: OrganizationsQuery, pause });
}

export const ConsoleOrganization = graphql(`
  fragment ConsoleOrganization on Organization {
    id
    name
    slug
    plan
    governanceEnabled
  }
`);

export { permissions };
