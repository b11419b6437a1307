import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMutation } from "urql";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog, Dialog } from "../../ui/Dialog";
import { Menu } from "../../ui/Menu";
import { ErrorNote } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { DeleteWebhook, RotateWebhookSecret, TestWebhook, UpdateWebhook } from "./documents";
import { checkWebhook, WebhookForm, type WebhookDraft, type WebhookErrors } from "./WebhookForm";
import type { Webhook } from "./WebhookPage";

interface Properties {
  webhook: Webhook;
  /** Called with a new secret, which is shown once. */
  onSecret: (secret: string) => void;
  /** Reads the webhook and its deliveries again. */
  onRead: () => void;
}

/** What administrators do with a webhook. */
export function WebhookActions({ webhook, onSecret, onRead }: Properties) {
  const show = useToast();
  const [asking, setAsking] = useState<"edit" | "rotate" | "delete">();
  const [{ fetching: testing }, test] = useMutation(TestWebhook);
  const [{ fetching: switching }, update] = useMutation(UpdateWebhook);
  const close = () => setAsking(undefined);
  const sendTest = async () => {
    const { error } = await test({ input: { id: webhook.id } });
    if (error) return show(`The test could not be sent. ${error.graphQLErrors[0]?.message ?? error.message}`, "danger");
    show("The test is on its way.");
    onRead();
  };
  const enable = async (enabled: boolean) => {
    const { error } = await update({ input: { id: webhook.id, enabled } });
    if (error) return show(`It could not be changed. ${error.graphQLErrors[0]?.message ?? error.message}`, "danger");
    show(enabled ? `${webhook.name} is enabled.` : `${webhook.name} is disabled.`);
    onRead();
  };
  return (
    <>
      <Button icon="refresh" onClick={onRead}>
        Refresh
      </Button>
      <Menu
        trigger={<IconButton label="More" icon="more" />}
        entries={[
          { label: "Edit…", icon: "edit", onSelect: () => setAsking("edit") },
          { label: "Rotate secret…", icon: "refresh", onSelect: () => setAsking("rotate") },
          webhook.enabled
            ? { label: "Disable", icon: "close", onSelect: () => void enable(false) }
            : { label: "Enable", icon: "check", onSelect: () => void enable(true) },
          { label: "Delete…", icon: "trash", danger: true, onSelect: () => setAsking("delete") },
        ]}
      />
      {webhook.enabled ? (
        <Button variant="primary" pending={testing} onClick={() => void sendTest()}>
          Send a test
        </Button>
      ) : (
        <Button variant="primary" pending={switching} onClick={() => void enable(true)}>
          Enable
        </Button>
      )}
      {asking === "edit" && <EditDialog webhook={webhook} onClose={close} onSaved={onRead} />}
      {asking === "rotate" && (
        <RotateDialog
          webhook={webhook}
          onClose={close}
          onRotated={(secret) => {
            close();
            onSecret(secret);
          }}
        />
      )}
      {asking === "delete" && <DeleteDialog webhook={webhook} onClose={close} />}
    </>
  );
}

function EditDialog({ webhook, onClose, onSaved }: { webhook: Webhook; onClose: () => void; onSaved: () => void }) {
  const show = useToast();
  const { id, name, url, owner, format, events, version } = webhook;
  const [draft, setDraft] = useState<WebhookDraft>({ name, url: url ?? "", ownerId: owner?.id ?? "", format, events });
  const [wrong, setWrong] = useState<WebhookErrors>({});
  const [{ error, fetching }, update] = useMutation(UpdateWebhook);
  const save = async () => {
    const found = checkWebhook(draft);
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    const input = { id, expectedVersion: version, name: draft.name.trim(), url: draft.url.trim(), events: draft.events };
    if (!(await update({ input })).data?.updateWebhook) return;
    show(`${draft.name.trim()} is saved.`);
    onSaved();
    onClose();
  };
  return (
    <Dialog
      wide
      title={`Edit ${name}`}
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            Save
          </Button>
        </>
      }
    >
      <WebhookForm draft={draft} onChange={setDraft} wrong={wrong} error={error} />
    </Dialog>
  );
}

function RotateDialog({ webhook, onClose, onRotated }: { webhook: Webhook; onClose: () => void; onRotated: (secret: string) => void }) {
  const [{ error, fetching }, rotate] = useMutation(RotateWebhookSecret);
  const confirm = async () => {
    const { data } = await rotate({ input: { id: webhook.id } });
    if (data?.rotateWebhookSecret) onRotated(data.rotateWebhookSecret.secret);
  };
  return (
    <ConfirmDialog
      title="Rotate the secret?"
      description="What is sent in the next 24 hours is signed with both secrets, so that nothing is missed."
      confirm="Rotate secret"
      pending={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <ErrorNote title="The secret could not be rotated." error={error} />
    </ConfirmDialog>
  );
}

function DeleteDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const show = useToast();
  const navigate = useNavigate();
  const [{ error, fetching }, remove] = useMutation(DeleteWebhook);
  const confirm = async () => {
    const { data } = await remove({ input: { id: webhook.id } });
    if (!data?.deleteWebhook) return;
    show(`${webhook.name} is deleted.`);
    await navigate({ to: "/alert-webhooks" });
  };
  return (
    <ConfirmDialog
      title={`Delete ${webhook.name}?`}
      description="It is told nothing more, and the record of what it was told goes with it."
      confirm="Delete webhook"
      danger
      pending={fetching}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <ErrorNote title="The webhook could not be deleted." error={error} />
    </ConfirmDialog>
  );
}
