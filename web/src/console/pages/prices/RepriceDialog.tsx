import { useMutation } from "urql";
import { useViewer } from "../../app/viewer";
import type { Range } from "../../time/range";
import { ConfirmDialog } from "../../ui/Dialog";
import { instantUTC } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { RepriceUsage } from "./repricing";

interface Properties {
  /** Of which model, as it was reported. */
  model: string;
  range: Range;
  onClose: () => void;
  /** Called with the repricing's id. */
  onBegun: (id: string) => void;
}

/** Asks before usage is priced again. */
export function RepriceDialog({ model, range, onClose, onBegun }: Properties) {
  const { organization } = useViewer();
  const [{ error, fetching }, reprice] = useMutation(RepriceUsage);
  const [from, to] = [instantUTC(range.from.toISOString()), instantUTC(range.to.toISOString())];
  const begin = async () => {
    const { data } = await reprice({
      input: { organizationId: organization.id, model, from: range.from.toISOString(), to: range.to.toISOString() },
    });
    if (data?.repriceUsage) onBegun(data.repriceUsage.repricing.id);
  };
  return (
    <ConfirmDialog
      title={`Price ${model} again?`}
      description={`Its usage of ${from} to ${to} is compared with the prices that are known now.`}
      confirm="Price again"
      pending={fetching}
      onClose={onClose}
      onConfirm={() => void begin()}
    >
      <p>
        What had no price, and what another price is for now, is corrected: the differences, which may be negative, are booked beside the old rows, in
        the periods of these. Budgets, their history and reports follow. Costs that gateways gave stay.
      </p>
      <ErrorNote title="The usage could not be priced again." error={error} />
    </ConfirmDialog>
  );
}
