import { useState } from "react";
import { useMutation } from "urql";
import { useViewer } from "../../app/viewer";
import type { TokenRole } from "../../gql/graphql";
import { Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Note } from "../../ui/Note";
import { CreateAccessToken } from "./documents";
import { newRequestId } from "../../app/requestId";
import { expiryOf, type Lifetime } from "./expiry";
import { TokenFields } from "./TokenFields";
import styles from "./TokensPage.module.css";

/** A new token, as it is typed. */
export interface TokenDraft {
  name: string;
  role: TokenRole;
  /** "" is nobody. */
  memberId: string;
  lifetime: Lifetime;
  /** The last day, with the lifetime `date`. */
  date: string;
  acceptsKeyIds: boolean;
}

/** What is wrong, by the field of the input. */
export type TokenErrors = Partial<Record<"name" | "memberId" | "expiresAt", string>>;

function check(draft: TokenDraft, now: Date): TokenErrors {
  const errors: TokenErrors = {};
  if (draft.name.trim() === "") errors.name = "Give it a name.";
  if (draft.role === "OWNER" && draft.memberId === "") errors.memberId = "Choose the member whom it is for.";
  if (expiryOf(draft.lifetime, draft.date, now) === undefined) errors.expiresAt = "Choose a day.";
  return errors;
}

/** Makes an access token, and shows its secret once. */
export function CreateTokenDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const { organization } = useViewer();
  const [draft, setDraft] = useState<TokenDraft>({ name: "", role: "GATEWAY", memberId: "", lifetime: "never", date: "", acceptsKeyIds: false });
  const [wrong, setWrong] = useState<TokenErrors>({});
  // One instant for all attempts, so that a call whose answer was lost has the same contents when it is sent again.
  const [{ requestId, opened }] = useState(() => ({ requestId: newRequestId(), opened: new Date() }));
  const [{ data, error, fetching }, create] = useMutation(CreateAccessToken);
  const made = data?.createAccessToken;

  const save = async () => {
    const found = check(draft, opened);
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    const { name, role, memberId, lifetime, date, acceptsKeyIds } = draft;
    const input = {
      organizationId: organization.id,
      name: name.trim(),
      role,
      memberId: memberId === "" ? null : memberId,
      expiresAt: expiryOf(lifetime, date, opened),
      acceptsKeyIds,
      requestId,
    };
    if ((await create({ input })).data?.createAccessToken) onCreated();
  };

  if (made) {
    return (
      <Dialog title={`${made.accessToken.name} is created`} onClose={onClose} actions={<Button variant="primary" onClick={onClose}>Done</Button>}>
        {made.secret ? (
          <>
            <p>This is the token. It is shown this once: keep it where whoever uses it reads its secrets.</p>
            <code className={styles.secret}>{made.secret}</code>
            <div className={styles.copy}>
              <CopyButton text={made.secret} label="Copy token" />
            </div>
          </>
        ) : (
          <Note tone="warning" title="The token cannot be shown again">
            <p>{made.message}</p>
          </Note>
        )}
      </Dialog>
    );
  }
  return (
    <Dialog
      wide
      title="New access token"
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            Create token
          </Button>
        </>
      }
    >
      <TokenFields draft={draft} onChange={setDraft} wrong={wrong} error={error} />
    </Dialog>
  );
}
