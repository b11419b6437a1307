import { useState } from "react";
import { useMutation } from "urql";
import { problems } from "../../../app/errors";
import { useViewer } from "../../../app/viewer";
import type { EditedKeyFragment } from "../../../gql/graphql";
import { Button, ButtonLink } from "../../../ui/Button";
import { ConfirmDialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { TextInput } from "../../../ui/Inputs";
import { Menu } from "../../../ui/Menu";
import { ErrorNote } from "../../../ui/Note";
import { useToast } from "../../../ui/Toast";
import { RevokeKey, SwitchKey } from "../documents";
import { RotateDialog, type Rotated } from "./RotateDialog";

/** What can be done with a key; what the viewer may not do, or what makes no sense now, is not there. */
export function KeyActions({ apiKey, onRotated }: { apiKey: EditedKeyFragment; onRotated: (rotated: Rotated) => void }) {
  const { can } = useViewer();
  const toast = useToast();
  const [asking, setAsking] = useState<"rotate" | "disable" | "revoke">();
  const [{ fetching, error }, save] = useMutation(SwitchKey);
  const close = () => setAsking(undefined);
  const turn = async (enabled: boolean) => {
    const { error: failed } = await save({ input: { id: apiKey.id, enabled } });
    if (failed) return enabled && toast(problems(failed)[0]?.message ?? "It failed.", "danger");
    toast(enabled ? `${apiKey.name} is enabled.` : `${apiKey.name} is disabled.`);
    close();
  };
  const mayEnable = can.administer || !apiKey.disabledByAdministrator;
  return (
    <>
      <Menu
        trigger={<Button icon="more">Actions</Button>}
        entries={[
          { label: "Rotate secret…", icon: "refresh", onSelect: () => setAsking("rotate") },
          apiKey.enabled && { label: "Disable…", icon: "minus", onSelect: () => setAsking("disable") },
          !apiKey.enabled && mayEnable && { label: "Enable", icon: "check", onSelect: () => void turn(true) },
          "separator",
          { label: "Revoke…", icon: "trash", danger: true, onSelect: () => setAsking("revoke") },
        ]}
      />
      <ButtonLink variant="primary" icon="edit" to="/keys/$keyId/edit" params={{ keyId: apiKey.id }}>
        Edit
      </ButtonLink>
      {asking === "rotate" && <RotateDialog apiKey={apiKey} onClose={close} onRotated={onRotated} />}
      {asking === "revoke" && <RevokeDialog apiKey={apiKey} onClose={close} />}
      {asking === "disable" && (
        <ConfirmDialog
          title={`Disable ${apiKey.name}?`}
          description="It is refused at once, and what its requests hold is given back. It can be enabled again."
          confirm="Disable"
          pending={fetching}
          onClose={close}
          onConfirm={() => turn(false)}
        >
          <ErrorNote title="It was not disabled." error={error} />
        </ConfirmDialog>
      )}
    </>
  );
}

/** Revoking is final, so the key's name is typed. */
function RevokeDialog({ apiKey, onClose }: { apiKey: EditedKeyFragment; onClose: () => void }) {
  const toast = useToast();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const [{ fetching, error }, revoke] = useMutation(RevokeKey);
  const confirm = async () => {
    if (typed.trim() !== apiKey.name.trim()) return setWrong(true);
    const { error: failed } = await revoke({ input: { id: apiKey.id } });
    if (failed) return;
    toast(`${apiKey.name} is revoked.`);
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      description="It is refused from now on, for good. What it holds is given back. Its history stays."
      confirm="Revoke"
      danger
      pending={fetching}
      onClose={onClose}
      onConfirm={confirm}
    >
      <Field
        label="Type the key’s name"
        hint={apiKey.name}
        error={wrong && typed.trim() !== apiKey.name.trim() ? "That is not its name." : undefined}
      >
        <TextInput value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
      </Field>
      <ErrorNote title="It was not revoked." error={error} />
    </ConfirmDialog>
  );
}
