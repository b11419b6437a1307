import { useState } from "react";
import { useMutation } from "urql";
import { newRequestId } from "../../app/requestId";
import { useViewer } from "../../app/viewer";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useOwners } from "../keys/useOwners";
import { CreateWebhook } from "./documents";
import { SecretDialog } from "./SecretDialog";
import { checkWebhook, WebhookForm, type WebhookDraft, type WebhookErrors } from "./WebhookForm";
import { toldEvents } from "./words";

/** Makes a webhook, and shows its secret once. */
export function CreateWebhookDialog({ onClose, onCreated }: { onClose: () => void; onCreated: () => void }) {
  const { organization } = useViewer();
  const owners = useOwners().owners.map(({ id, name }) => ({ value: id, label: id === organization.id ? `All of ${organization.name}` : name }));
  const [draft, setDraft] = useState<WebhookDraft>({ name: "", url: "", ownerId: organization.id, format: "STANDARD", events: toldEvents });
  const [wrong, setWrong] = useState<WebhookErrors>({});
  const [requestId] = useState(newRequestId);
  const [{ data, error, fetching }, create] = useMutation(CreateWebhook);
  const made = data?.createWebhook;

  const save = async () => {
    const found = checkWebhook(draft);
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    const input = { ...draft, name: draft.name.trim(), url: draft.url.trim(), requestId };
    if ((await create({ input })).data?.createWebhook) onCreated();
  };

  if (made) {
    return (
      <SecretDialog title={`${made.webhook.name} is created`} secret={made.secret} onClose={onClose}>
        This secret signs what is sent to it. It is shown this once: configure it where the messages are received. Slack needs none.
      </SecretDialog>
    );
  }
  return (
    <Dialog
      wide
      title="New webhook"
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            Create webhook
          </Button>
        </>
      }
    >
      <WebhookForm draft={draft} onChange={setDraft} owners={owners} wrong={wrong} error={error} />
    </Dialog>
  );
}
