import { useState } from "react";
import { useMutation } from "urql";
import type { CredentialFieldsFragment, KeysOfRemovedMember, MemberFieldsFragment, TokensOfRemovedMember } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/Note";
import { Credentials } from "./Credentials";
import { RemoveMember } from "./documents";
import { RemovalChoices } from "./RemovalChoices";

interface Properties {
  member: MemberFieldsFragment;
  onClose: () => void;
  onRemoved: () => void;
}

/** What becomes of what a removed member made. */
export interface Removal {
  keys: KeysOfRemovedMember;
  /** With TRANSFER; "" until somebody is chosen. */
  transferTo: string;
  tokens: TokensOfRemovedMember;
}

/** Removes a member, shows beforehand what they made and were shown, and afterwards what of it still works. */
export function RemoveMemberDialog({ member, onClose, onRemoved }: Properties) {
  const [removal, setRemoval] = useState<Removal>({ keys: "KEEP", transferTo: "", tokens: "KEEP" });
  const [missing, setMissing] = useState(false);
  const [remaining, setRemaining] = useState<CredentialFieldsFragment>();
  const [{ error, fetching }, remove] = useMutation(RemoveMember);
  const invited = member.status === "INVITED";
  const name = member.name ?? member.email;

  const confirm = async () => {
    const { keys, transferTo, tokens } = removal;
    if (keys === "TRANSFER" && transferTo === "") return setMissing(true);
    const { data } = await remove({ input: { id: member.id, keys, tokens, ...(keys === "TRANSFER" && { transferTo }) } });
    if (!data?.removeMember) return;
    onRemoved();
    setRemaining(data.removeMember.remaining);
  };

  if (remaining !== undefined) {
    return (
      <Dialog wide title={`${name} is removed`} onClose={onClose} actions={<Button variant="primary" onClick={onClose}>Done</Button>}>
        <Credentials
          credentials={remaining}
          none="Nothing that they made or were shown works any more."
          lead="This goes on working. Rotate each key whose secret they may have seen, and replace the tokens."
        />
      </Dialog>
    );
  }
  return (
    <Dialog
      wide
      title={invited ? `Withdraw the invitation of ${name}?` : `Remove ${name}?`}
      description="Their membership and the access tokens that are bound to them end at once."
      onClose={onClose}
      onSubmit={() => void confirm()}
      actions={
        <>
          <Button onClick={onClose} data-focus>
            Cancel
          </Button>
          <Button type="submit" variant="danger" pending={fetching}>
            {invited ? "Withdraw invitation" : "Remove member"}
          </Button>
        </>
      }
    >
      <RemovalChoices member={member} removal={removal} onChange={setRemoval} missing={missing && removal.transferTo === ""} />
      <ErrorNote title="The member could not be removed." error={error} />
    </Dialog>
  );
}
