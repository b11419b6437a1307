import type { CombinedError } from "@urql/core";
import { useQuery } from "urql";
import { fieldErrors } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import type { TokenRole } from "../../gql/graphql";
import { Field, FieldRow } from "../../ui/Field";
import { Checkbox, Select, TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { OtherMembers } from "../members/documents";
import { tokenRoles } from "../members/roles";
import type { TokenDraft, TokenErrors } from "./CreateTokenDialog";
import { lifetimeNames, lifetimes } from "./expiry";

const roles: TokenRole[] = ["GATEWAY", "VIEWER", "ADMIN", "OWNER"];

interface Properties {
  draft: TokenDraft;
  onChange: (draft: TokenDraft) => void;
  /** What was found before the token was sent. */
  wrong: TokenErrors;
  /** What the server refused. */
  error: CombinedError | undefined;
}

/** What a new access token is. */
export function TokenFields({ draft, onChange, wrong, error }: Properties) {
  const { can } = useViewer();
  const errors: Record<string, string | undefined> = { ...fieldErrors(error), ...wrong };
  const edit = (change: Partial<TokenDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <Field label="Name" required hint="What uses it, such as production gateway." error={errors.name}>
        <TextInput value={draft.name} autoComplete="off" onChange={(event) => edit({ name: event.target.value })} />
      </Field>
      <FieldRow>
        <Field label="Role" hint={tokenRoles[draft.role].may} error={errors.role}>
          <Select
            value={draft.role}
            onChange={(role) => edit({ role, acceptsKeyIds: role !== "GATEWAY" })}
            options={roles
              .filter((role) => role !== "OWNER" || can.manageOwners)
              .map((value) => ({ value, label: tokenRoles[value].name }))}
          />
        </Field>
        <MemberField draft={draft} onChange={edit} error={errors.memberId} />
      </FieldRow>
      <FieldRow>
        <Field label="Accepted for" error={draft.lifetime === "date" ? undefined : errors.expiresAt}>
          <Select
            value={draft.lifetime}
            onChange={(lifetime) => edit({ lifetime })}
            options={lifetimes.map((value) => ({ value, label: lifetimeNames[value] }))}
          />
        </Field>
        {draft.lifetime === "date" && (
          <Field label="Last day, UTC" required error={errors.expiresAt}>
            <TextInput type="date" value={draft.date} onChange={(event) => edit({ date: event.target.value })} />
          </Field>
        )}
      </FieldRow>
      <Checkbox
        label="Takes ids of API keys in place of their secrets"
        hint="For checking and recording. An id is no secret: leave it off for gateways that pass on what their clients send."
        checked={draft.acceptsKeyIds}
        onChange={(acceptsKeyIds) => edit({ acceptsKeyIds })}
      />
      <ErrorNote title="The token could not be created." error={error} shownFields={["name", "role", "memberId", "expiresAt"]} />
    </>
  );
}

/** Whom the token is bound to: it is never more than they are, and ends when they are removed. */
function MemberField({ draft, onChange, error }: { draft: TokenDraft; onChange: (change: Partial<TokenDraft>) => void; error: string | undefined }) {
  const { organization } = useViewer();
  const [{ data }] = useQuery({ query: OtherMembers, variables: { organization: organization.id } });
  const members = data?.node?.__typename === "Organization" ? data.node.members.nodes : [];
  return (
    <Field
      label="Bound to"
      required={draft.role === "OWNER"}
      hint="Never more than this member may, and revoked when they are removed."
      error={error}
    >
      <Select
        value={draft.memberId}
        onChange={(memberId) => onChange({ memberId })}
        options={[
          { value: "", label: draft.role === "OWNER" ? "Choose a member" : "Nobody" },
          ...members.map(({ id, name, email }) => ({ value: id, label: name ?? email })),
        ]}
      />
    </Field>
  );
}
