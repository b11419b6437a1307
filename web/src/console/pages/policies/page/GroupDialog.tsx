import { useState } from "react";
import { useMutation } from "urql";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Field } from "../../../ui/Field";
import { TextInput } from "../../../ui/Inputs";
import { ErrorNote } from "../../../ui/Note";
import { useToast } from "../../../ui/Toast";
import { parseAmount } from "../../keys/form/amounts";
import { formatDecimal, parseWhole } from "../../keys/form/decimal";
import { SetOverride } from "../documents";
import { budgetText, groupKey, groupText, rateText, type Group } from "../words";
import type { Policy } from "./PolicyPage";
import { RaiseGroupsDialog } from "./RaiseGroupsDialog";

interface Properties {
  policy: Policy;
  group: Group;
  onClose: () => void;
}

/** Gives a group amounts of its own, takes them away, or raises a budget of it for a while. */
export function GroupDialog({ policy, group, onClose }: Properties) {
  const show = useToast();
  const [raising, setRaising] = useState<Policy["budgetLimits"][number]>();
  const own = new Map(policy.overrides.filter(({ values }) => groupKey(values) === groupKey(group.values)).map((one) => [one.limitId, one.amount]));
  const limits = [
    ...policy.budgetLimits.map((one) => ({ id: one.id, name: budgetText(one), type: one.type, budget: one })),
    ...policy.rateLimits.map((one) => ({ id: one.id, name: rateText(one), type: one.type, budget: undefined })),
  ];
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [{ fetching, error }, set] = useMutation(SetOverride);
  const textOf = (id: string) => typed[id] ?? own.get(id) ?? "";

  const save = async () => {
    const found: Record<string, string> = {};
    const changes = limits.flatMap(({ id, type, budget }): { limitId: string; amount: string | null }[] => {
      const text = textOf(id).trim();
      if (text === (own.get(id) ?? "")) return [];
      if (text === "") return [{ limitId: id, amount: null }];
      const parsed = budget ? parseAmount(budget.type, text) : parseWhole(text);
      const units = parsed.ok ? formatDecimal(parsed.units) : "";
      if (!parsed.ok) found[id] = parsed.reason;
      else if (Number(units) < 1) found[id] = type === "COST" ? "At least $1." : "At least 1.";
      return [{ limitId: id, amount: units }];
    });
    setWrong(found);
    if (Object.keys(found).length > 0) return;
    const values = group.values.map(({ attribute, value }) => ({ attribute, value: value ?? null }));
    for (const change of changes) {
      const { error: failed } = await set({ input: { policyId: policy.id, values, ...change } });
      if (failed) return;
    }
    if (changes.length > 0) show(`The amounts of ${groupText(group.values)} are saved.`);
    onClose();
  };

  if (raising) return <RaiseGroupsDialog policy={policy} budget={raising} values={group.values} onClose={onClose} />;
  return (
    <Dialog
      title={`Amounts of ${groupText(group.values)}`}
      description="In place of the policy's, with the next request. What was used stays. Empty: the policy's amount."
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
      {limits.map(({ id, name, type, budget }) => (
        <Field key={id} label={`In place of ${name}`} error={wrong[id]}>
          <TextInput
            numeric
            prefix={type === "COST" ? "$" : undefined}
            suffix={type === "COST" ? undefined : type === "TOKENS" ? "tokens" : "requests"}
            value={textOf(id)}
            placeholder={budget?.amount ?? ""}
            onChange={(event) => setTyped({ ...typed, [id]: event.target.value })}
          />
        </Field>
      ))}
      {policy.budgetLimits.map((budget) => (
        <div key={budget.id}>
          <Button small onClick={() => setRaising(budget)}>
            Raise {budgetText(budget)} for a while…
          </Button>
        </div>
      ))}
      <ErrorNote title="The amount was not saved." error={error} />
    </Dialog>
  );
}
