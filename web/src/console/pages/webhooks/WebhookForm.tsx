import type { CombinedError } from "@urql/core";
import { fieldErrors } from "../../app/errors";
import type { WebhookEvent, WebhookFormat } from "../../gql/graphql";
import { Field } from "../../ui/Field";
import { Checkbox, Select, TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { eventHints, eventNames, formatNames, toldEvents } from "./words";
import styles from "./Webhooks.module.css";

/** A webhook, as it is typed. */
export interface WebhookDraft {
  name: string;
  url: string;
  /** Of an organization or a workspace. */
  ownerId: string;
  format: WebhookFormat;
  events: WebhookEvent[];
}

/** What is wrong, by the field of the input. */
export type WebhookErrors = Partial<Record<"name" | "url" | "events", string>>;

/** What is wrong with a draft, before it is sent. */
export function checkWebhook(draft: WebhookDraft): WebhookErrors {
  const errors: WebhookErrors = {};
  if (draft.name.trim() === "") errors.name = "Give it a name.";
  if (draft.url.trim() === "") errors.url = "Where is it to be told?";
  if (draft.events.length === 0) errors.events = "Choose one at least.";
  return errors;
}

interface Properties {
  draft: WebhookDraft;
  onChange: (draft: WebhookDraft) => void;
  /** Whom it can be of; without it that and its format do not change. */
  owners?: readonly { value: string; label: string }[];
  /** What was found before it was sent. */
  wrong: WebhookErrors;
  /** What the server refused. */
  error: CombinedError | undefined;
}

/** What a webhook is. */
export function WebhookForm({ draft, onChange, owners, wrong, error }: Properties) {
  const errors: Record<string, string | undefined> = { ...fieldErrors(error), ...wrong };
  const edit = (change: Partial<WebhookDraft>) => onChange({ ...draft, ...change });
  const told = (event: WebhookEvent, checked: boolean) =>
    edit({ events: toldEvents.filter((each) => (each === event ? checked : draft.events.includes(each))) });
  return (
    <>
      <Field label="Name" required hint="What listens, such as pager." error={errors.name}>
        <TextInput value={draft.name} autoComplete="off" onChange={(event) => edit({ name: event.target.value })} />
      </Field>
      <Field label="URL" required hint="An https address. Bursar posts to it and follows no redirect." error={errors.url}>
        <TextInput type="url" value={draft.url} autoComplete="off" spellCheck={false} onChange={(event) => edit({ url: event.target.value })} />
      </Field>
      {owners && (
        <>
          <Field label="Alerts of" hint="A workspace: its own, and those of its keys." error={errors.ownerId}>
            <Select value={draft.ownerId} onChange={(ownerId) => edit({ ownerId })} options={owners} />
          </Field>
          <Field
            label="Format"
            hint={draft.format === "SLACK" ? "Also for what takes Slack's messages, such as Mattermost." : "JSON, signed; for programs."}
            error={errors.format}
          >
            <Select
              value={draft.format}
              onChange={(format) => edit({ format })}
              options={[
                { value: "STANDARD", label: formatNames.STANDARD },
                { value: "SLACK", label: formatNames.SLACK },
              ]}
            />
          </Field>
        </>
      )}
      <fieldset className={styles.events}>
        <legend>Told of</legend>
        {toldEvents.map((event) => (
          <Checkbox
            key={event}
            label={eventNames[event]}
            hint={eventHints[event]}
            checked={draft.events.includes(event)}
            onChange={(checked) => told(event, checked)}
          />
        ))}
        {errors.events && (
          <span className={styles.error} role="alert">
            {errors.events}
          </span>
        )}
      </fieldset>
      <ErrorNote title="The webhook could not be saved." error={error} shownFields={["name", "url", "ownerId", "format", "events"]} />
    </>
  );
}
