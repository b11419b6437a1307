import { useNavigate } from "@tanstack/react-router";
import { useRef, useState, type SubmitEvent } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import { useViewer } from "../../app/viewer";
import { InstantInput } from "../../time/InstantInput";
import { Button, ButtonLink } from "../../ui/Button";
import { Field, FieldRow } from "../../ui/Field";
import { instantUTC } from "../../ui/format";
import { Select, TextInput } from "../../ui/Inputs";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { useToast } from "../../ui/Toast";
import { useFocusOnErrors } from "../keys/form/useFocusOnErrors";
import { SetPrice } from "./documents";
import { inputOf, shownFields, type Errors, type PriceDraft } from "./draft";
import styles from "./Prices.module.css";
import { RateRows } from "./RateRows";
import { pricesSearch, type SetPriceSearch } from "./search";

/** The form of a price. What is wrong stands beside its field. */
export function PriceForm({ initial, search }: { initial: PriceDraft; search: SetPriceSearch }) {
  const { can, organization } = useViewer();
  const navigate = useNavigate();
  const show = useToast();
  const form = useRef<HTMLFormElement>(null);
  const focusOnErrors = useFocusOnErrors(form);
  const [draft, setDraft] = useState(initial);
  const [wrong, setWrong] = useState<Errors>({});
  const [{ error, fetching }, set] = useMutation(SetPrice);
  const errors = { ...fieldErrors(error), ...wrong };
  const change = (next: Partial<PriceDraft>) => setDraft({ ...draft, ...next });
  const text = (name: "provider" | "model" | "source" | "maxOutputTokens") => ({
    value: draft[name],
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
  });

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    focusOnErrors();
    const read = inputOf(draft, organization.id);
    setWrong("errors" in read ? read.errors : {});
    if ("errors" in read) return;
    const { data } = await set({ input: read.input });
    const price = data?.setPrice?.price;
    if (!price) return;
    show(`The price of ${price.model} is set.`);
    if (search.then === "unpriced") {
      await navigate({ to: "/prices", search: pricesSearch({ tab: "unpriced", range: "30d", reprice: search.model }) });
    } else await navigate({ to: "/prices/$priceId", params: { priceId: price.id } });
  };

  return (
    <form ref={form} className={styles.form} onSubmit={(event) => void save(event)} noValidate>
      <Card title="Of what">
        <div className={styles.fields}>
          {can.operate && (
            <Field label="Whose price" error={errors.organizationId} hint="An organization’s own price comes before everybody’s.">
              <Select
                value={draft.everybodys ? "everybody" : "own"}
                onChange={(value) => change({ everybodys: value === "everybody" })}
                options={[
                  { value: "everybody", label: "Everybody’s" },
                  { value: "own", label: `${organization.name}’s own` },
                ]}
              />
            </Field>
          )}
          <FieldRow>
            <Field label="Provider" required error={errors.provider} hint="As gateways report it.">
              <TextInput {...text("provider")} placeholder="openai" />
            </Field>
            <Field label="Model" required error={errors.model} hint="With a * at its end: all models whose names begin so.">
              <TextInput {...text("model")} placeholder="gpt-4.1 or gpt-4.1*" />
            </Field>
          </FieldRow>
          <FieldRow>
            <Field
              label="From"
              error={errors.effectiveFrom}
              hint={
                draft.since === ""
                  ? "Empty: from now on. In your time zone."
                  : `${instantUTC(draft.since)}. The past only where there was no price.`
              }
            >
              <InstantInput value={draft.since} onChange={(since) => change({ since })} />
            </Field>
            <Field
              label="Largest output"
              error={errors.maxOutputTokens}
              hint="Empty: as before. What a reservation holds that does not say how much may be written."
            >
              <TextInput {...text("maxOutputTokens")} numeric suffix="tokens" />
            </Field>
          </FieldRow>
          <Field label="Source" error={errors.source} hint="Where you have read it: an address, a contract.">
            <TextInput {...text("source")} />
          </Field>
        </div>
      </Card>
      <Card title="Rates">
        <div className={styles.fields}>
          <p className={styles.second}>
            Cached input, cache writes and audio without a rate cost as input, reasoning as output; images, requests and searches nothing. A
            rate above a size of input is for the whole request. A service tier without a rate costs as Standard.
          </p>
          <RateRows rates={draft.rates} errors={errors} onChange={(rates) => change({ rates })} />
        </div>
      </Card>
      <ErrorNote title="The price could not be set." error={error} shownFields={shownFields(draft, can.operate)} />
      <div className={styles.actions}>
        <ButtonLink to="/prices">Cancel</ButtonLink>
        <Button type="submit" variant="primary" pending={fetching}>
          Set price
        </Button>
      </div>
    </form>
  );
}
