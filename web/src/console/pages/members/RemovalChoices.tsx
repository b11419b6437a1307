import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { KeysOfRemovedMember, MemberFieldsFragment, TokensOfRemovedMember } from "../../gql/graphql";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { Credentials } from "./Credentials";
import { MemberCredentials, OtherMembers } from "./documents";
import type { Removal } from "./RemoveMemberDialog";

interface Properties {
  member: MemberFieldsFragment;
  removal: Removal;
  onChange: (removal: Removal) => void;
  /** Whether somebody has to be chosen who gets the keys. */
  missing: boolean;
}

const keyChoices: { value: KeysOfRemovedMember; label: string; hint: string }[] = [
  { value: "KEEP", label: "Stay as they are", hint: "They go on working, and go on naming their creator." },
  { value: "DISABLE", label: "Are switched off", hint: "What they hold is given back. An owner or admin can switch each one on again." },
  { value: "REVOKE", label: "Are revoked for good", hint: "What they hold is given back. This cannot be undone." },
  { value: "TRANSFER", label: "Are given to another member", hint: "Who hears of their alerts and, as a member, manages them." },
];

const tokenChoices: { value: TokensOfRemovedMember; label: string; hint: string }[] = [
  { value: "KEEP", label: "Stay as they are", hint: "A portal or a gateway that works with one goes on working." },
  { value: "REVOKE", label: "Are revoked", hint: "Those that were made with them as well. Replace what a portal or gateway works with first." },
];

/** What they made and were shown, and what becomes of it. */
export function RemovalChoices({ member, removal, onChange, missing }: Properties) {
  const [{ data, error, fetching }] = useQuery({ query: MemberCredentials, variables: { id: member.id }, requestPolicy: "network-only" });
  const keys = keyChoices.find(({ value }) => value === removal.keys);
  const tokens = tokenChoices.find(({ value }) => value === removal.tokens);
  return (
    <>
      <ErrorNote title="What they made could not be read." error={error} />
      {fetching && <p aria-busy="true">Looking for what they made…</p>}
      {data?.memberCredentials && (
        <Credentials
          credentials={data.memberCredentials}
          none="They made no access token and no API key that works, and were shown no secret of one."
          lead="This works without their membership:"
        />
      )}
      <Field label="API keys that they created" hint={keys?.hint}>
        <Select value={removal.keys} options={keyChoices} onChange={(value) => onChange({ ...removal, keys: value })} />
      </Field>
      {removal.keys === "TRANSFER" && <NewOwner member={member} removal={removal} onChange={onChange} missing={missing} />}
      <Field label="Access tokens that they made for others" hint={tokens?.hint}>
        <Select value={removal.tokens} options={tokenChoices} onChange={(value) => onChange({ ...removal, tokens: value })} />
      </Field>
    </>
  );
}

function NewOwner({ member, removal, onChange, missing }: Properties) {
  const { organization } = useViewer();
  const [{ data }] = useQuery({ query: OtherMembers, variables: { organization: organization.id } });
  const members = data?.node?.__typename === "Organization" ? data.node.members.nodes : [];
  const others = members.filter(({ id, status }) => id !== member.id && status === "ACTIVE");
  return (
    <Field label="Who gets the keys" required error={missing && "Choose somebody."}>
      <Select
        value={removal.transferTo}
        onChange={(transferTo) => onChange({ ...removal, transferTo })}
        options={[
          { value: "", label: "Choose a member" },
          ...others.map(({ id, name, email }) => ({ value: id, label: name ? `${name}, ${email}` : email })),
        ]}
      />
    </Field>
  );
}
