import { useState } from "react";
import { useMutation } from "urql";
import type { KeyBudgetFragment } from "../../gql/graphql";
import { InstantInput } from "../../time/InstantInput";
import { ConfirmDialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { instantUTC } from "../../ui/format";
import { TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { parseAmount } from "../keys/form/amounts";
import { formatDecimal } from "../keys/form/decimal";
import { RaiseBudget, RequestRaise } from "./documents";

interface Properties {
  budget: KeyBudgetFragment;
  of: string;
  /** Asks owners and admins for it, and does not raise. */
  asks: boolean;
  onClose: () => void;
}

/** Raises a budget for a while, or asks for that. */
export function RaiseDialog({ budget, of, asks, onClose }: Properties) {
  const { type, periodEnd } = budget;
  const [by, setBy] = useState("");
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const [wrong, setWrong] = useState<string>();
  const [raised, raise] = useMutation(RaiseBudget);
  const [requested, request] = useMutation(RequestRaise);
  const confirm = async () => {
    const parsed = parseAmount(type, by);
    setWrong(!parsed.ok ? parsed.reason : parsed.units === 0n ? "Must be above 0." : undefined);
    if (!parsed.ok || parsed.units === 0n) return;
    const input = {
      id: budget.id,
      by: formatDecimal(parsed.units),
      ...(until === "" ? {} : { until }),
      ...(reason.trim() === "" ? {} : { reason }),
    };
    const { error } = await (asks ? request({ input }) : raise({ input }));
    if (!error) onClose();
  };
  const ends = periodEnd ? `Empty: with the period, ${instantUTC(periodEnd)}.` : "Empty: until it is reset by hand.";
  return (
    <ConfirmDialog
      title={asks ? `Ask for more than ${of}?` : `Raise the budget of ${of}?`}
      description={
        asks
          ? "Owners and admins are asked, and decide. Another request for this budget takes the place of one that is open."
          : "It takes effect with the next request and ends by itself. Alerts stay at the amounts that they have."
      }
      confirm={asks ? "Ask" : "Raise"}
      pending={raised.fetching || requested.fetching}
      onClose={onClose}
      onConfirm={() => void confirm()}
    >
      <Field label="By" error={wrong} required>
        <TextInput
          numeric
          prefix={type === "COST" ? "$" : undefined}
          suffix={type === "COST" ? undefined : type.toLowerCase()}
          value={by}
          onChange={(event) => setBy(event.target.value)}
        />
      </Field>
      <Field label="Until" hint={until === "" ? ends : instantUTC(until)}>
        <InstantInput value={until} onChange={setUntil} />
      </Field>
      <Field label="Reason" hint={asks ? "For those who decide; may be empty" : "For the history and the audit log; may be empty"}>
        <TextInput value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
      <ErrorNote title={asks ? "It was not asked for." : "It was not raised."} error={raised.error ?? requested.error} />
    </ConfirmDialog>
  );
}
