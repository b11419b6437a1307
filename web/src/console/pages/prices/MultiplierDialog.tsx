import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import { InstantInput } from "../../time/InstantInput";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { instantUTC } from "../../ui/format";
import { TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { formatDecimal, parseDecimal } from "../keys/form/decimal";
import { SetPriceMultiplier } from "./documents";
import { multiplierText } from "./words";

/** Sets what the organization pays of prices. */
export function MultiplierDialog({ initial, onClose }: { initial: { provider: string; multiplier: string }; onClose: () => void }) {
  const { organization } = useViewer();
  const show = useToast();
  const [provider, setProvider] = useState(initial.provider);
  const [multiplier, setMultiplier] = useState(initial.multiplier);
  const [from, setFrom] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [{ error, fetching }, set] = useMutation(SetPriceMultiplier);
  const errors = fieldErrors(error);
  const read = parseDecimal(multiplier);
  const save = async () => {
    setWrong(read.ok ? undefined : read.reason);
    if (!read.ok) return;
    const { data } = await set({
      input: {
        organizationId: organization.id,
        provider: provider.trim() === "" ? null : provider.trim(),
        multiplier: formatDecimal(read.units),
        effectiveFrom: from === "" ? null : from,
      },
    });
    if (!data?.setPriceMultiplier) return;
    show(`${organization.name} pays ${provider.trim() || "all providers"} ${multiplierText(formatDecimal(read.units))}.`);
    onClose();
  };
  return (
    <Dialog
      title="Discount or mark-up"
      description="Costs by prices are multiplied by it, also by the organization’s own. Costs that gateways give stay as they are."
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            Set
          </Button>
        </>
      }
    >
      <Field label="Provider" error={errors.provider} hint="Empty: all providers for which nothing else is set.">
        <TextInput
          value={provider}
          placeholder="openai"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setProvider(event.target.value)}
        />
      </Field>
      <Field
        label="Times"
        required
        error={wrong ?? errors.multiplier}
        hint={read.ok ? `The organization pays ${multiplierText(formatDecimal(read.units))}.` : "0.85 is a discount of 15%; 1 takes it away."}
      >
        <TextInput numeric value={multiplier} placeholder="0.85" autoComplete="off" onChange={(event) => setMultiplier(event.target.value)} />
      </Field>
      <Field label="From" error={errors.effectiveFrom} hint={from === "" ? "Empty: from now on. In your time zone." : instantUTC(from)}>
        <InstantInput value={from} onChange={setFrom} />
      </Field>
      <ErrorNote title="The discount could not be set." error={error} shownFields={["provider", "multiplier", "effectiveFrom"]} />
    </Dialog>
  );
}
