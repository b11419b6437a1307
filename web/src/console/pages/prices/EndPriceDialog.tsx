import { useState } from "react";
import { useMutation } from "urql";
import { fieldErrors } from "../../app/errors";
import type { PriceFieldsFragment } from "../../gql/graphql";
import { InstantInput } from "../../time/InstantInput";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { instantUTC } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { useToast } from "../../ui/Toast";
import { EndPrice } from "./documents";

/** Ends a price: now, or at an instant to come. */
export function EndPriceDialog({ price, onClose }: { price: PriceFieldsFragment; onClose: () => void }) {
  const show = useToast();
  const [at, setAt] = useState("");
  const [{ error, fetching }, end] = useMutation(EndPrice);
  const save = async () => {
    const { data } = await end({ input: { id: price.id, effectiveTo: at === "" ? null : at } });
    if (!data?.endPrice) return;
    show(`The price of ${price.model} ends.`);
    onClose();
  };
  return (
    <Dialog
      title={`End the price of ${price.model}?`}
      description="From then on a less specific price applies, such as everybody’s. Without one, calls are unpriced."
      onClose={onClose}
      onSubmit={() => void save()}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={fetching}>
            End price
          </Button>
        </>
      }
    >
      <Field label="When" error={fieldErrors(error).effectiveTo} hint={at === "" ? "Empty: now. In your time zone." : instantUTC(at)}>
        <InstantInput value={at} onChange={setAt} />
      </Field>
      <ErrorNote title="The price could not be ended." error={error} shownFields={["effectiveTo"]} />
    </Dialog>
  );
}
