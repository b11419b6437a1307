import { useRef, useState } from "react";
import { ChipField } from "../../../ui/ChipField";
import { Select } from "../../../ui/Inputs";
import { readThreshold, thresholdTexts, thresholdUnits } from "./amounts";
import type { BudgetDraft, ThresholdDraft } from "./draft";
import { at, type Errors } from "./fields";

interface Properties {
  budget: BudgetDraft;
  /** Which of the form's budgets it is. */
  number: number;
  errors: Errors;
  locked: boolean;
  onChange: (field: string, budget: BudgetDraft) => void;
  onPending: (field: string, text: string) => void;
}

/** Where a budget warns before it is used up: amounts or percentages, each shown both ways. */
export function Thresholds({ budget, number, errors, locked, onChange, onPending }: Properties) {
  const [unit, setUnit] = useState<ThresholdDraft["unit"]>("PERCENT");
  const last = useRef(0);
  const field = at.budget(budget.key, "alertThresholds");

  const add = (text: string) => {
    const added = text.split(/[;\s]+|,(?!\d{3}\b)/).filter((one) => one !== "" && one !== "%");
    const drafts = added.map((one) => readThreshold(one, unit, `${budget.key}-${++last.current}-${one}`));
    const numbers = drafts.filter((one) => isNumber(budget, one));
    const right: ThresholdDraft[] = [];
    for (const one of numbers) if (![...budget.thresholds, ...right].some((other) => isSame(budget, one, other))) right.push(one);
    if (right.length > 0) onChange(field, { ...budget, thresholds: [...budget.thresholds, ...right] });
    const wrong = added.filter((_, index) => !numbers.includes(drafts[index]!));
    if (wrong.length > 0) return { rest: wrong.join(" "), about: "Must be a number, such as 80 or 12.50." };
    return { rest: "", about: right.length < numbers.length ? "That threshold is there already." : "" };
  };
  return (
    <ChipField
      label="Alert thresholds"
      hint={
        "Mail is sent when so much is used, and in any case when the budget is used up. " +
        `Type 80% or ${budget.type === "COST" ? "$50" : "5000"} and press Enter.`
      }
      error={errors[field]}
      addLabel={`New alert threshold of budget ${number}`}
      chips={budget.thresholds.map((threshold) => {
        const { percent, amount } = thresholdTexts(budget, threshold);
        const [first, second] = threshold.unit === "PERCENT" ? [percent, amount] : [amount, percent];
        return {
          key: threshold.key,
          text: second === "" ? first : `${first} · ${second}`,
          name: `alert threshold ${first}`,
          error: errors[at.threshold(budget.key, threshold.key)],
          fixed: locked,
        };
      })}
      beside={
        <Select
          aria-label={`Unit of new alert thresholds of budget ${number}`}
          aria-describedby={undefined}
          id={undefined}
          value={unit}
          options={[
            { value: "PERCENT", label: "%" },
            { value: "AMOUNT", label: budget.type === "COST" ? "USD" : "tokens" },
          ]}
          onChange={setUnit}
        />
      }
      onAdd={add}
      onRemove={(key) => onChange(field, { ...budget, thresholds: budget.thresholds.filter((one) => one.key !== key) })}
      onPending={(text) => onPending(field, text)}
    />
  );
}

/** Whether two thresholds are the same amount, as far as that is known. */
function isSame(budget: BudgetDraft, one: ThresholdDraft, other: ThresholdDraft): boolean {
  if (one.unit === other.unit && one.text === other.text) return true;
  const [a, b] = [thresholdUnits(budget, one), thresholdUnits(budget, other)];
  return a.ok && b.ok && a.units === b.units;
}

/** Whether a threshold can be read, the budget's amount aside. */
const isNumber = (budget: BudgetDraft, threshold: ThresholdDraft) => {
  const units = thresholdUnits(threshold.unit === "PERCENT" ? { ...budget, type: "COST", amount: "100" } : budget, threshold);
  return units.ok;
};
