import { useMutation } from "urql";
import type { TokenFieldsFragment } from "../../gql/graphql";
import { ConfirmDialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { RevokeAccessToken } from "./documents";

/** Asks, and revokes an access token for good. */
export function RevokeTokenDialog({ token, onClose }: { token: TokenFieldsFragment; onClose: () => void }) {
  const show = useToast();
  const [{ error, fetching }, revoke] = useMutation(RevokeAccessToken);
  const confirm = async () => {
    const { data } = await revoke({ input: { id: token.id } });
    if (!data?.revokeAccessToken) return;
    show(`${token.name} is revoked.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Revoke ${token.name}?`}
      description={`Whatever presents ${token.prefix}… is refused from its next request on. A revoked token cannot be used again.`}
      confirm="Revoke token"
      danger
      pending={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <ErrorNote title="The token could not be revoked." error={error} />
    </ConfirmDialog>
  );
}
