import { useState } from "react";
import { useMutation } from "urql";
import { useViewer } from "../../app/viewer";
import type { QuotaName } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { count } from "../../ui/format";
import { TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { SetOrganizationQuotas } from "./documents";
import { readBound } from "./holds";
import type { Quota } from "./QuotasCard";
import { quotaNames } from "./quotas";

const most = 2_147_483_647;

/** Sets what the organization may have at most, for the operator. What it has above that stays. */
export function QuotasDialog({ quotas, onClose }: { quotas: readonly Quota[]; onClose: () => void }) {
  const { organization } = useViewer();
  const show = useToast();
  const [typed, setTyped] = useState(() =>
    Object.fromEntries(quotas.map(({ name, maximum, default: usual }) => [name, maximum === usual ? "" : String(maximum)])),
  );
  const [wrong, setWrong] = useState<Partial<Record<QuotaName, string>>>({});
  const [{ error, fetching }, set] = useMutation(SetOrganizationQuotas);
  const save = async () => {
    const read = quotas.map(({ name }) => ({ name, maximum: readBound(typed[name] ?? "", name === "MAILS_PER_HOUR" ? 1 : 0, most) }));
    setWrong(Object.fromEntries(read.filter(({ maximum }) => maximum === undefined).map(({ name }) => [name, "A whole number."])));
    if (read.some(({ maximum }) => maximum === undefined)) return;
    const { data } = await set({ input: { organizationId: organization.id, quotas: read } });
    if (!data?.setOrganizationQuotas) return;
    show("The quotas are saved.");
    onClose();
  };
  return (
    <Dialog
      wide
      title="Quotas"
      description="What the organization has above a quota stays, and nothing is added. Empty is the default."
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
      {quotas.map(({ name, default: usual, used }) => (
        <Field key={name} label={quotaNames[name]} hint={`${count(used)} used. Default ${count(usual)}.`} error={wrong[name]}>
          <TextInput
            numeric
            placeholder={String(usual)}
            value={typed[name] ?? ""}
            onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
          />
        </Field>
      ))}
      <ErrorNote title="The quotas could not be saved." error={error} />
    </Dialog>
  );
}
