import { useRef, useState, type SubmitEvent } from "react";
import { instantUTC } from "../../ui/format";
import { Button } from "../../ui/Button";
import { Field, FieldRow } from "../../ui/Field";
import { Select, TextInput } from "../../ui/Inputs";
import { Card } from "../../ui/Page";
import { useFocusOnErrors } from "../keys/form/useFocusOnErrors";
import { formatDecimal, parseWhole } from "../keys/form/decimal";
import { tierNames } from "../usage/names";
import { serviceTiers, type ServiceTier } from "../usage/state";
import styles from "./Prices.module.css";
import { given, quantityNames, type PricesSearch, type QuantityName } from "./search";

const labels: Record<QuantityName, string> = {
  inputTokens: "Input tokens",
  outputTokens: "Output tokens",
  cachedInputTokens: "of input: cached",
  cacheWriteTokens: "of input: to cache",
  cacheWrite1hTokens: "of these: for 1 h",
  reasoningTokens: "of output: reasoning",
  audioInputTokens: "of input: audio",
  audioOutputTokens: "of output: audio",
  images: "Images",
  webSearches: "Web searches",
  requests: "Requests",
};

/** Of fields for names that no dictionary has. */
const name = { spellCheck: false, autoComplete: "off" } as const;

interface Properties {
  call: PricesSearch;
  /** By the path of the value in the API's input. */
  errors: Record<string, string>;
  onAsk: (call: PricesSearch) => void;
}

/** Which call the cost is asked of. */
export function CallForm({ call, errors, onAsk }: Properties) {
  const form = useRef<HTMLFormElement>(null);
  const focusOnErrors = useFocusOnErrors(form);
  const [provider, setProvider] = useState(call.provider ?? "");
  const [model, setModel] = useState(call.model ?? "");
  const [tier, setTier] = useState<ServiceTier>(call.tier ?? "STANDARD");
  const [when, setWhen] = useState(call.when);
  const [typed, setTyped] = useState<Partial<Record<QuantityName, string>>>(() => quantitiesOf(call));
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const shown = { ...errors, ...wrong };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found: Record<string, string> = model.trim() === "" ? { model: "Must be given." } : {};
    const quantities: Partial<Record<QuantityName, number>> = {};
    for (const name of quantityNames) {
      const text = typed[name]?.trim() ?? "";
      if (text === "") continue;
      const read = parseWhole(text);
      if (read.ok) quantities[name] = Number(formatDecimal(read.units));
      else found[`usage.${name}`] = read.reason;
    }
    setWrong(found);
    focusOnErrors();
    if (Object.keys(found).length === 0) {
      onAsk(given<PricesSearch>({ provider: provider.trim() || undefined, model: model.trim(), tier, when, ...quantities }));
    }
  };

  return (
    <form ref={form} className={styles.form} onSubmit={submit} noValidate>
      <Card title="The call">
        <div className={styles.fields}>
          <FieldRow>
            <Field label="Model" required error={shown.model}>
              <TextInput {...name} value={model} placeholder="gpt-4.1-mini" onChange={(event) => setModel(event.target.value)} />
            </Field>
            <Field label="Provider" error={shown.provider} hint="Needed where several sell the model.">
              <TextInput {...name} value={provider} placeholder="openai" onChange={(event) => setProvider(event.target.value)} />
            </Field>
          </FieldRow>
          <Field label="Service tier" error={shown.serviceTier}>
            <Select value={tier} onChange={setTier} options={serviceTiers.map((value) => ({ value, label: tierNames[value] }))} />
          </Field>
          {when && (
            <p>
              At {instantUTC(when)}.{" "}
              <Button small variant="quiet" onClick={() => setWhen(undefined)}>
                Now instead
              </Button>
            </p>
          )}
          <div className={styles.quantities}>
            {quantityNames.map((name) => (
              <Field key={name} label={labels[name]} error={shown[`usage.${name}`]}>
                <TextInput
                  numeric
                  value={typed[name] ?? ""}
                  placeholder="0"
                  autoComplete="off"
                  onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
                />
              </Field>
            ))}
          </div>
          <div className={styles.actions}>
            <Button type="submit" variant="primary">
              Compute
            </Button>
          </div>
        </div>
      </Card>
    </form>
  );
}

/** What the form begins with: the call of the address, of one request where it does not say. */
function quantitiesOf(call: PricesSearch): Partial<Record<QuantityName, string>> {
  return Object.fromEntries(quantityNames.flatMap((name) => {
    const quantity = call[name] ?? (name === "requests" ? 1 : undefined);
    return quantity === undefined ? [] : [[name, String(quantity)]];
  }));
}
