import { useState } from "react";
import { useMutation } from "urql";
import { InstantInput } from "../../../time/InstantInput";
import { ConfirmDialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { instantUTC } from "../../../ui/format";
import { TextInput } from "../../../ui/Inputs";
import { ErrorNote } from "../../../ui/Note";
import { useToast } from "../../../ui/Toast";
import { parseAmount } from "../../keys/form/amounts";
import { formatDecimal } from "../../keys/form/decimal";
import { RaisePolicyBudget } from "../documents";
import { budgetText, groupText, type Budget, type Group } from "../words";
import type { Policy } from "./PolicyPage";

interface Properties {
  policy: Policy;
  budget: Budget;
  /** The group; undefined: all of them. */
  values: Group["values"] | undefined;
  onClose: () => void;
}

/** Raises a budget of a policy for a while: of one group, or of all. */
export function RaiseGroupsDialog({ policy, budget, values, onClose }: Properties) {
  const { type, periodicReset } = budget;
  const show = useToast();
  const [by, setBy] = useState("");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<{ by?: string; until?: string }>({});
  const [{ fetching, error }, raise] = useMutation(RaisePolicyBudget);
  const endless = periodicReset === "NONE";
  const confirm = async () => {
    const parsed = parseAmount(type, by);
    const found = {
      ...(!parsed.ok ? { by: parsed.reason } : parsed.units === 0n ? { by: "Must be above 0." } : {}),
      ...(endless && until === "" ? { until: "Say until when: this budget has no period that ends." } : {}),
    };
    setWrong(found);
    if (!parsed.ok || Object.keys(found).length > 0) return;
    const { data } = await raise({
      input: {
        id: budget.id,
        by: formatDecimal(parsed.units),
        ...(values && { groupValues: values.map(({ attribute, value }) => ({ attribute, value: value ?? null })) }),
        ...(until === "" ? {} : { until }),
        ...(reason.trim() === "" ? {} : { reason }),
      },
    });
    if (!data?.raiseBudget) return;
    show("The budget is raised.");
    onClose();
  };
  const whose = values ? groupText(values) : policy.groupBy.length > 0 ? "every group" : "all requests";
  return (
    <ConfirmDialog
      title={`Raise ${budgetText(budget)} of ${whose}?`}
      description="It takes effect with the next request and ends by itself. Alerts stay at the amounts that they have."
      confirm="Raise"
      pending={fetching}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <Field label="By" error={wrong.by} required>
        <TextInput
          numeric
          prefix={type === "COST" ? "$" : undefined}
          suffix={type === "COST" ? undefined : type.toLowerCase()}
          value={by}
          onChange={(event) => setBy(event.target.value)}
        />
      </Field>
      <Field
        label="Until"
        error={wrong.until}
        hint={until !== "" ? instantUTC(until) : endless ? undefined : "Empty: the end of the current period."}
        required={endless}
      >
        <InstantInput value={until} onChange={setUntil} />
      </Field>
      <Field label="Reason" hint="For the history and the audit log; may be empty">
        <TextInput value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <ErrorNote title="It was not raised." error={error} />
    </ConfirmDialog>
  );
}
