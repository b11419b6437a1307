import { useMemo } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { fold } from "./form/addresses";
import type { OwnerOption } from "./form/KeyForm";
import type { DefaultRecipient } from "./form/Recipients";
import { OwnersQuery } from "./documents";

/** What can own a key of the organization, and who hears of its alerts in any case. */
export function useOwners() {
  const { organization } = useViewer();
  const [{ data, error }] = useQuery({ query: OwnersQuery, variables: { organizationId: organization.id } });
  const found = data?.node?.__typename === "Organization" ? data.node : undefined;
  return useMemo(() => {
    const owners: OwnerOption[] = [
      { id: organization.id, name: `${organization.name} (no workspace)` },
      ...(found?.workspaces.nodes ?? []).map(({ id, name }) => ({ id, name })),
    ];
    const always = (found?.recipients ?? []).filter((one): one is DefaultRecipient => one.source === "OWNER" || one.source === "ADMIN");
    return { loaded: found !== undefined, error, owners, always, domains: found?.recipientDomains ?? [] };
  }, [organization, found, error]);
}

/** The default recipients with the creator, who is written to unless they are an owner or admin already. */
export function withCreator(always: readonly DefaultRecipient[], creator: string | undefined): DefaultRecipient[] {
  if (creator === undefined || always.some((one) => fold(one.email) === fold(creator))) return [...always];
  return [...always, { email: creator, source: "CREATOR" }];
}
